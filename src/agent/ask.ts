// Asking the planner until it names an action: budgets before each call, tools and remarks between, a bound on all of it.
import type { Budget } from "./budget.ts";
import { withDeadline } from "./deadline.ts";
import type { Turn } from "./memory.ts";
import type { Offer } from "./offer.ts";
import { isTextAnswer, type Planner } from "./planner.ts";
import type { ComposePrompt } from "./prompt.ts";
import type { ToolBox } from "./tools.ts";
import type { AgentStatus, TraceCall } from "./trace.ts";

/** Text to the position of one of the names, or undefined: nothing else can come of a text. */
export type ParseAnswer = (text: string, names: readonly string[]) => number | undefined;

/** What stays the same for a whole run. */
export interface Asking<S, A> {
  readonly planner: Planner<S, A>;
  readonly tools: ToolBox<S, A>;
  readonly budget: Budget;
  readonly reasks: number;
  readonly task: string;
  readonly compose: ComposePrompt;
  readonly parse: ParseAnswer;
  readonly signal: AbortSignal | undefined;
}

/** What the agent sees at one step. */
export interface View<S, A> {
  readonly state: S;
  readonly index: number;
  readonly observation: string;
  readonly offers: readonly Offer<A>[];
  readonly history: readonly Turn[];
}

export interface Answered<A> {
  /** What the answer named; undefined where no answer was usable. */
  readonly wanted: Offer<A> | undefined;
  /** All offers, best first, where the planner scored them. */
  readonly ranking: readonly Offer<A>[] | undefined;
  readonly calls: readonly TraceCall[];
  /** Answers that were no action. */
  readonly unparsable: number;
  /** Set where a budget or the signal ended the asking. */
  readonly status: AgentStatus | undefined;
}

const UNUSABLE = "Your last answer was not one of the actions. Answer with exactly one of them.";

/** One step's answer. At most 1 + reasks + callsPerStep calls are made. */
export async function ask<S, A>(asking: Asking<S, A>, view: View<S, A>): Promise<Answered<A>> {
  const { planner, tools, budget, signal } = asking;
  const { offers, state, index, observation, history } = view;
  const actions = offers.map((offer) => offer.action);
  const names = offers.map((offer) => offer.name);
  const calls: TraceCall[] = [];
  const remarks: string[] = [];
  let toolCalls = 0;
  let unparsable = 0;
  const end = (rest: Partial<Answered<A>>): Answered<A> => ({ wanted: undefined, ranking: undefined, status: undefined, ...rest, calls, unparsable });

  while (unparsable <= asking.reasks) {
    const prompt = asking.compose({ task: asking.task, tools: tools.describe(), history, observation, names, remarks });
    const over = planner.usesModel === false ? undefined : budget.beforeCall(prompt);
    if (over !== undefined) return end({ status: over });
    const outcome = await withDeadline(signal, budget.millisecondsLeft, (inner) =>
      planner.plan({ prompt, observation, state, index, actions, names, history, signal: inner }),
    );
    if ("interrupted" in outcome) return end({ status: outcome.interrupted });
    const answer = outcome.value;
    budget.called(prompt, answer.modelCalls ?? (planner.usesModel === false ? 0 : 1));

    if (!isTextAnswer(answer)) {
      const ranking = rank(answer.logProbabilities, offers);
      // JSON has no infinities: null stands for a probability of 0.
      const scores = answer.logProbabilities.map((score) => (Number.isFinite(score) ? score : null));
      calls.push({ prompt, scores, outcome: ranking === undefined ? "unparsable" : "action" });
      if (ranking !== undefined) return end({ wanted: ranking[0], ranking });
    } else if (tools.size > 0 && toolCalls < tools.callsPerStep && tools.isCall(answer.text)) {
      toolCalls++;
      const ran = await withDeadline(signal, budget.millisecondsLeft, (inner) =>
        tools.call(answer.text, { state, observation, actions, names, signal: inner }),
      );
      if ("interrupted" in ran) return end({ status: ran.interrupted });
      const { ok, text, tool } = ran.value;
      calls.push({ prompt, answer: answer.text, outcome: ok ? "tool" : "tool-error", result: text });
      remarks.push(`RESULT ${tool ?? "TOOL"}: ${text}`);
      if (toolCalls === tools.callsPerStep) remarks.push("No tool calls are left for this step.");
      continue;
    } else {
      const position = asking.parse(answer.text, names);
      const wanted = position === undefined ? undefined : offers[position];
      calls.push({ prompt, answer: answer.text, outcome: wanted === undefined ? "unparsable" : "action" });
      if (wanted !== undefined) return end({ wanted });
    }
    unparsable++;
    if (remarks.at(-1) !== UNUSABLE) remarks.push(UNUSABLE);
  }
  return end({});
}

/** The offers by falling score, equal scores by learned value, then in order; undefined where the scores are unusable. */
function rank<A>(scores: readonly number[], offers: readonly Offer<A>[]): Offer<A>[] | undefined {
  if (scores.length !== offers.length || scores.some((score) => Number.isNaN(score) || score === Number.POSITIVE_INFINITY)) return undefined;
  if (scores.every((score) => score === Number.NEGATIVE_INFINITY)) return undefined;
  const scored = scores.flatMap((score, i) => {
    const offer = offers[i];
    return offer === undefined ? [] : [{ score, offer }];
  });
  // The sort is stable; -Infinity minus itself is NaN, so equal scores are told apart first.
  scored.sort((a, b) => (a.score === b.score ? b.offer.goodness - a.offer.goodness : b.score - a.score));
  return scored.map(({ offer }) => offer);
}
