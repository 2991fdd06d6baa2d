// The agent loop: perceive, prompt, plan, parse, execute, feed back, over one episode; every stage can be replaced.

import type { Env } from "../envs/env.ts";
import { OptionError } from "../errors.ts";
import { parseAction } from "../llm-prior/parse-action.ts";
import type { ChoiceTable } from "../mdp/index.ts";
import type { Seed } from "../numeric/index.ts";
import { Pacer } from "../platform/pacer.ts";
import { ask, type ParseAnswer } from "./ask.ts";
import { Budget, type Budgets } from "./budget.ts";
import type { Moment, StepExplanation } from "./explain-step.ts";
import { Memory, type MemoryOptions } from "./memory.ts";
import { offersOf } from "./offer.ts";
import type { Planner } from "./planner.ts";
import { type ComposePrompt, composePrompt } from "./prompt.ts";
import { settle } from "./settle.ts";
import type { Shield, ShieldDecision } from "./shield.ts";
import { type LearnWhileActing, TabularLearner } from "./tabular-learner.ts";
import { type Tool, ToolBox, type ToolLimits } from "./tools.ts";
import type { AgentStatus, Replacement, Trace, TraceHeader, TraceStep, UnfinishedStep } from "./trace.ts";

/** What happened in one step, for the feedback stage. */
export interface Transition<S, A> {
  readonly state: S;
  readonly action: A;
  readonly reward: number;
  readonly next: S;
  readonly stateName: string;
  readonly actionName: string;
  readonly nextName: string;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** Why another action than the planner's was taken, if one was. */
  readonly replaced: string | undefined;
}

export interface AgentOptions<S, A> {
  readonly env: Env<S, A>;
  readonly planner: Planner<NoInfer<S>, NoInfer<A>>;
  /** The state as text. Default: what the environment renders, else the state's label. */
  readonly perceive?: ((state: NoInfer<S>, index: number) => string | Promise<string>) | undefined;
  /** What the agent is to do: the head of the prompt. */
  readonly task?: string | undefined;
  /** Default: the planner's own, else `composePrompt`. */
  readonly prompt?: ComposePrompt | undefined;
  /** Text to the position of a name, or undefined. Default `parseAction`: strict. */
  readonly parse?: ParseAnswer | undefined;
  /** What the agent is told of a step. */
  readonly feedback?: ((transition: Transition<NoInfer<S>, NoInfer<A>>) => string) | undefined;
  readonly memory?: MemoryOptions | undefined;
  readonly budgets?: Budgets | undefined;
  readonly shield?: Shield<NoInfer<S>, NoInfer<A>> | undefined;
  readonly tools?: readonly Tool<NoInfer<S>, NoInfer<A>>[] | undefined;
  readonly toolLimits?: ToolLimits | undefined;
  /** Explains each step in the trace, before it is taken: `(moment) => explainStep(best, moment)`. */
  readonly explain?: ((moment: Moment<NoInfer<S>, NoInfer<A>>) => StepExplanation) | undefined;
  /** How often a step is asked again after an answer that is no action. Default 2. */
  readonly reasks?: number | undefined;
  /** Learns Q from every transition; learned values then decide ties and fallbacks. */
  readonly learn?: LearnWhileActing<NoInfer<S>, NoInfer<A>> | undefined;
  /** Names the environment's random numbers. */
  readonly seed?: Seed | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each step and awaited, for rendering. */
  readonly onStep?: ((step: TraceStep) => void | Promise<void>) | undefined;
}

export interface AgentResult<S, A> {
  readonly status: AgentStatus;
  readonly totalReward: number;
  readonly steps: number;
  readonly trace: Trace;
  /** The learned table, with `learn`. */
  readonly q: ChoiceTable<S, A> | undefined;
}

/**
 * Runs one episode.
 *
 * An answer that is no action is asked again at most `reasks` times; then the fallback is taken: of the actions that the
 * shield allows, the shield's safest, else the one learned best, else the first. A blocked action is reported in the
 * trace and in the feedback and replaced in the same way. A budget that is met ends the run with its status.
 *
 * @throws OptionError; EnvProtocolError from the environment; what the planner throws.
 * @example
 * const result = await runAgent({
 *   env: toEnv(maze), planner: policyPlanner(best.policy), budgets: { steps: 20 },
 *   onStep: (step) => console.log(step.stateName, step.action, step.reward),
 * });
 * result.status; // "terminated"
 */
