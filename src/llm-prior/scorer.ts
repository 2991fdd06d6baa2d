// The scorer: whatever turns a rendered prompt into log-probabilities over a list of actions.
import { PriorError } from "../errors.ts";
import type { RenderedPrompt } from "./prompt.ts";

/**
 * How the numbers came about: sums over every token that can lead to an answer, the log-probabilities of the most probable tokens, counts of sampled
 * answers, or made up for an experiment.
 */
export type ScoreMethod = "exact" | "logprobs" | "samples" | "synthetic";

/** What a scorer can do at best: sum over all tokens, see the most probable ones, or only draw answers. */
export type ScorerAbility = "exact" | "top-k" | "sample";

/** Where answers come from. Whatever shows a prior must be able to say this: see `provenance`. */
export interface ScorerInfo {
  /** A live model behind a server or in this process, answers of one recorded earlier, or no model at all. */
  readonly source: "server" | "local" | "recording" | "synthetic";
  /** The model's name as the server gives it; what made the answers up if synthetic. */
  readonly model: string;
  /** What asks it, such as `openai-compatible`. */
  readonly provider?: string | undefined;
  /** Tells this model from another of the same name: a hash of its file, or what its server says about it. */
  readonly digest?: string | undefined;
  /** What the scorer can do at best; undefined where only an answer will tell. */
  readonly ability?: ScorerAbility | undefined;
  /** Whatever else answers depend on (temperature, samples, ...): part of the key they are cached by. Never a secret. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** When a recording was made, ISO 8601. */
  readonly recordedAt?: string | undefined;
}

/** One question. */
export interface ScoreRequest {
  readonly prompt: RenderedPrompt;
  /** The actions asked about: labels as text. */
  readonly actions: readonly string[];
  /** What the prompt asks the model to answer for each action: its label or a letter. */
  readonly answers: readonly string[];
  /** State indices that share this prompt. Language models never see them; a synthetic scorer answers by the first. */
  readonly states: readonly number[];
}

/** One answer. Plain data, so that it can be cached and recorded. */
export interface ActionScores {
  /** ln p of each action asked about, in their order: a log-softmax over them, so that the probabilities sum to 1. */
  readonly logProbabilities: readonly number[];
  /** The probability that the model itself put on the listed actions, in [0, 1], before it was normalised. */
  readonly coverage: number;
  readonly method: ScoreMethod;
  /** How many actions the answer did not show; they got the largest log-probability that they can have: none above the smallest shown. */
  readonly floored: number;
  /** The probability of all that the answer did not show, in [0, 1]: so much of the model's own may belong to any action. Undefined where not known. */
  readonly unseen?: number | undefined;
  /** How many tokens each answer takes, where the scorer knows: what length normalisation divides by. */
  readonly lengths?: readonly number[] | undefined;
  /** Tokens read and written, as the model's server counted them. */
  readonly usage?: TokenUsage | undefined;
  /** Requests it took, without repeats after failures; 0 for a recording. */
  readonly calls: number;
  /** The tokens the model's server listed, or the texts sampled, as they came. */
  readonly evidence?: readonly (readonly [text: string, logProbability: number])[] | undefined;
}

/** Tokens that requests took. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
}

/** Keeps the parts of an answer that takes several requests, so that a run that was killed repeats none of them. */
export interface PartStore {
  get(index: number): Promise<string | undefined>;
  set(index: number, text: string): Promise<void>;
}

export interface ScoreOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where parts of the answer are kept until it is whole. */
  readonly parts?: PartStore | undefined;
  /** To be called before each request with the tokens it will have read; throws where a budget does not cover it. */
  readonly beforeCall?: ((inputTokens: number) => void) | undefined;
}

/** A source of action log-probabilities. Implementations may be asked several questions at once. */
export interface Scorer {
  /** Who answers. May ask the server once. @throws PriorError */
  info(options?: ScoreOptions): Promise<ScorerInfo>;
  /** Answers one question. @throws PriorError; the signal's reason when aborted. */
  score(request: ScoreRequest, options?: ScoreOptions): Promise<ActionScores>;
}

/**
 * One line that says where a prior's answers come from, for whatever shows it.
 *
 * @example
 * provenance({ source: "recording", model: "SmolLM2", recordedAt: "2025-01-31T12:00:00Z" }); // "recording of SmolLM2 made 2025-01-31"
 */
export function provenance(info: Pick<ScorerInfo, "source" | "model" | "recordedAt">): string {
  if (info.source === "recording") return `recording of ${info.model} made ${(info.recordedAt ?? "on an unknown date").slice(0, 10)}`;
  return info.source === "synthetic" ? `synthetic: ${info.model}` : `${info.model}, asked live`;
}

/** Whether a model itself answers: what is worth recording, caching and calibrating. */
export function isLive(info: Pick<ScorerInfo, "source">): boolean {
  return info.source === "server" || info.source === "local";
}

/**
 * Log-softmax: x - ln Σ exp x, safe against overflow. Raw logits or unnormalised log-masses in, log-probabilities out.
 *
 * @throws PriorError if an entry is NaN or +Infinity, or all are -Infinity.
 */
export function logSoftmax(scores: readonly number[]): number[] {
  let largest = Number.NEGATIVE_INFINITY;
  for (const x of scores) {
    if (Number.isNaN(x) || x === Infinity) throw new PriorError(`scores contain ${x}, expected finite log-probabilities.`);
    if (x > largest) largest = x;
  }
  if (largest === Number.NEGATIVE_INFINITY) throw new PriorError("scores are all -Infinity, expected at least one action with positive probability.");
  let total = 0;
  for (const x of scores) total += Math.exp(x - largest);
  const logTotal = largest + Math.log(total);
  return scores.map((x) => x - logTotal);
}

/** ln(exp a + exp b). */
export function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === Number.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
}
