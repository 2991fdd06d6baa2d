// What was done to a model's scores on their way to a prior, step by step: each switchable, each told wherever the prior is shown.
import { OptionError } from "../errors.ts";
import { type ActionScores, logSoftmax } from "./scorer.ts";

/** The steps, in their order, as they were taken. */
export interface PriorProcessing {
  /** Whether log-probabilities were divided by their answers' lengths in tokens. */
  readonly lengthNormalised: boolean;
  /** What a leaning was estimated from: the states themselves, or questions asked for that. */
  readonly calibration: "none" | "batch" | "contextual";
  /** Scores were divided by this. */
  readonly temperature: number;
  /** Blocked choices that were left no more than the floor; undefined where nothing was masked. */
  readonly masked: number | undefined;
  /** The share of probability spread evenly. */
  readonly floor: number;
}

/**
 * One line a step, for whatever shows a prior.
 *
 * @example
 * processingLines({ lengthNormalised: false, calibration: "batch", temperature: 1, masked: 12, floor: 0.01 });
 * // ["length normalisation: off", "calibration: batch", "temperature: 1", "mask: 12 blocked choices", "floor: 0.01"]
 */
export function processingLines({ lengthNormalised, calibration, temperature, masked, floor }: PriorProcessing): string[] {
  return [
    `length normalisation: ${lengthNormalised ? "by tokens" : "off"}`,
    `calibration: ${calibration === "none" ? "off" : calibration}`,
    `temperature: ${temperature}`,
    `mask: ${masked === undefined ? "off" : `${masked} blocked ${masked === 1 ? "choice" : "choices"}`}`,
    `floor: ${floor}`,
  ];
}

/** @throws OptionError unless finite and above 0. */
export function checkTemperature(temperature: number): number {
  if (!(temperature > 0 && Number.isFinite(temperature))) throw new OptionError("temperature", temperature, "a finite number above 0");
  return temperature;
}

/**
 * Log-probabilities a token: the model's own ln p of each answer, divided by its length, normalised again. Long labels are improbable because they are
 * long (Brown et al. 2020, section 2.4). As they are where the scorer tells no lengths, or the model named no action at all.
 */
export function perToken({ logProbabilities, coverage, lengths }: ActionScores): readonly number[] {
  if (lengths === undefined || coverage === 0) return logProbabilities;
  // The scores are conditioned on some action being named; the model's own ln p is that plus ln coverage.
  return logSoftmax(logProbabilities.map((x, i) => (x + Math.log(coverage)) / (lengths[i] ?? 1)));
}
