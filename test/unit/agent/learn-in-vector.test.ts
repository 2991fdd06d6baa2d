// Learning from many environments in step: explorers are told which choices they choose from.
import { expect, it } from "vitest";
import { learnInVector } from "../../../src/agent/index.ts";
import { maze, toVectorEnv } from "../../../src/envs/index.ts";
import type { Explorer } from "../../../src/policies/index.ts";
import { solve } from "../../../src/solvers/index.ts";

const { mdp } = maze();
const { stateChoices } = mdp.storage;
const env = () => toVectorEnv(mdp, 8, { maxSteps: 60 });

it("learns the seed maze", async () => {
  const best = await solve(mdp, { epsilon: 1e-9 });
  const learned = await learnInVector(env(), { steps: 20_000, seed: 3, learningRate: 0.5 });
  expect(learned.status).toBe("done");
  expect(learned.episodes).toBeGreaterThan(100);
  expect(learned.policy.action(0)).toBe(best.policy.action(0));
});

it("hands explorers the choices of the state itself, where the order of all choices has them, and how often each was taken", async () => {
  const seen: { readonly from: number; readonly to: number; readonly length: number }[] = [];
  let most = 0;
  const explore: Explorer = {
    name: "watch",
    pick: (q, from, to, rng, _step, visits) => {
      seen.push({ from, to, length: q.length });
      for (const count of visits ?? []) most = Math.max(most, count);
      return from + rng.below(to - from);
    },
    probabilities: (_q, from, to, _step, out) => out.fill(1 / (to - from), from, to),
  };
  await learnInVector(env(), { steps: 400, explore });
  for (const { from, to, length } of seen) {
    expect(length).toBe(mdp.choiceCount);
    const state = stateChoices.lastIndexOf(from);
    expect(stateChoices[state + 1]).toBe(to);
  }
  expect(new Set(seen.map(({ from }) => from)).size).toBeGreaterThan(3);
  expect(most).toBeGreaterThan(1);
});
