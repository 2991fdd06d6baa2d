// The first promise: the exact optimum lies in the bounds, for every method over every layout, at every accuracy.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryMdp, DISCOUNTS } from "../support/arbitrary-mdp.ts";
import { align, expectSound } from "../support/check-solution.ts";
import { deterministic, exactOptimum, exactPolicyValue } from "../support/exact-solve.ts";
import { buildCallback, LAYOUTS } from "../support/layouts.ts";
import { METHODS, PLACES } from "../support/methods.ts";
import { exactFromSpec, type ModelSpec, type SpecChoice } from "../support/model-spec.ts";
import { runs } from "../support/runs.ts";

/** Accuracies relative to what values may reach: easy, usual, at the edge of float64, and below it. */
const epsilons = fc.constantFrom(1e-2, 1e-6, 1e-9, 1e-12, 1e-15, 1e-17);

/** Plain iterations need many sweeps near 1: those discounts go to the methods that are fast there. */
const SLOW = new Set(["value iteration", "Gauss-Seidel", "modified policy iteration"]);

function scaleOf(spec: ModelSpec): number {
  const rewards = spec.states.flatMap((choices) => (choices ?? []).flatMap((c) => [c.reward ?? 0, ...c.branches.map((b) => b.reward)]));
  return Math.max(...rewards.map(Math.abs), 1e-6) / (1 - spec.discount);
}

describe.each(METHODS)("$name", (method) => {
  const discounts = SLOW.has(method.name) ? DISCOUNTS.filter((g) => g <= 0.999) : DISCOUNTS;

  test.each(LAYOUTS)("holds the truth over layout $name", async (layout) => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ ...layout.shape, discounts }), epsilons, fc.constantFrom(...PLACES), async (spec, accuracy, place) => {
        const mdp = await layout.build(spec);
        const model = align(exactFromSpec(spec), mdp);
        const solution = await method.solve(mdp, { ...place, epsilon: accuracy * scaleOf(spec) });
        expect(["converged", "precision"]).toContain(solution.status);
        if (accuracy >= 1e-9) expect(solution.status).toBe("converged");
        expectSound(solution, model, exactOptimum(model).value, (choice) => exactPolicyValue(model, deterministic(model, choice)));
      }),
      runs(30),
    );
  });

  test("holds a policy that takes nearly the best action: the worse of two twins comes first", async () => {
    const twins = arbitraryMdp({ rewardsBy: "choice", discounts: [0, 0.5, 0.9, 0.99], rewardScales: [1], objectives: false });
    await fc.assert(
      fc.asyncProperty(twins, fc.constantFrom(1e-15, 1e-13, 1e-11, 1e-9, 1e-7), fc.constantFrom(1e-3, 1e-5, 1e-7, 1e-9), async (spec, worse, epsilon) => {
        const pair = (c: SpecChoice): SpecChoice[] => [
          { ...c, action: 2 * c.action, reward: c.reward! - worse },
          { ...c, action: 2 * c.action + 1 },
        ];
        const doubled: ModelSpec = { ...spec, actions: 2 * spec.actions, states: spec.states.map((choices) => choices?.flatMap(pair)) };
        const model = exactFromSpec(doubled);
        const solution = await method.solve(buildCallback(doubled), { epsilon });
        expectSound(solution, model, exactOptimum(model).value, (choice) => exactPolicyValue(model, deterministic(model, choice)));
      }),
      runs(60),
    );
  });

  test("holds the truth when stopped early", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp(), fc.integer({ min: 1, max: 5 }), fc.constantFrom(...PLACES), async (spec, maxSweeps, place) => {
        const mdp = await LAYOUTS[0]!.build(spec);
        const model = exactFromSpec(spec);
        const solution = await method.solve(mdp, { ...place, epsilon: 1e-12 * scaleOf(spec), maxSweeps });
        expectSound(solution, model, exactOptimum(model).value, (choice) => exactPolicyValue(model, deterministic(model, choice)));
      }),
      runs(60),
    );
  });
});
