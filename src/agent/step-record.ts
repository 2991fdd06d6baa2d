// A step that was taken, as the trace holds it, and what the agent is told of it.
import type { Step } from "../envs/index.ts";
import type { LabelIndex } from "../mdp/index.ts";
import type { StepExplanation } from "./explain-step.ts";
import type { Offer } from "./offer.ts";
import type { Transition } from "./parts.ts";
import type { ShieldDecision } from "./shield.ts";
import type { Replacement, TraceCall, TracePlan, TraceStep } from "./trace.ts";

/** All that is known of a step once the environment has answered. */
export interface TakenStep<A> {
  readonly step: number;
  /** The state index it was taken in. */
  readonly state: number;
  readonly observation: string;
  readonly offers: readonly Offer<A>[];
  readonly calls: readonly TraceCall[];
  /** What the planner wanted; undefined where no answer was usable. */
  readonly wanted: Offer<A> | undefined;
  readonly taken: Offer<A>;
  readonly decision: ShieldDecision | undefined;
  readonly at: Step;
  readonly explanation: StepExplanation | undefined;
  readonly plan: TracePlan | undefined;
  readonly replanned: string | undefined;
  readonly surprise: string | undefined;
}

/** The record of a step; fields that say nothing are left out. */
export function stepRecord<S, A>(states: LabelIndex<S>, feedback: (transition: Transition<S, A>) => string, seen: TakenStep<A>): TraceStep {
  const { wanted, taken, decision, at, calls, explanation, plan, replanned, surprise } = seen;
  const replaced: Replacement | undefined = wanted === undefined ? "unparsable" : decision === undefined ? undefined : "shield";
  const told = feedback({
    state: states.at(seen.state),
    action: taken.action,
    reward: at.reward,
    next: states.at(at.state),
    stateName: states.name(seen.state),
    actionName: taken.name,
    nextName: states.name(at.state),
    terminated: at.terminated,
    truncated: at.truncated,
    replaced: replaced === "unparsable" ? "no usable answer" : decision && refusalText(decision),
  });
  const answer = calls.at(-1)?.answer;
  return {
    step: seen.step,
    state: seen.state,
    stateName: states.name(seen.state),
    observation: seen.observation,
    actions: seen.offers.map((offer) => offer.name),
    calls,
    ...(answer === undefined ? {} : { answer }),
    parsed: wanted === undefined ? null : wanted.name,
    ...(replaced === undefined ? {} : { replaced }),
    ...(decision === undefined ? {} : { shield: decision }),
    ...(explanation === undefined ? {} : { explanation }),
    ...(plan === undefined ? {} : { plan }),
    ...(replanned === undefined ? {} : { replanned }),
    ...(surprise === undefined ? {} : { surprise }),
    action: taken.name,
    actionIndex: taken.index,
    reward: at.reward,
    next: at.state,
    nextName: states.name(at.state),
    terminated: at.terminated,
    truncated: at.truncated,
    feedback: told,
  };
}

function refusalText({ blocked, reason, allowed }: ShieldDecision): string {
  return `${blocked} was blocked: ${reason}; allowed: ${allowed.join(", ") || "nothing"}`;
}
