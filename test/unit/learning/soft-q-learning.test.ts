// Learning and exploring with a reference policy: the soft fixed point is reached, draws are as probable as stated, and a wrong option is refused.
import { describe, expect, it } from "vitest";
import { maze, toEnv } from "../../../src/envs/index.ts";
import { OptionError, ShapeError } from "../../../src/errors.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { Policy, policySpace, priorGuided, softPrior } from "../../../src/policies/index.ts";
import { regularizedValueIteration } from "../../../src/solvers/index.ts";
import { qLearning, softQLearning } from "../../../src/solvers/learning/index.ts";
import { ring } from "./environments.ts";

const model = ring();
const rows = Float64Array.from([0.9, 0.1, 0.001, 0.5, 0.5, 0.2, 0.3, 0.5, 1, 0.01, 0.25, 0.25, 0.5, 0.4, 0.6]);
/** The rows above, each made to sum to 1. */
const reference = Policy.stochastic(policySpace(model), normalised(rows));

function normalised(numbers: Float64Array): Float64Array {
  const { stateChoices, stateCount } = model.storage;
  const out = numbers.slice();
  for (let s = 0; s < stateCount; s++) {
    const row = out.subarray(stateChoices[s]!, stateChoices[s + 1]!);
    const total = row.reduce((sum, p) => sum + p, 0);
    for (let k = 0; k < row.length; k++) row[k]! /= total;
  }
  return out;
}

describe("softQLearning", () => {
  it.each(["maximize", "minimize"] as const)("comes to the q of regularizedValueIteration (%s)", async (objective) => {
    const mdp = model.with({ objective });
    const soft = await regularizedValueIteration(mdp, { reference, temperature: 2, epsilon: 1e-9 });
    const learned = await softQLearning(toEnv(mdp, { maxSteps: 50 }), { steps: 300_000, seed: 3, reference, temperature: 2 });
    for (const [c, q] of learned.q.array.entries()) {
      // Rarely taken choices know their value only as well as their visits allow.
      if (learned.visits[c]! > 2000) expect(Math.abs(q - soft.q.array[c]!)).toBeLessThan(0.25);
    }
    expect(learned.visits.filter((n) => n > 2000).length).toBeGreaterThan(5);
  });

  it("refuses what it cannot learn by", async () => {
    await expect(softQLearning(toEnv(model), { steps: 1, reference, temperature: 0 })).rejects.toThrow(OptionError);
    await expect(softQLearning(toEnv(maze().mdp), { steps: 1, reference: reference as never, temperature: 1 })).rejects.toThrow(ShapeError);
  });
});

describe.each([
  ["priorGuided", priorGuided(reference, 0.4)],
  ["softPrior", softPrior(reference, 0.7)],
])("%s", (_name, explorer) => {
  it("draws as its probabilities say", () => {
    const q = Float64Array.from(rows, (_, c) => Math.sin(c));
    const [from, to] = [model.storage.stateChoices[0]!, model.storage.stateChoices[1]!];
    const stated = new Float64Array(rows.length);
    explorer.probabilities(q, from, to, 0, stated);
    expect(stated.subarray(from, to).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    const rng = new Rng("draws");
    const counts = new Float64Array(rows.length);
    const draws = 40_000;
    for (let i = 0; i < draws; i++) counts[explorer.pick(q, from, to, rng, 0)]!++;
    for (let c = from; c < to; c++) expect(Math.abs(counts[c]! / draws - stated[c]!)).toBeLessThan(0.012);
  });
});

it("softPrior weighs values against the reference, safe against overflow", () => {
  const q = new Float64Array(rows.length);
  const p = new Float64Array(rows.length);
  const [from, to] = [model.storage.stateChoices[0]!, model.storage.stateChoices[1]!];
  const explorer = softPrior(reference, 1e-3);
  explorer.probabilities(q, from, to, 0, p);
  for (let c = from; c < to; c++) expect(p[c]).toBeCloseTo(reference.probabilities()[c]!, 12);
  q[from + 1] = 1e6;
  expect(explorer.softValue(q, from, to)).toBeCloseTo(1e6, 0);
  expect(() => softPrior(reference, Infinity)).toThrow(OptionError);
  expect(() => priorGuided(reference, 2)).toThrow(OptionError);
});

it("priorGuided explores where the prior points: a maze is learned from no optimism at all", async () => {
  const { mdp } = maze();
  const downwards = new Set([2, 3, 6, 7, 11]);
  const right = Policy.from(policySpace(mdp), (s) => {
    const favourite = downwards.has(Number(s)) ? "down" : "right";
    return ["up", "down", "left", "right"].map((action) => [action, action === favourite ? 0.85 : 0.05] as const);
  });
  const learned = await qLearning(toEnv(mdp, { maxSteps: 200 }), { steps: 3000, seed: 1, explore: priorGuided(right, 0.5) });
  expect(Math.max(...learned.q.row(0).values())).toBeCloseTo(0.99 ** 5, 2);
});
