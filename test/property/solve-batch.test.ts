// A batch is as many solves: every column holds the exact truth of its own model, and meets the bounds of solve().
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mdp } from "../../src/mdp/index.ts";
import { solve, solveBatch } from "../../src/solvers/index.ts";
import { arbitraryMdp, DISCOUNTS } from "../support/arbitrary-mdp.ts";
import { expectSound } from "../support/check-solution.ts";
import { exactFromMdp } from "../support/exact-model.ts";
import { deterministic, exactOptimum, exactPolicyValue } from "../support/exact-solve.ts";
import { buildCallback } from "../support/layouts.ts";
import { runs } from "../support/runs.ts";

const epsilons = fc.constantFrom(1e-2, 1e-6, 1e-9, 1e-12, 1e-15);

/** Small whole rewards times a scale, one a choice; more than any model here has choices. */
const rewardTables = fc.array(fc.tuple(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 64, maxLength: 64 }), fc.constantFrom(1, 1e-6, 1e6, 1 / 3)), {
  minLength: 1,
  maxLength: 5,
});

function rewardsFor(mdp: Mdp, tables: readonly (readonly [number[], number])[]): Float64Array[] {
  return tables.map(([numbers, scale]) => Float64Array.from({ length: mdp.choiceCount }, (_, c) => numbers[c % numbers.length]! * scale));
}

const checked = arbitraryMdp({ rewardsBy: "choice" });

test("B reward functions: each column holds the truth of its own model and meets solve()'s bounds", async () => {
  await fc.assert(
    fc.asyncProperty(checked, rewardTables, epsilons, async (spec, tables, accuracy) => {
      const mdp = buildCallback(spec);
      const rewards = rewardsFor(mdp, tables);
      const epsilon = (accuracy * 4e6) / (1 - spec.discount);
      const batch = await solveBatch(mdp, { rewards, epsilon, device: tables.length % 2 === 0 ? "wasm" : "cpu" });
      expect(batch.size).toBe(rewards.length);
      for (const [j, solution] of batch.solutions.entries()) {
        const model = exactFromMdp(solution.mdp);
        expect(Array.from(solution.mdp.storage.reward)).toEqual(Array.from(rewards[j]!));
        if (accuracy >= 1e-9) expect(solution.status).toBe("converged");
        expectSound(solution, model, exactOptimum(model).value, (choice) => exactPolicyValue(model, deterministic(model, choice)));
        const own = await solve(solution.mdp, { epsilon });
        for (let s = 0; s < mdp.stateCount; s++) {
          expect(solution.bounds.lower.array[s]!).toBeLessThanOrEqual(own.bounds.upper.array[s]!);
          expect(solution.bounds.upper.array[s]!).toBeGreaterThanOrEqual(own.bounds.lower.array[s]!);
          expect(batch.value[s * batch.size + j]).toBe(solution.value.array[s]);
          expect(batch.lower[s * batch.size + j]).toBe(solution.bounds.lower.array[s]);
          expect(batch.upper[s * batch.size + j]).toBe(solution.bounds.upper.array[s]);
        }
      }
    }),
    runs(60),
  );
});

test("B discounts, and pairs of both: each column holds the truth of its own model", async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryMdp(),
      fc.array(fc.constantFrom(...DISCOUNTS), { minLength: 1, maxLength: 6 }),
      rewardTables,
      fc.boolean(),
      async (spec, discounts, tables, both) => {
        const mdp = buildCallback(spec);
        const rewards = both
          ? rewardsFor(
              mdp,
              discounts.map((_, j) => tables[j % tables.length]!),
            )
          : undefined;
        const epsilon = (1e-9 * 4e6) / (1 - Math.max(...discounts));
        const { solutions } = await solveBatch(mdp, { rewards, discounts, epsilon });
        for (const [j, solution] of solutions.entries()) {
          expect(solution.discount).toBe(discounts[j]);
          expect(solution.status).toBe("converged");
          const model = exactFromMdp(solution.mdp);
          // Where the spec gave rewards by branch the compiled expectation is rounded, and the bounds say by how much.
          if (both || mdp.storage.rounding.reward === 0)
            expectSound(solution, model, exactOptimum(model).value, (choice) => exactPolicyValue(model, deterministic(model, choice)));
        }
      },
    ),
    runs(60),
  );
});

test("stopped early, the bounds still hold the truth", async () => {
  await fc.assert(
    fc.asyncProperty(checked, rewardTables, fc.integer({ min: 1, max: 12 }), async (spec, tables, maxSweeps) => {
      const mdp = buildCallback(spec);
      const { solutions } = await solveBatch(mdp, { rewards: rewardsFor(mdp, tables), epsilon: 1e-9, maxSweeps });
      for (const solution of solutions) {
        const model = exactFromMdp(solution.mdp);
        expectSound(solution, model, exactOptimum(model).value, (choice) => exactPolicyValue(model, deterministic(model, choice)));
      }
    }),
    runs(40),
  );
});
