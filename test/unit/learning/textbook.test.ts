// Traces and double learning against the textbook's algorithms, run step by step over the same recorded episodes.
import { describe, expect, it } from "vitest";
import { toEnv } from "../../../src/envs/index.ts";
import { linearDecay } from "../../../src/policies/index.ts";
import { type LambdaOptions, qLearning, sarsaLambda, watkinsQ } from "../../../src/solvers/learning/index.ts";
import { type Episode, recording, ring } from "./environments.ts";

const model = ring();
const { stateChoices } = model.storage;
const [DISCOUNT, LAMBDA, RATE] = [0.9, 0.8, 0.3];

const best = (q: Float64Array, state: number) => {
  const row = q.subarray(stateChoices[state], stateChoices[state + 1]);
  return row.length === 0 ? 0 : Math.max(...row);
};

/** Sutton and Barto's SARSA(λ) (first edition, figure 7.11) and Watkins's Q(λ) (figure 7.14), with a trace for every choice. */
function replay(episodes: readonly Episode[], kind: "accumulating" | "replacing", watkins: boolean): Float64Array {
  const q = new Float64Array(model.choiceCount);
  for (const { states, choices, rewards, terminated } of episodes) {
    const trace = new Float64Array(q.length);
    for (const [t, c] of choices.entries()) {
      const ended = terminated && t === choices.length - 1;
      const next = choices[t + 1];
      const follows = ended ? 0 : watkins ? best(q, states[t + 1]!) : q[next ?? -1]!;
      const error = rewards[t]! + DISCOUNT * follows - q[c]!;
      trace[c] = kind === "accumulating" ? trace[c]! + 1 : 1;
      for (const i of q.keys()) q[i] = q[i]! + RATE * error * trace[i]!;
      const cut = watkins && next !== undefined && q[next] !== best(q, states[t + 1]!);
      for (const i of q.keys()) trace[i] = cut ? 0 : DISCOUNT * LAMBDA * trace[i]!;
    }
  }
  return q;
}

describe.each([
  ["sarsaLambda", sarsaLambda, false],
  ["watkinsQ", watkinsQ, true],
] as const)("%s", (_name, learner, watkins) => {
  it.each(["accumulating", "replacing"] as const)("with %s traces is the textbook's", async (traces) => {
    const episodes: Episode[] = [];
    const options: LambdaOptions<number, number> = { steps: 1e6, episodes: 25, seed: 2, lambda: LAMBDA, traces, learningRate: RATE, discount: DISCOUNT };
    const { q } = await learner(recording(toEnv(model), episodes), options);
    expect(episodes.length).toBe(25);
    expect(Math.max(...episodes.map(({ choices }) => choices.length))).toBeGreaterThan(10);
    const expected = replay(episodes, traces, watkins);
    // Dropped traces are below 1e-9.
    for (const [c, x] of expected.entries()) expect(Math.abs(q.array[c]! - x), `choice ${c}`).toBeLessThan(1e-6);
    // The kinds of traces, and the cut, make a difference here.
    expect(
      Math.max(...replay(episodes, traces === "replacing" ? "accumulating" : "replacing", watkins).map((x, c) => Math.abs(x - expected[c]!))),
    ).toBeGreaterThan(0.01);
  });
});

describe("qLearning", () => {
  it("is the textbook's, with the rate of each step", async () => {
    const episodes: Episode[] = [];
    const rate = linearDecay({ from: 1, to: 0, steps: 400 });
    const { q, visits } = await qLearning(recording(toEnv(model), episodes), { steps: 400, seed: 5, learningRate: rate });
    const expected = new Float64Array(model.choiceCount);
    const counts = new Float64Array(model.choiceCount);
    let step = 0;
    for (const { states, choices, rewards, terminated } of episodes) {
      for (const [t, c] of choices.entries()) {
        const follows = terminated && t === choices.length - 1 ? 0 : best(expected, states[t + 1]!);
        expected[c] = expected[c]! + (1 - step / 400) * (rewards[t]! + DISCOUNT * follows - expected[c]!);
        counts[c] = counts[c]! + 1;
        step++;
      }
    }
    expect(visits).toEqual(counts);
    for (const [c, x] of expected.entries()) expect(q.array[c]).toBeCloseTo(x, 10);
  });
});
