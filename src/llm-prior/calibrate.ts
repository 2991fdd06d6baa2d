// Calibration: a model's leaning to some answers whatever it is asked, estimated from answers that favour no action as a whole, and taken away.

/** Fewer different prompts of a model's own say too little about a leaning. */
export const SMALLEST_BATCH = 8;

/**
 * The leaning estimated from the states themselves: each action's mean log-probability over the states where it was asked about. `scores[c]` is
 * ln p of choice c, `asked[c]` is 1 where the model was asked. 0 for actions never asked about.
 *
 * @remarks After Zhou et al., "Batch Calibration" (arXiv 2309.17249), with the mean of log-probabilities in place of the log of the mean. It takes
 *   the states to favour no action as a whole: where few states or one action prevail it takes some of the answer for leaning.
 */
export function batchLeaning(scores: Float64Array, asked: Uint8Array, choiceAction: Int32Array, actionCount: number): Float64Array {
  const sum = new Float64Array(actionCount);
  const count = new Int32Array(actionCount);
  for (let c = 0; c < scores.length; c++) {
    if (asked[c] !== 1) continue;
    sum[choiceAction[c]!]! += scores[c]!;
    count[choiceAction[c]!]! += 1;
  }
  return sum.map((total, a) => (count[a]! > 0 ? total / count[a]! : 0));
}

/** The leaning estimated from questions asked for that purpose, each about all actions: the mean of their log-probabilities. */
export function meanLeaning(answers: readonly (readonly number[])[], actionCount: number): Float64Array {
  return Float64Array.from({ length: actionCount }, (_, a) => answers.reduce((total, logProbabilities) => total + logProbabilities[a]! / answers.length, 0));
}

/** Scores less their actions' leaning, where the model was asked; the others as they are. */
export function withoutLeaning(scores: Float64Array, asked: Uint8Array, choiceAction: Int32Array, leaning: Float64Array): Float64Array {
  return scores.map((score, c) => (asked[c] === 1 ? score - leaning[choiceAction[c]!]! : score));
}
