// Priors side by side: calibration by hand, baselines that know what they say, the worst states, medians and ranges over draws.
import { describe, expect, it } from "vitest";
import { maze, recyclingRobot } from "../../../src/envs/index.ts";
import { OptionError } from "../../../src/errors.ts";
import {
  baselines,
  calibrationCurve,
  comparePriors,
  decisionStates,
  harmfulPolicy,
  optimalChoices,
  shuffledPolicy,
  uniformOverOptimal,
} from "../../../src/llm-prior/index.ts";
import { Policy, policySpace } from "../../../src/policies/index.ts";
import { solve } from "../../../src/solvers/index.ts";

const { mdp, grid } = maze();
const best = await solve(mdp, { epsilon: 1e-9 });
const optimal = optimalChoices(best);
const states = decisionStates(mdp);

/** `sure` on an optimal action in the first `right` of the states compared, on another in the rest. */
function advice(right: number, sure: number): Policy<unknown, unknown> {
  const probability = new Float64Array(mdp.choiceCount);
  const { stateChoices } = mdp.storage;
  for (let s = 0; s < mdp.stateCount; s++) {
    const choices = Array.from({ length: stateChoices[s + 1]! - stateChoices[s]! }, (_, i) => stateChoices[s]! + i);
    const good = states.indexOf(s) < right;
    const favourite = choices.find((c) => (optimal[c] === 1) === good);
    for (const c of choices) probability[c] = c === favourite ? sure : (1 - sure) / (choices.length - 1);
  }
  return Policy.stochastic(policySpace(mdp), probability);
}

describe("calibrationCurve", () => {
  it("counts, by hand: 7 of 10 right at 0.7 is calibrated, at 0.95 it is off by a quarter", () => {
    expect(states).toHaveLength(10);
    const honest = calibrationCurve([advice(7, 0.7)], optimal, states);
    expect(honest.bins).toEqual([{ from: 0.6, to: 0.7, count: 10, confidence: expect.closeTo(0.7, 12), accuracy: 0.7 }]);
    expect(honest.error).toBeCloseTo(0, 12);
    expect(calibrationCurve([advice(7, 0.95)], optimal, states).error).toBeCloseTo(0.25, 12);
    const both = calibrationCurve([advice(10, 0.55), advice(0, 0.95)], optimal, states);
    expect(both.bins.map(({ count, accuracy }) => [count, accuracy])).toEqual([
      [10, 1],
      [10, 0],
    ]);
    expect(both.error).toBeCloseTo((0.45 + 0.95) / 2, 12);
    expect(() => calibrationCurve([advice(1, 0.5)], optimal, states, 0)).toThrow(OptionError);
  });
});

describe("baselines", () => {
  it("are what they are called", async () => {
    const prior = advice(10, 0.9);
    const all = baselines(mdp, best, prior, { grid, seeds: [1, 2, 3, 4, 5] });
    expect(all.map(({ name }) => name)).toEqual(["uniform", "feasible only", "heuristic", "shuffled", "harmful"]);
    const [uniform, feasible, heuristic, shuffled, harmful] = await comparePriors(mdp, all, best);
    expect(uniform?.massOnOptimal).toEqual({ median: 0.25, min: 0.25, max: 0.25 });
    expect(harmful?.agreement.max).toBe(0);
    expect(harmful?.regretMax.min).toBeGreaterThan(0.9);
    expect(feasible?.massOnOptimal.min).toBeGreaterThan(0.25);
    expect(heuristic?.agreement.min).toBeGreaterThan(0.5);
    // As much told by the state as before, of other states: right only by chance, and not every time the same.
    expect(shuffled?.comparisons).toHaveLength(5);
    expect(shuffled?.agreement.max).toBeLessThan(1);
    expect(shuffled?.agreement.min).toBeLessThan(shuffled?.agreement.max ?? 0);
  });

  it("shuffle rows among states of as many choices, the same by the same seed", () => {
    const robot = recyclingRobot().mdp;
    const { stateChoices } = robot.storage;
    const given = Policy.stochastic(policySpace(robot), Float64Array.from([0.9, 0.1, 0.2, 0.3, 0.5]));
    // Two states of two and three choices: nothing can be dealt out.
    expect(stateChoices).toEqual(Int32Array.from([0, 2, 5]));
    expect(shuffledPolicy(given, 1).probabilities()).toEqual(given.probabilities());
    const prior = advice(4, 0.8);
    const dealt = shuffledPolicy(prior, 7).probabilities();
    expect(shuffledPolicy(prior, 7).probabilities()).toEqual(dealt);
    expect(dealt).not.toEqual(prior.probabilities());
    expect(Float64Array.from(dealt).sort()).toEqual(prior.probabilities().sort());
  });

  it("harm under minimize by what costs most", async () => {
    const costs = mdp.with({ objective: "minimize" });
    const cheapest = await solve(costs);
    const probabilities = harmfulPolicy(cheapest).probabilities();
    for (const s of states) {
      const row = Array.from({ length: 4 }, (_, i) => mdp.storage.stateChoices[s]! + i);
      const favourite = row.reduce((a, b) => (probabilities[b]! > probabilities[a]! ? b : a));
      for (const c of row) expect(cheapest.q.array[favourite]).toBeGreaterThanOrEqual(cheapest.q.array[c]! - 1e-9);
    }
  });
});

describe("comparePriors", () => {
  it("names the states where the favourite itself loses most, with bounds that hold its regret", async () => {
    const [review] = await comparePriors(mdp, [{ name: "mine", policies: [advice(6, 0.9)] }], best, { worst: 3 });
    expect(review?.worst).toHaveLength(3);
    let last = Infinity;
    for (const { state, favourite, ownLoss, regret, lower, upper, probability } of review?.worst ?? []) {
      expect(optimal[favourite]).toBe(0);
      expect(probability).toBeCloseTo(0.9, 12);
      expect(ownLoss).toBeLessThanOrEqual(last);
      expect(ownLoss).toBeCloseTo(best.value.array[state]! - best.q.array[favourite]!, 12);
      expect(lower <= regret && regret <= upper).toBe(true);
      last = ownLoss;
    }
    const [perfect] = await comparePriors(mdp, [{ name: "best", policies: [uniformOverOptimal(best)] }], best);
    expect(perfect?.worst).toEqual([]);
  });

  it("reports medians and ranges over the policies of one prior, and refuses none", async () => {
    const [review] = await comparePriors(mdp, [{ name: "three", policies: [advice(2, 0.9), advice(10, 0.9), advice(5, 0.9)] }], best);
    expect(review?.agreement).toEqual({ median: 0.5, min: 0.2, max: 1 });
    await expect(comparePriors(mdp, [{ name: "none", policies: [] }], best)).rejects.toThrow(OptionError);
  });
});