export async function runAgent<S, A>(options: AgentOptions<S, A>): Promise<AgentResult<S, A>> {
  const { env, planner, shield, reasks = 2, onStep } = options;
  if (!(Number.isInteger(reasks) && reasks >= 0)) throw new OptionError("reasks", reasks, "an integer of at least 0");
  const perceive = options.perceive ?? ((_: S, index: number) => env.render?.() ?? `You are at ${env.states.name(index)}.`);
  const feedback = options.feedback ?? defaultFeedback;
  const budget = new Budget(options.budgets);
  const memory = new Memory(options.memory);
  const learner = options.learn === undefined ? undefined : new TabularLearner(env, options.learn);
  const tools = new ToolBox(options.tools ?? [], options.toolLimits);
  const asking = {
    planner,
    tools,
    budget,
    reasks,
    task: options.task ?? DEFAULT_TASK,
    compose: options.prompt ?? planner.compose ?? composePrompt,
    parse: options.parse ?? parseAction,
    signal: options.signal,
  };
  const pacer = new Pacer({ signal: options.signal });

  const count = { unparsable: 0, fallbacks: 0, blocked: 0 };
  const steps: TraceStep[] = [];
  let totalReward = 0;
  let at = { ...env.reset(options.seed === undefined ? {} : { seed: options.seed }) };
  shield?.begin?.(env.states.at(at.state));
  const header: TraceHeader = {
    format: "mdpkit-trace",
    version: 1,
    planner: planner.name,
    ...(shield === undefined ? {} : { shield: shield.name }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    start: at.state,
  };
  let status: AgentStatus | undefined;
  let unfinished: UnfinishedStep | undefined;

  while (status === undefined) {
    status = at.terminated ? "terminated" : at.truncated ? "truncated" : pacer.aborted ? "aborted" : budget.beforeStep();
    if (status !== undefined) break;
    const index = at.state;
    const state = env.states.at(index);
    const offers = offersOf(env, index, learner);
    const observation = await perceive(state, index);

    const answered = await ask(asking, { state, index, observation, offers, history: memory.turns });
    count.unparsable += answered.unparsable;
    if (answered.status !== undefined) {
      status = answered.status;
      unfinished = { state: index, observation, calls: answered.calls };
      break;
    }
    const { wanted, calls } = answered;
    const { taken, decision } = settle({ state, offers, wanted, ranking: answered.ranking, shield });
    if (decision !== undefined) count.blocked++;
    if (taken === undefined) {
      status = "no-safe-action";
      unfinished = { state: index, observation, calls, ...(decision === undefined ? {} : { shield: decision }) };
      break;
    }
    if (wanted === undefined) count.fallbacks++;
    const replaced: Replacement | undefined = wanted === undefined ? "unparsable" : decision === undefined ? undefined : "shield";

    const explanation = options.explain?.({
      state,
      taken: taken.action,
      wanted: wanted?.action,
      scores: calls.at(-1)?.scores,
      planner: planner.name,
      shield,
    });

    at = { ...env.step(taken.index) };
    budget.stepped();
    shield?.took?.(state, taken.action, env.states.at(at.state));
    totalReward += at.reward;
    learner?.update(taken.choice, at.reward, at.state, at.terminated);
    const told = feedback({
      state,
      action: taken.action,
      reward: at.reward,
      next: env.states.at(at.state),
      stateName: env.states.name(index),
      actionName: taken.name,
      nextName: env.states.name(at.state),
      terminated: at.terminated,
      truncated: at.truncated,
      replaced: replaced === "unparsable" ? "no usable answer" : decision && refusalText(decision),
    });
    memory.remember({ observation, action: taken.name, feedback: told });
    const answer = calls.at(-1)?.answer;
    const record: TraceStep = {
      step: steps.length,
      state: index,
      stateName: env.states.name(index),
      observation,
      actions: offers.map((offer) => offer.name),
      calls,
      ...(answer === undefined ? {} : { answer }),
      parsed: wanted === undefined ? null : wanted.name,
      ...(replaced === undefined ? {} : { replaced }),
      ...(decision === undefined ? {} : { shield: decision }),
      ...(explanation === undefined ? {} : { explanation }),
      action: taken.name,
      actionIndex: taken.index,
      reward: at.reward,
      next: at.state,
      nextName: env.states.name(at.state),
      terminated: at.terminated,
      truncated: at.truncated,
      feedback: told,
    };
    steps.push(record);
    await onStep?.(record);
    if (pacer.due) await pacer.giveWay();
  }
  const trace: Trace = { header, steps, end: { status, totalReward, spent: budget.spent, ...count, ...(unfinished === undefined ? {} : { unfinished }) } };
  return { status, totalReward, steps: steps.length, trace, q: learner?.q };
}

const DEFAULT_TASK = "You act in an environment, one action a turn. Collect as much reward as you can.";

function refusalText({ blocked, reason, allowed }: ShieldDecision): string {
  return `${blocked} was blocked: ${reason}; allowed: ${allowed.join(", ") || "nothing"}`;
}

function defaultFeedback<S, A>({ stateName, nextName, reward, replaced, terminated }: Transition<S, A>): string {
  const moved = stateName === nextName ? "You are where you were." : `You came to ${nextName}.`;
  return `${replaced === undefined ? "" : `(${replaced}) `}${moved} Reward ${reward}.${terminated ? " The episode ended." : ""}`;
}
