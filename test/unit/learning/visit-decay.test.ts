// Advice that fades with the visits of a state: its weight, that learners hand the visits in, that a harmful prior is washed out.
import { describe, expect, it } from "vitest";
import { type Env, maze, toEnv } from "../../../src/envs/index.ts";
import { OptionError } from "../../../src/errors.ts";
import type { Label } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { explorerPolicy, Policy, policySpace, priorGuided } from "../../../src/policies/index.ts";
import {
  doubleQLearning,
  expectedSarsa,
  type LearnOptions,
  type LearnResult,
  nStepSarsa,
  qLearning,
  sarsa,
  watkinsQ,
} from "../../../src/solvers/learning/index.ts";
import { ring } from "./environments.ts";

type Learner = (env: Env<number, number>, options: LearnOptions<number, number>) => Promise<LearnResult<number, number>>;

const model = ring();
/** Always the first action. */
const first = Policy.from(policySpace(model), () => 0);

describe("priorGuided with visits", () => {
  const [from, to] = [model.storage.stateChoices[0]!, model.storage.stateChoices[1]!];
  const q = Float64Array.from(first.probabilities(), (_, c) => -Math.abs(c - 1));
  const explorer = priorGuided(first, 0.5, { visits: 10 });

  it.each([
    [0, 1],
    [10, 0.5],
    [90, 0.1],
  ])("weighs the prior k / (k + n) after %i visits", (n, weight) => {
    const visits = new Float64Array(q.length);
    visits[from] = n - Math.floor(n / 3);
    visits[to - 1] = Math.floor(n / 3);
    // Another state's visits count for nothing here.
    visits[to] = 1000;
    const stated = new Float64Array(q.length);
    explorer.probabilities(q, from, to, 0, stated, visits);
    const any = (0.5 * (1 - weight)) / 3;
    expect(stated[from]).toBeCloseTo(0.5 * weight + any, 12);
    expect(stated[from + 1]).toBeCloseTo(0.5 + any, 12);
    expect(stated[from + 2]).toBeCloseTo(any, 12);
    const rng = new Rng("draws");
    const counts = new Float64Array(q.length);
    for (let i = 0; i < 40_000; i++) counts[explorer.pick(q, from, to, rng, 0, visits)]!++;
    for (let c = from; c < to; c++) expect(Math.abs(counts[c]! / 40_000 - stated[c]!)).toBeLessThan(0.012);
  });

  it("needs visits, and a positive number of them to fade by", async () => {
    expect(() => explorer.probabilities(q, from, to, 0, new Float64Array(q.length))).toThrow(/counts none/);
    for (const visits of [0, -1, Number.NaN]) expect(() => priorGuided(first, 0.1, { visits })).toThrow(OptionError);
    const { q: learned, visits } = await qLearning(toEnv(model, { maxSteps: 50 }), { steps: 1000, explore: explorer });
    expect(() => explorerPolicy(learned, explorer)).toThrow(OptionError);
    expect(explorerPolicy(learned, explorer, "maximize", 0, visits).probability(0, 2)).toBeGreaterThan(0);
  });

  it.each<[string, Learner]>([
    ["qLearning", qLearning],
    ["sarsa", sarsa],
    ["doubleQLearning", doubleQLearning],
    ["expectedSarsa", expectedSarsa],
    ["nStepSarsa", (env, options) => nStepSarsa(env, { ...options, n: 2 })],
    ["watkinsQ", (env, options) => watkinsQ(env, { ...options, lambda: 0.5 })],
  ])("is handed the visits by %s", async (_name, learn) => {
    // Nothing but the fading leads to what the prior gives 0.
    const tries = async (visits: number) =>
      (await learn(toEnv(model, { maxSteps: 50 }), { steps: 3000, explore: priorGuided(first, 1, { visits }) })).visits[1];
    expect(await tries(20)).toBeGreaterThan(50);
    expect(await tries(Infinity)).toBe(0);
  });

  it("goes on from a saved state as if it had never stopped", async () => {
    const env = () => toEnv(model, { maxSteps: 50 });
    const whole = await qLearning(env(), { steps: 2000, seed: 5, explore: explorer });
    const half = await qLearning(env(), { steps: 777, seed: 5, explore: explorer });
    const rest = await qLearning(env(), { steps: 2000, explore: explorer, resume: JSON.parse(JSON.stringify(half.state)) });
    expect(rest.q.array).toEqual(whole.q.array);
  });
});

describe("a harmful prior that fades", () => {
  const { mdp } = maze();

  it("is washed out: the maze is learned, which with the same prior unfaded it is not", async () => {
    // Up or left, always away from the goal, and nothing else.
    const harmful = Policy.from<Label, Label>(policySpace(mdp), () => [
      ["up", 0.5],
      ["left", 0.5],
    ]);
    const options = { steps: 20_000, initialQ: 0, seed: 3 };
    const fading = await qLearning(toEnv(mdp, { maxSteps: 200 }), { ...options, explore: priorGuided(harmful, 0.8, { visits: 20 }) });
    const lasting = await qLearning(toEnv(mdp, { maxSteps: 200 }), { ...options, explore: priorGuided(harmful, 0.8) });
    expect(fading.value.at(0)).toBeCloseTo(0.99 ** 5, 2);
    expect(lasting.value.at(0)).toBeLessThan(0.1);
  });
});
