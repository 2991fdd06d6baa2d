// A prior: a policy from outside, with what is known of where it came from.
import { OptionError } from "../errors.ts";
import type { ChoiceTable } from "../mdp/index.ts";
import type { Policy } from "../policies/policy.ts";
import type { PriorProcessing } from "./processing.ts";
import type { ScoreMethod } from "./scorer.ts";

/** How a prior was made: by a scorer, or only by leaving out blocked moves. */
export type PriorMethod = ScoreMethod | "mask";

export interface Prior<S, A> {
  /** The advice: every feasible action has positive probability. */
  readonly policy: Policy<S, A>;
  readonly method: PriorMethod;
  /** One line for whatever shows the prior: "recording of MODEL made DATE", "synthetic: ...". */
  readonly provenance: string;
  /** The model's name; undefined where none was asked. */
  readonly model: string | undefined;
  /** When the answers were recorded, ISO 8601; undefined where they were not. */
  readonly recordedAt: string | undefined;
  /** The mean, over the states asked about, of the probability that the model put on the actions itself; 1 where none was asked about. */
  readonly coverage: number;
  /** Requests made to the model. */
  readonly calls: number;
  /** Questions answered by the cache. */
  readonly cached: number;
  /** Different prompts: states with equal features share one. */
  readonly prompts: number;
  /** ln p of each choice as the model answered it: before calibration, mask and floor. Undefined where none was asked. */
  readonly logProbabilities: ChoiceTable<S, A> | undefined;
  /** One number an action: the leaning that calibration took away from its log-probabilities. Undefined where nothing was calibrated. */
  readonly leaning: Float64Array | undefined;
  /** What was done to the scores; undefined where nothing is known of it. See `processingLines`. */
  readonly processing?: PriorProcessing | undefined;
  /** What was left out or not done, in words. */
  readonly notes: readonly string[];
}

/** The share of probability that every prior spreads evenly over a state's feasible actions, blocked ones too. */
export const DEFAULT_FLOOR = 0.01;

/** @throws OptionError unless 0 < floor < 1. */
export function checkFloor(floor: number): number {
  if (!(floor > 0 && floor < 1)) throw new OptionError("floor", floor, "a number between 0 and 1");
  return floor;
}

/** A prior's rows: p[c] = floor/n + (1 - floor)·exp(score[c]) / Σ exp(score), over the n choices from .. to; a score of -Infinity leaves the floor. */
export function writeRow(probability: Float64Array, scores: Float64Array, from: number, to: number, floor: number): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let c = from; c < to; c++) largest = Math.max(largest, scores[c]!);
  let total = 0;
  for (let c = from; c < to; c++) total += Math.exp(scores[c]! - largest);
  for (let c = from; c < to; c++) probability[c] = floor / (to - from) + ((1 - floor) * Math.exp(scores[c]! - largest)) / total;
}
