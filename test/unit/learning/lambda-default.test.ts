// Traces with the learning rate left out: values stay within what the rewards allow.
import { expect, it } from "vitest";
import { makeBuiltIn, toEnv } from "../../../src/envs/index.ts";
import { sarsaLambda, watkinsQ } from "../../../src/solvers/index.ts";

it.each([sarsaLambda, watkinsQ])("%o does not diverge on the maze with the default rate", async (learn) => {
  const learned = await learn(toEnv(makeBuiltIn("maze").mdp, { maxSteps: 200 }), { steps: 20_000, lambda: 0.9, seed: 1 });
  for (const q of learned.q.array) expect(Math.abs(q)).toBeLessThanOrEqual(1.5);
});
