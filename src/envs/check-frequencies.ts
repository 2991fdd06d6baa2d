// Whether sampled steps agree with the probabilities an environment states: chi-square tests and mean rewards.
import type { ModelIssue } from "../errors.ts";
import type { Env } from "./env.ts";

/** What was seen of one state and action. */
export interface Sample {
  count: number;
  /** Sums of the rewards and of their squares. */
  reward: number;
  squares: number;
  /** How often each arrival was seen, by `sampleKey`. */
  readonly arrivals: Map<string, number>;
}

/** By state * actions + action. */
export type Samples = Map<number, Sample>;

/** Odds of about one in a billion for a normal variable. */
const SURPRISE = 6;
/** Arrivals expected less often than this are taken together, and never divided by less: a rare one seen once is no surprise. */
const LEAST_EXPECTED = 5;

export function sampleKey(state: number, terminated: boolean): string {
  return terminated ? `${state} (terminated)` : String(state);
}

/** Samples that outcomes do not explain. */
export function checkFrequencies<S, A>(env: Env<S, A>, samples: Samples): ModelIssue[] {
  const problems: ModelIssue[] = [];
  let statistic = 0;
  let freedom = 0;
  for (const [choice, sample] of samples) {
    const state = Math.floor(choice / env.actions.size);
    const action = choice % env.actions.size;
    const where = `step(${env.actions.quote(action)}) in state ${env.states.quote(state)}`;
    const outcomes = env.outcomes?.(state, action) ?? [];
    const expected = new Map<string, number>();
    let mean = 0;
    let square = 0;
    for (const { next, probability, reward, terminated } of outcomes) {
      const key = sampleKey(next, terminated);
      expected.set(key, (expected.get(key) ?? 0) + probability);
      mean += probability * reward;
      square += probability * reward * reward;
    }
    const stranger = [...sample.arrivals.keys()].find((key) => !((expected.get(key) ?? 0) > 0));
    if (stranger !== undefined) {
      problems.push({ where, got: `entered state ${stranger}`, expected: "one of its outcomes" });
      continue;
    }
    const test = chiSquare(sample, expected);
    statistic += test.statistic;
    freedom += test.freedom;
    if (surprise(test.statistic, test.freedom) > SURPRISE) {
      problems.push({
        where,
        got: `has a chi-square of ${test.statistic.toFixed(1)} over ${sample.count} samples`,
        expected: `about ${test.freedom}, its degrees of freedom`,
      });
    }
    const deviation = Math.sqrt(Math.max(square - mean * mean, sample.squares / sample.count - (sample.reward / sample.count) ** 2, 0));
    const slack = ((SURPRISE + 2) * deviation) / Math.sqrt(sample.count) + 1e-9 * (1 + Math.sqrt(square));
    if (sample.count >= 30 && Math.abs(sample.reward / sample.count - mean) > slack) {
      problems.push({
        where,
        got: `pays ${sample.reward / sample.count} on average over ${sample.count} samples`,
        expected: `about ${mean}, the mean of its outcomes`,
      });
    }
  }
  if (problems.length === 0 && surprise(statistic, freedom) > SURPRISE) {
    problems.push({ where: "all steps together", got: `have a chi-square of ${statistic.toFixed(1)}`, expected: `about ${freedom}, its degrees of freedom` });
  }
  return problems;
}

/** Pearson's statistic, rare arrivals taken together. */
function chiSquare(sample: Sample, expected: ReadonlyMap<string, number>): { readonly statistic: number; readonly freedom: number } {
  let statistic = 0;
  let bins = 0;
  let rareExpected = 0;
  let rareSeen = 0;
  const add = (seen: number, mean: number): void => {
    statistic += (seen - mean) ** 2 / Math.max(mean, LEAST_EXPECTED);
    bins++;
  };
  for (const [key, probability] of expected) {
    const mean = probability * sample.count;
    const seen = sample.arrivals.get(key) ?? 0; // an arrival never seen was seen no time
    if (mean >= LEAST_EXPECTED) add(seen, mean);
    else {
      rareExpected += mean;
      rareSeen += seen;
    }
  }
  if (rareExpected > 0) add(rareSeen, rareExpected);
  return { statistic, freedom: Math.max(0, bins - 1) };
}

/** How many standard deviations a chi-square value lies above its mean (Wilson & Hilferty 1931). */
function surprise(statistic: number, freedom: number): number {
  if (freedom === 0) return 0;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - 1 + spread) / Math.sqrt(spread);
}
