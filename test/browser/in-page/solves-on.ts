// Solves on a device in a page: certified in float64 like any other, meeting the CPU's bounds at every state, and leaving no tensor behind.
import { describe, expect, test } from "vitest";
import { garnet, grid } from "../../../src/envs/index.ts";
import type { Tfjs } from "../../../src/kernels/tensor/index.ts";
import { policyIteration, type SolveOptions, solve, valueIteration, verify } from "../../../src/solvers/index.ts";

const MODELS = [
  { name: "a garnet", mdp: garnet({ states: 500, actions: 4, branches: 5, seed: 2 }).mdp, discount: 0.95 },
  { name: "a grid that ends", mdp: grid({ rows: 20, columns: 20, slip: 0.2, walls: 0.2, seed: 1 }).mdp, discount: 0.97 },
] as const;

const SOLVERS = { solve, valueIteration, policyIteration } as const;

/**
 * @param device what solvers are told.
 * @param backend what the solution says has computed.
 * @param solvers which of them: one where each takes many seconds.
 */
export function solvesOn(
  tf: Tfjs,
  device: NonNullable<SolveOptions<unknown, unknown>["device"]>,
  backend: string,
  solvers: readonly (keyof typeof SOLVERS)[],
): void {
  describe.each(solvers)(`%s on ${backend}`, (called) => {
    const solver = SOLVERS[called];
    for (const { name, mdp, discount } of MODELS) {
      test(name, async () => {
        const tensors = tf.memory().numTensors;
        const there = await solver(mdp, { device, discount, epsilon: 1e-8 });
        const here = await solve(mdp, { device: "cpu", discount, epsilon: 1e-8 });
        expect(there.status).toBe("converged");
        expect(there.device.split("+")[0]).toBe(backend);
        expect((await verify(mdp, there)).holds).toBe(true);
        for (let s = 0; s < mdp.stateCount; s++) {
          expect(there.bounds.lower.array[s]).toBeLessThanOrEqual(here.bounds.upper.array[s] ?? Number.NaN);
          expect(there.bounds.upper.array[s]).toBeGreaterThanOrEqual(here.bounds.lower.array[s] ?? Number.NaN);
        }
        expect(tf.memory().numTensors).toBe(tensors);
      });
    }
  });
}
