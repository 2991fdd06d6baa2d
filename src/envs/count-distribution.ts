// Chances of counts 0, 1, 2, ... with their tails summed rather than cut: demands, requests, returns.
import { sum } from "../numeric/index.ts";

/** A random count: both arrays run from 0 to the largest count anyone asks about. */
export interface CountDistribution {
  /** P(X = k). */
  readonly chance: Float64Array;
  /** P(X >= k). */
  readonly tail: Float64Array;
}

/** The distribution with the given chances, which sum to 1, for counts up to `most`. */
export function countDistribution(chances: ArrayLike<number>, most: number): CountDistribution {
  const size = Math.max(most + 1, chances.length);
  const chance = new Float64Array(size);
  const tail = new Float64Array(size);
  let beyond = 0;
  for (let k = size - 1; k >= 0; k--) {
    chance[k] = chances[k] ?? 0; // past the last chance given there is none
    beyond += chance[k]!;
    tail[k] = beyond;
  }
  return { chance, tail };
}

/**
 * The Poisson distribution for counts up to `most`.
 *
 * @example
 * poisson(3, 20).tail[1]; // 1 - e^-3
 */
export function poisson(rate: number, most: number): CountDistribution {
  // What lies past this is less than 2^-1000 of the whole for rates up to 1,000.
  const last = Math.max(most, Math.ceil(rate + 60 * Math.sqrt(rate + 1) + 400));
  const term = new Float64Array(last + 1);
  const mode = Math.floor(rate);
  // Outwards from the mode, where no term underflows before it is negligible.
  term[mode] = rate === 0 ? 1 : Math.exp(mode * Math.log(rate) - rate - logFactorial(mode));
  for (let k = mode + 1; k <= last; k++) term[k] = (term[k - 1]! * rate) / k;
  for (let k = mode - 1; k >= 0; k--) term[k] = (term[k + 1]! * (k + 1)) / rate;
  // The chances sum to 1: dividing by their sum takes away what exp, log and the recursion rounded.
  const total = sum(term);
  return countDistribution(
    term.map((x) => x / total),
    most,
  );
}

/** P(min(X, cap) = k). */
export function cappedChance(x: CountDistribution, cap: number, k: number): number {
  return k < cap ? x.chance[k]! : x.tail[cap]!;
}

/** E[min(X, cap)], the sum of the tails from 1 to cap. */
export function cappedMean(x: CountDistribution, cap: number): number {
  let mean = 0;
  for (let k = cap; k >= 1; k--) mean += x.tail[k]!;
  return mean;
}

function logFactorial(n: number): number {
  let logarithm = 0;
  for (let k = 2; k <= n; k++) logarithm += Math.log(k);
  return logarithm;
}
