// The planner: the stage that answers a prompt, with text, a log-probability for each action, or several steps.
import { OptionError } from "../errors.ts";
import type { Turn } from "./memory.ts";
import type { ComposePrompt } from "./prompt.ts";

/** What a planner is asked at one point of the loop. */
export interface PlanRequest<S, A> {
  /** The whole prompt, as composed by the prompt stage. */
  readonly prompt: string;
  /** The observation alone. */
  readonly observation: string;
  readonly state: S;
  /** The state's index. */
  readonly index: number;
  /** The feasible actions, in choice order; at least one. */
  readonly actions: readonly A[];
  /** The actions as text, in the same order: what an answer may name. */
  readonly names: readonly string[];
  /** The remembered steps of this episode, oldest first. */
  readonly history: readonly Turn[];
  /** The longest plan that may be answered; undefined: one action at a time. */
  readonly longestPlan?: number | undefined;
  readonly signal: AbortSignal;
}

interface AnswerBase {
  /** Calls of a model that this answer took. Default 1; a cached answer or an exact policy takes 0. */
  readonly modelCalls?: number | undefined;
}

/** Raw text: parsed strictly, it can only ever pick one of the actions or call a tool. */
export interface TextAnswer extends AnswerBase {
  readonly text: string;
}

/** One log-probability an action, in the order asked (natural logarithms; -Infinity is allowed, NaN is not). */
export interface ScoreAnswer extends AnswerBase {
  readonly logProbabilities: readonly number[];
}

/** Several steps at once, by the actions' names: checked against the model where the run has one, and followed while reality agrees. */
export interface StepsAnswer extends AnswerBase {
  readonly plan: readonly string[];
  /** The name of the state that the plan claims to end in. */
  readonly reach?: string | undefined;
}

export type PlanAnswer = TextAnswer | ScoreAnswer | StepsAnswer;

/**
 * Chooses, or at least answers. Implementations: `textPlanner`, `scorerPlanner`, `policyPlanner`, `scriptedPlanner`.
 *
 * @example
 * const first: Planner<string, string> = { name: "first", plan: ({ names }) => ({ text: names[0] ?? "" }) };
 */
export interface Planner<S, A> {
  /** Shown in traces and reports. */
  readonly name: string;
  /** False where no model is ever called: budgets of calls and prompts do not apply. Default true. */
  readonly usesModel?: boolean | undefined;
  /** How prompts for this planner are composed where `runAgent` is given no prompt stage. Default `composePrompt`. */
  readonly compose?: ComposePrompt | undefined;
  plan(request: PlanRequest<S, A>): PlanAnswer | Promise<PlanAnswer>;
}

/** Whether an answer is text rather than scores. */
export function isTextAnswer(answer: PlanAnswer): answer is TextAnswer {
  return "text" in answer;
}

/** Whether an answer is a list of steps. */
export function isStepsAnswer(answer: PlanAnswer): answer is StepsAnswer {
  return "plan" in answer;
}

/**
 * A planner is not ours: what it answers is looked at before it is used.
 *
 * @throws OptionError for what is neither text, nor scores, nor steps.
 */
export function checkAnswer(answer: PlanAnswer): PlanAnswer {
  const given: unknown = answer;
  if (typeof given === "object" && given !== null) {
    // What `text` holds is seen when it is parsed: an answer that is no text is asked for again.
    if ("text" in given) return answer;
    if ("plan" in given && Array.isArray(given.plan) && given.plan.every((step) => typeof step === "string")) return answer;
    if ("logProbabilities" in given && typeof given.logProbabilities === "object" && given.logProbabilities !== null && "length" in given.logProbabilities)
      return answer;
  }
  throw new OptionError("the planner's answer", given, "an object with text, logProbabilities or plan");
}
