// Asking the planner until it names an action or a plan: budgets before each call, tools and remarks between, a bound on all of it.
import type { Budget } from "./budget.ts";
import type { PlanCheck } from "./check-plan.ts";
import type { Turn } from "./memory.ts";
import type { Offer } from "./offer.ts";
import { type Ended, outside } from "./outside.ts";
import { type Plan, type PlanNames, parsePlan, planOf } from "./plan.ts";
import { checkAnswer, isStepsAnswer, isTextAnswer, type PlanAnswer, type Planner } from "./planner.ts";
import type { ComposePrompt } from "./prompt.ts";
import type { ToolBox } from "./tools.ts";
import type { TraceCall } from "./trace.ts";

/** Text to the position of one of the names, or undefined: nothing else can come of a text. */
export type ParseAnswer = (text: string, names: readonly string[]) => number | undefined;

/** How plans of several steps are taken. */
export interface PlanAsking {
  readonly names: PlanNames;
  /** What the model says of a plan from a state; undefined without a model. */
  readonly check: (state: number, plan: Plan) => PlanCheck | undefined;
}

/** What stays the same for a whole run. */
export interface Asking<S, A> {
  readonly planner: Planner<S, A>;
  readonly tools: ToolBox<S, A>;
  readonly budget: Budget;
  readonly reasks: number;
  /** Longer answers in text are not looked into. */
  readonly answerCharacters: number;
  readonly task: string;
  readonly compose: ComposePrompt;
  readonly parse: ParseAnswer;
  /** Undefined: one action at a time. */
  readonly plans: PlanAsking | undefined;
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
  /** What the answer named: of a plan, its first step; undefined where no answer was usable. */
  readonly wanted: Offer<A> | undefined;
  /** The plan, where it has several steps. */
  readonly plan: { readonly plan: Plan; readonly check: PlanCheck | undefined } | undefined;
  /** All offers, best first, where the planner scored them. */
  readonly ranking: readonly Offer<A>[] | undefined;
  readonly calls: readonly TraceCall[];
  /** Answers that were neither action nor plan, and plans that are impossible. */
  readonly unparsable: number;
  readonly impossible: number;
  /** Set where a budget, the signal or a failure ended the asking. */
  readonly ended: Ended | undefined;
}

const UNUSABLE = "Your last answer was not one of the actions. Answer with exactly one of them.";
const UNUSABLE_PLAN = "Your last answer was neither one of the actions nor a plan of them. Answer with their names alone.";

/** What one answer came to: an action, a plan, or why it is neither. */
type Reading<A> =
  | { readonly outcome: "action"; readonly wanted: Offer<A>; readonly ranking?: readonly Offer<A>[] }
  | { readonly outcome: "plan"; readonly wanted: Offer<A>; readonly plan: Plan; readonly check: PlanCheck | undefined }
  | { readonly outcome: "unparsable"; readonly why?: string }
  | { readonly outcome: "impossible"; readonly why: string };

/** One step's answer. At most 1 + reasks + callsPerStep calls are made. */
export async function ask<S, A>(asking: Asking<S, A>, view: View<S, A>): Promise<Answered<A>> {
  const { planner, tools, budget, signal } = asking;
  const { offers, state, index, observation, history } = view;
  const actions = offers.map((offer) => offer.action);
  const names = offers.map((offer) => offer.name);
  const longestPlan = asking.plans?.names.most;
  const calls: TraceCall[] = [];
  const remarks: string[] = [];
  const count = { tools: 0, unparsable: 0, impossible: 0 };
  const end = (rest: Partial<Answered<A>>): Answered<A> => ({
    ...{ wanted: undefined, plan: undefined, ranking: undefined, ended: undefined },
    ...rest,
    calls,
    unparsable: count.unparsable,
    impossible: count.impossible,
  });

  while (count.unparsable + count.impossible <= asking.reasks) {
    const prompt = asking.compose({ task: asking.task, tools: tools.describe(), history, observation, names, remarks, longestPlan });
    const over = planner.usesModel === false ? undefined : budget.beforeCall(prompt);
    if (over !== undefined) return end({ ended: { status: over } });
    const limits = { signal, milliseconds: budget.millisecondsLeft };
    const outcome = await outside(
      async (inner) => checkAnswer(await planner.plan({ prompt, observation, state, index, actions, names, history, longestPlan, signal: inner })),
      "planner-failed",
      limits,
    );
    if ("status" in outcome) return end({ ended: outcome });
    const answer = outcome.value;
    const text = isTextAnswer(answer) && typeof answer.text === "string" ? answer.text : undefined;
    budget.called(prompt, answer.modelCalls ?? (planner.usesModel === false ? 0 : 1), text?.slice(0, asking.answerCharacters));

    if (text !== undefined && tools.size > 0 && count.tools < tools.callsPerStep && text.length <= asking.answerCharacters && tools.isCall(text)) {
      count.tools++;
      const ran = await outside((inner) => tools.call(text, { state, observation, actions, names, signal: inner }), "planner-failed", limits);
      if ("status" in ran) return end({ ended: ran });
      const { ok, text: result, tool } = ran.value;
      calls.push({ prompt, answer: text, outcome: ok ? "tool" : "tool-error", result });
      remarks.push(`RESULT ${tool ?? "TOOL"}: ${result}`);
      if (count.tools === tools.callsPerStep) remarks.push("No tool calls are left for this step.");
      continue;
    }
    const reading = read(asking, view, names, answer);
    calls.push({ prompt, ...recordOf(answer, asking.answerCharacters), outcome: reading.outcome, ...("why" in reading ? { result: reading.why } : {}) });
    if (reading.outcome === "action") return end({ wanted: reading.wanted, ranking: reading.ranking });
    if (reading.outcome === "plan") return end({ wanted: reading.wanted, plan: { plan: reading.plan, check: reading.check } });
    count[reading.outcome]++;
    const unusable = asking.plans === undefined ? UNUSABLE : UNUSABLE_PLAN;
    const remark = reading.outcome === "impossible" ? `Your last plan is not possible: ${reading.why}.` : unusable;
    if (remarks.at(-1) !== remark) remarks.push(remark);
  }
  return end({});
}

