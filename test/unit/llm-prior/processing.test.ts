// From scores to a prior: each step by its formula, each switchable, each told.
import { describe, expect, it } from "vitest";
import { OptionError } from "../../../src/errors.ts";
import { type ActionScores, elicitPrior, processingLines, type Scorer } from "../../../src/llm-prior/index.ts";
import { corridor } from "./problems.ts";
import { tableScorer } from "./support.ts";

const plain = { calibrate: "none", floor: 0.01 } as const;
const withFloor = (p: number) => 0.005 + 0.99 * p;

describe("processing", () => {
  it("says that nothing was done where nothing was asked for", async () => {
    const prior = await elicitPrior(corridor(4), { scorer: tableScorer(() => [1, 3]), ...plain });
    expect(prior.processing).toEqual({ lengthNormalised: false, calibration: "none", temperature: 1, masked: undefined, floor: 0.01 });
    expect(prior.policy.probability(0, "right")).toBeCloseTo(withFloor(0.75), 12);
  });

  it("divides scores by the temperature", async () => {
    for (const temperature of [0.5, 2]) {
      const prior = await elicitPrior(corridor(4), { scorer: tableScorer(() => [1, 4]), ...plain, temperature });
      const odds = 4 ** (1 / temperature);
      expect(prior.policy.probability(0, "right")).toBeCloseTo(withFloor(odds / (1 + odds)), 12);
      expect(prior.processing?.temperature).toBe(temperature);
    }
    for (const temperature of [0, -1, Number.NaN, Infinity]) {
      await expect(elicitPrior(corridor(4), { scorer: tableScorer(() => [1, 1]), temperature })).rejects.toThrow(OptionError);
    }
  });

  it("divides the model's own log-probabilities by their lengths, where they are told", async () => {
    const scores: ActionScores = { logProbabilities: [Math.log(0.8), Math.log(0.2)], coverage: 0.5, method: "exact", floored: 0, calls: 1, lengths: [1, 4] };
    const scorer: Scorer = { info: async () => ({ source: "server", model: "m" }), score: async () => scores };
    const prior = await elicitPrior(corridor(4), { scorer, ...plain, lengthNormalise: true });
    // ln 0.4 a token for left, ln 0.1 / 4 a token for right: the longer one is the more probable by the token.
    const [left, right] = [0.4, 0.1 ** 0.25];
    expect(prior.policy.probability(0, "right")).toBeCloseTo(withFloor(right / (left + right)), 12);
    expect(prior.processing?.lengthNormalised).toBe(true);
    expect(prior.logProbabilities?.at(0, "left")).toBeCloseTo(Math.log(0.8), 12);
    const untold = await elicitPrior(corridor(4), { scorer: tableScorer(() => [1, 3]), ...plain, lengthNormalise: true });
    expect(untold.processing?.lengthNormalised).toBe(false);
    expect(untold.notes).toEqual(["not length-normalised: the scorer does not tell how many tokens its answers take."]);
  });

  it("tells calibration and mask", async () => {
    const batch = await elicitPrior(corridor(12), { scorer: tableScorer(() => [1, 3]), mask: "blocked" });
    expect(batch.processing).toMatchObject({ calibration: "batch", masked: 1 });
    const contextual = await elicitPrior(corridor(12), { scorer: tableScorer(() => [1, 3]), calibrate: ["N/A"] });
    expect(contextual.processing).toMatchObject({ calibration: "contextual", masked: undefined });
    // The leaning is all there is, and it is taken away.
    expect(contextual.policy.probability(3, "left")).toBeCloseTo(0.5, 12);
    expect(processingLines({ lengthNormalised: true, calibration: "batch", temperature: 2, masked: 1, floor: 0.1 })).toEqual([
      "length normalisation: by tokens",
      "calibration: batch",
      "temperature: 2",
      "mask: 1 blocked choice",
      "floor: 0.1",
    ]);
  });
});
