// From listed tokens to action log-probabilities, and what is refused on the way.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logSoftmax, PriorError, scoreTokens, type TokenPosition } from "./support.ts";

const MOVES = ["up", "down", "left", "right"];

function position(...tokens: (readonly [text: string, probability: number])[]): TokenPosition {
  const listed = tokens.map(([text, p]) => ({ text, logProbability: Math.log(p) }));
  return { chosen: listed[0] ?? expect.fail("no token"), listed };
}

function probabilities(scores: { readonly logProbabilities: readonly number[] }): number[] {
  return scores.logProbabilities.map(Math.exp);
}

describe("scoreTokens", () => {
  it("adds up the tokens that can only begin one action, whatever their case and leading space", () => {
    const scores = scoreTokens([position(["right", 0.3], [" Right", 0.1], ["r", 0.1], ["up", 0.2], ["The", 0.1], ["down", 0.05], ["left", 0.05])], MOVES);
    const [up, down, left, right] = probabilities(scores);
    expect(scores.coverage).toBeCloseTo(0.8, 12);
    expect(right).toBeCloseTo(0.5 / 0.8, 12);
    expect(up).toBeCloseTo(0.2 / 0.8, 12);
    expect(down).toBeCloseTo(0.05 / 0.8, 12);
    expect(left).toBeCloseTo(0.05 / 0.8, 12);
    expect(scores.floored).toBe(0);
  });

  it("counts what follows the label only where it is no part of the word", () => {
    const scores = scoreTokens([position(["up.", 0.4], ["upper", 0.3], ["down", 0.1], ["left", 0.1], ["right", 0.1])], MOVES);
    expect(scores.coverage).toBeCloseTo(0.7, 12);
  });

  it("gives an action that no token began the smallest log-probability listed, and says so", () => {
    const scores = scoreTokens([position(["up", 0.8], ["down", 0.1], ["x", 0.01])], MOVES);
    const total = 0.8 + 0.1 + 0.01 + 0.01;
    expect(probabilities(scores)).toEqual([0.8, 0.1, 0.01, 0.01].map((p) => expect.closeTo(p / total, 12)));
    expect(scores.floored).toBe(2);
    expect(scores.coverage).toBeCloseTo(0.9, 12);
  });

  it("is uniform with coverage 0 where no action is named at all", () => {
    const scores = scoreTokens([position(["The", 0.6], ["I", 0.2])], MOVES);
    expect(probabilities(scores)).toEqual(MOVES.map(() => expect.closeTo(0.25, 12)));
    expect(scores.coverage).toBe(0);
    expect(scores.floored).toBe(4);
  });

  it("looks past a blank or a quote that the server went on with", () => {
    const scores = scoreTokens([position(['"', 0.5], ["up", 0.25], ["down", 0.05]), position(["left", 0.6], ["right", 0.4])], MOVES);
    const mass = [0.25, 0.05, 0.3, 0.2];
    expect(scores.coverage).toBeCloseTo(0.8, 12);
    expect(probabilities(scores)).toEqual(mass.map((p) => expect.closeTo(p / 0.8, 12)));
  });

  it("does not look past a word", () => {
    const scores = scoreTokens([position(["up", 0.5], ["down", 0.3]), position(["left", 0.9])], MOVES);
    expect(scores.coverage).toBeCloseTo(0.8, 12);
  });

  it("refuses tokens that begin several actions, once they carry mass", () => {
    const answers = ["move up", "move down"];
    expect(() => scoreTokens([position(["move", 0.9], ["stop", 0.1])], answers)).toThrow(/"move" begins several/);
    expect(scoreTokens([position(["move up", 0.9], ["move down", 0.05], ["mo", 0.001])], answers).coverage).toBeCloseTo(0.95, 12);
  });

  it("refuses logits in the place of log-probabilities (Lamorel 38, 51)", () => {
    const raw: TokenPosition = { chosen: { text: "up", logProbability: 11.2 }, listed: [{ text: "up", logProbability: 11.2 }] };
    expect(() => scoreTokens([raw], MOVES)).toThrow(PriorError);
    expect(() => scoreTokens([raw], MOVES)).toThrow(/log-probability 11.2, expected a number <= 0/);
    const overfull: TokenPosition = { chosen: { text: "up", logProbability: -0.1 }, listed: MOVES.map((text) => ({ text, logProbability: -0.1 })) };
    expect(() => scoreTokens([overfull], MOVES)).toThrow(/together, expected at most 1/);
  });
});

describe("logSoftmax", () => {
  it("turns any scores into log-probabilities, the same after a shift", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: -700, max: 700, noNaN: true }),
        (scores, shift) => {
          const logs = logSoftmax(scores);
          expect(logs.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 9);
          const moved = logSoftmax(scores.map((x) => x + shift));
          for (const [i, x] of logs.entries()) expect(moved[i]).toBeCloseTo(x, 9);
        },
      ),
    );
  });

  it("refuses what has no distribution", () => {
    expect(() => logSoftmax([0, Number.NaN])).toThrow(PriorError);
    expect(() => logSoftmax([0, Infinity])).toThrow(PriorError);
    expect(() => logSoftmax([Number.NEGATIVE_INFINITY])).toThrow(PriorError);
  });
});