/** What an answer means. Whatever it says, only offered actions and plans of known actions come of it. */
function read<S, A>(asking: Asking<S, A>, view: View<S, A>, names: readonly string[], answer: PlanAnswer): Reading<A> {
  if (isTextAnswer(answer)) {
    const { text } = answer;
    if (typeof text !== "string") return { outcome: "unparsable", why: "the answer is no text" };
    if (text.length > asking.answerCharacters) return { outcome: "unparsable", why: `${text.length} characters, expected at most ${asking.answerCharacters}` };
    const position = asking.parse(text, names);
    const wanted = position === undefined ? undefined : view.offers[position];
    if (wanted !== undefined) return { outcome: "action", wanted };
    const plan = asking.plans === undefined ? undefined : parsePlan(text, asking.plans.names);
    return plan === undefined ? { outcome: "unparsable" } : readPlan(asking, view, plan);
  }
  if (isStepsAnswer(answer)) {
    if (asking.plans === undefined) return { outcome: "unparsable", why: "a plan, expected one action: the run takes no plans" };
    const plan = planOf(answer.plan, answer.reach, asking.plans.names);
    return plan === undefined ? { outcome: "unparsable", why: "a plan with unknown names, or too long" } : readPlan(asking, view, plan);
  }
  const ranking = rank(answer.logProbabilities, view.offers);
  const wanted = ranking?.[0];
  return ranking === undefined || wanted === undefined ? { outcome: "unparsable" } : { outcome: "action", wanted, ranking };
}

function readPlan<S, A>(asking: Asking<S, A>, view: View<S, A>, plan: Plan): Reading<A> {
  const check = asking.plans?.check(view.index, plan);
  if (check?.reason !== undefined) return { outcome: "impossible", why: check.reason };
  const wanted = view.offers.find((offer) => offer.index === plan.actions[0]);
  return wanted === undefined ? { outcome: "impossible", why: "its first step is not offered here" } : { outcome: "plan", wanted, plan, check };
}

/** An answer as the trace holds it. */
function recordOf(answer: PlanAnswer, most: number): Pick<TraceCall, "answer" | "scores"> {
  if (isTextAnswer(answer)) {
    const text = String(answer.text);
    return { answer: text.length <= most ? text : `${text.slice(0, most)}... (cut)` };
  }
  if (isStepsAnswer(answer))
    return { answer: JSON.stringify({ plan: answer.plan, ...(answer.reach === undefined ? {} : { reach: answer.reach }) }).slice(0, most) };
  // JSON has no infinities: null stands for a probability of 0.
  return { scores: Array.from(answer.logProbabilities, (score) => (Number.isFinite(score) ? score : null)) };
}

/** The offers by falling score, equal scores by learned value, then in order; undefined where the scores are unusable. */
function rank<A>(scores: readonly number[], offers: readonly Offer<A>[]): Offer<A>[] | undefined {
  if (scores.length !== offers.length || !scores.every(isScore)) return undefined;
  if (scores.every((score) => score === Number.NEGATIVE_INFINITY)) return undefined;
  const scored = scores.flatMap((score, i) => {
    const offer = offers[i];
    return offer === undefined ? [] : [{ score, offer }];
  });
  // The sort is stable; -Infinity minus itself is NaN, so equal scores are told apart first.
  scored.sort((a, b) => (a.score === b.score ? b.offer.goodness - a.offer.goodness : b.score - a.score));
  return scored.map(({ offer }) => offer);
}

/** A planner is not ours: what it calls scores may hold anything. */
function isScore(score: unknown): boolean {
  return typeof score === "number" && !Number.isNaN(score) && score !== Number.POSITIVE_INFINITY;
}
