// The token trie: exact against enumeration of every text, ends that tell labels apart, bounds for what is not listed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PriorError } from "../../../src/errors.ts";
import { answersBegunBy } from "../../../src/llm-prior/answer-match.ts";
import type { ListedToken } from "../../../src/llm-prior/token-scores.ts";
import { walkTokens } from "../../../src/llm-prior/token-walk.ts";
import { Rng } from "../../../src/numeric/index.ts";

const VOCABULARY = ["move", " left", " right", "stop", " ", '"', "x", "Move", ""];
const ANSWERS = ["move left", "move right", "stop"];
const DEPTH = 5;

/** A random language model: another distribution after every path. */
function randomModel(seed: number): (path: readonly ListedToken[]) => ListedToken[] {
  return (path) => {
    const rng = new Rng(`${seed}:${path.map(({ text }) => text).join("|")}`);
    const weights = VOCABULARY.map(() => 0.05 + rng.uniform());
    const total = weights.reduce((sum, w) => sum + w, 0);
    return VOCABULARY.map((text, id) => ({ id, text, logProbability: Math.log((weights[id] ?? 0) / total) }));
  };
}

/** The truth, without a trie: every text of up to DEPTH tokens, looked at as a whole; `undecided` is the probability of those that say nothing yet. */
function enumerate(model: ReturnType<typeof randomModel>): { readonly mass: readonly number[]; readonly undecided: number } {
  const mass = ANSWERS.map(() => 0);
  let undecided = 0;
  const visit = (path: readonly ListedToken[], p: number): void => {
    const text = path
      .map((token) => token.text)
      .join("")
      .replace(/^[ "]+/, "")
      .toLowerCase();
    const a = ANSWERS.findIndex((answer) => text.startsWith(answer));
    if (a >= 0) mass[a] = (mass[a] ?? 0) + p;
    else if (path.at(-1)?.text === "") return;
    else if (path.length < DEPTH) for (const token of model(path)) visit([...path, token], p * Math.exp(token.logProbability));
    else if (ANSWERS.some((answer) => answer.startsWith(text))) undecided += p;
  };
  visit([], 1);
  return { mass, undecided };
}

describe("walkTokens", () => {
  it("gives the probability that a text begins with an answer, within what it says it did not see", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), async (seed) => {
        const model = randomModel(seed);
        const walked = await walkTokens(ANSWERS, async (path) => ({ listed: model(path), complete: true }), { resolution: 1e-4, maxPositions: 400 });
        const found = walked.logProbabilities.map((x) => Math.exp(x) * walked.coverage);
        expect(walked.complete).toBe(true);
        const { mass, undecided } = enumerate(model);
        for (const [a, truth] of mass.entries()) {
          expect(found[a]).toBeGreaterThan(truth - walked.unseen - 1e-9);
          expect(found[a]).toBeLessThan(truth + undecided + 1e-9);
        }
        expect(walked.unseen).toBeLessThan(0.001);
        expect(undecided).toBeLessThan(0.02);
      }),
      { numRuns: 20 },
    );
  });

  it("tells a label from a longer one by the end of the answer", async () => {
    const after = new Map<string, [string, number][]>([
      [
        "",
        [
          ["go", 0.9],
          ["wait", 0.1],
        ],
      ],
      [
        "go",
        [
          ["", 0.25],
          [" home", 0.5],
          ["!", 0.2],
          ["ing", 0.05],
        ],
      ],
    ]);
    const next = async (path: readonly ListedToken[]) => {
      const listed = (after.get(path.map(({ text }) => text).join("")) ?? []).map(([text, p]) => ({ text, logProbability: Math.log(p) }));
      return { listed, complete: true };
    };
    const { logProbabilities, coverage, positions } = await walkTokens(["go", "go home", "wait"], next);
    const mass = logProbabilities.map((x) => Math.exp(x) * coverage);
    // "go!" may still become nothing longer: its next sign is no letter.
    expect(mass).toEqual([expect.closeTo(0.9 * 0.45, 9), expect.closeTo(0.45, 9), expect.closeTo(0.1, 9)]);
    expect(positions).toBe(2);
  });

  it("bounds a label that was not listed by what was not listed", async () => {
    const listed = [
      ["up", 0.7],
      ["down", 0.299],
    ].map(([text, p]) => ({ text: String(text), logProbability: Math.log(Number(p)) }));
    const walked = await walkTokens(["up", "down", "left"], async () => ({ listed, complete: false }));
    expect(walked.floored).toBe(1);
    expect(walked.unseen).toBeCloseTo(0.001, 9);
    const [up = 0, , left = 0] = walked.logProbabilities;
    expect(Math.exp(left - up)).toBeCloseTo(0.001 / 0.7, 9);
  });

  it("refuses where too much stays ambiguous, and masses that are none", async () => {
    const stuck = async () => ({
      listed: [
        { text: "m", logProbability: Math.log(0.6) },
        { text: "n", logProbability: Math.log(0.4) },
      ],
      complete: false,
    });
    await expect(walkTokens(["mmmmmmmmm1", "mmmmmmmmm2"], stuck, { maxPositions: 2 })).rejects.toThrow(PriorError);
    await expect(walkTokens(["a", "b"], async () => ({ listed: [{ text: "a", logProbability: 3 }], complete: true }))).rejects.toThrow(
      /expected a number <= 0/,
    );
    await expect(walkTokens(["a", "b"], async () => ({ listed: ["a", "b"].map((text) => ({ text, logProbability: -0.1 })), complete: true }))).rejects.toThrow(
      /together, expected at most 1/,
    );
  });
});

describe("answersBegunBy", () => {
  it.each<[string, readonly string[], readonly number[]]>([
    [" Le", ["left", "right"], [0]],
    ["left", ["left", "right"], [0]],
    ["left.", ["left", "right"], [0]],
    ["leftish", ["left", "right"], []],
    ["move", ["move", "move left"], [0, 1]],
    ["move left", ["move", "move left"], [1]],
    ["move l", ["move", "move left"], [0, 1]],
    ["move.", ["move", "move left"], [0]],
    ["go left", ["left", "right"], []],
    ["", ["left"], []],
  ])("%j of %j", (text, answers, fits) => {
    expect(answersBegunBy(text, answers)).toEqual(fits);
  });
});
