// Ratios of means with bootstrap intervals, and geometric means of them.
import { Rng } from "../../src/numeric/index.ts";

/** A ratio and its 95% interval. */
export interface Ratio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;

export function mean(sample: readonly number[]): number {
  return sample.reduce((sum, x) => sum + x, 0) / sample.length;
}

export function geometricMean(sample: readonly number[]): number {
  return Math.exp(mean(sample.map(Math.log)));
}

/** mean(treated) / mean(control), runs paired by seed; percentile bootstrap over the seeds (Efron and Tibshirani 1993, section 13.3). */
export function ratioOfMeans(treated: readonly number[], control: readonly number[], seed: string): Ratio {
  const n = treated.length;
  const rng = new Rng(`bootstrap:${seed}`);
  const resampled = Array.from({ length: RESAMPLES }, () => {
    let above = 0;
    let below = 0;
    for (let i = 0; i < n; i++) {
      const k = rng.below(n);
      above += treated[k]!;
      below += control[k]!;
    }
    return above / below;
  });
  return { ratio: mean(treated) / mean(control), ...middle95(resampled) };
}

/** The geometric mean of ratios, one an environment and quality; percentile bootstrap over the environments, all qualities of one together. */
export function pooledRatio(byEnvironment: readonly (readonly number[])[], seed: string): Ratio {
  const rng = new Rng(`pooled:${seed}`);
  const n = byEnvironment.length;
  const resampled = Array.from({ length: RESAMPLES }, () => geometricMean(Array.from({ length: n }, () => byEnvironment[rng.below(n)]!).flat()));
  return { ratio: geometricMean(byEnvironment.flat()), ...middle95(resampled) };
}

function middle95(sample: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = sample.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}
