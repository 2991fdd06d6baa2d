// From sampled answers to actions: counts with a little added to each, for servers that give no log-probabilities.
import { parseAction } from "./parse-action.ts";

export interface SampleScores {
  readonly logProbabilities: readonly number[];
  /** The share of texts that named one action. */
  readonly coverage: number;
  /** Actions that no text named. */
  readonly floored: number;
}

/** Added to every count (the Jeffreys prior of a multinomial), so that an action never named keeps a chance. */
const ADDED = 0.5;

/**
 * Log-probabilities of actions from how often sampled texts name them, each text parsed strictly.
 *
 * p(a) = (n_a + 1/2) / (n + K/2) with n texts that name one of the K actions. A text that names none counts only against `coverage`.
 */
export function scoreSamples(texts: readonly string[], request: { readonly actions: readonly string[]; readonly answers: readonly string[] }): SampleScores {
  const counts = request.actions.map(() => 0);
  let named = 0;
  for (const text of texts) {
    const a = parseAction(text, request.answers) ?? parseAction(text, request.actions);
    if (a === undefined) continue;
    counts[a] = (counts[a] ?? 0) + 1;
    named++;
  }
  const total = named + ADDED * counts.length;
  return {
    logProbabilities: counts.map((count) => Math.log((count + ADDED) / total)),
    coverage: texts.length === 0 ? 0 : named / texts.length,
    floored: counts.filter((count) => count === 0).length,
  };
}
