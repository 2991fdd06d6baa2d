// What the tests of priors share: internals under test, and a scorer that reads its answers from a table.
import type { ActionScores, ScoreRequest, Scorer, ScorerInfo } from "../../../src/llm-prior/index.ts";
import { logSoftmax } from "../../../src/llm-prior/index.ts";

export { PriorError } from "../../../src/errors.ts";
export { logSoftmax } from "../../../src/llm-prior/index.ts";
export { scoreTokens, type TokenPosition } from "../../../src/llm-prior/token-scores.ts";

/** A scorer for tests: `weights` answers one positive number an action for the last message; every question is kept in `asked`. */
export function tableScorer(
  weights: (features: string, actions: readonly string[]) => readonly number[],
  options: { readonly info?: ScorerInfo; readonly coverage?: number } = {},
): Scorer & { readonly asked: ScoreRequest[] } {
  const asked: ScoreRequest[] = [];
  return {
    asked,
    info: async () => options.info ?? { source: "server", model: "table" },
    score: async (request): Promise<ActionScores> => {
      asked.push(request);
      const features = request.prompt.messages.at(-1)?.content ?? "";
      return {
        logProbabilities: logSoftmax(weights(features, request.actions).map(Math.log)),
        coverage: options.coverage ?? 0.9,
        method: "logprobs",
        floored: 0,
        calls: 1,
      };
    },
  };
}
