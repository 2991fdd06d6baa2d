// Models too large to solve exactly, with a truth known from a small one: the ways taken above a few hundred states, and shared rows.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UnsupportedModelError } from "../../src/errors.ts";
import { buildMdp } from "../../src/mdp/index.ts";
import { verify } from "../../src/solvers/index.ts";
import { arbitraryMdp } from "../support/arbitrary-mdp.ts";
import { boundViolations, expectInside } from "../support/close.ts";
import { exactOptimum } from "../support/exact-solve.ts";
import { exactTotalReward } from "../support/exact-total.ts";
import { buildCallback } from "../support/layouts.ts";
import { lift, liftTruth } from "../support/lift.ts";
import { METHODS } from "../support/methods.ts";
import { exactFromSpec } from "../support/model-spec.ts";
import { Rational } from "../support/rational.ts";
import { runs } from "../support/runs.ts";

const DISCOUNTED = arbitraryMdp({ maxStates: 6, discounts: [0.5, 0.9, 0.99, 0.999] });
const UNDISCOUNTED = arbitraryMdp({ maxStates: 5, discounts: [1], parts: [1, 2, 4], offByUlp: false, rewards: { min: -2, max: 2 }, rewardScales: [1] });

describe.each(METHODS)("$name", (method) => {
  test.each(["scattered", "repeated"] as const)("holds the truth on hundreds of states, %s", async (wiring) => {
    await fc.assert(
      fc.asyncProperty(DISCOUNTED, fc.constantFrom(1e-3, 1e-9), async (spec, accuracy) => {
        const copies = Math.ceil(700 / spec.states.length);
        const mdp = buildCallback(lift(spec, copies, wiring));
        const largest = mdp.storage.reward.reduce((most, r) => Math.max(most, Math.abs(r)), 1e-6);
        const solution = await method.solve(mdp, { epsilon: (accuracy * largest) / (1 - spec.discount) });
        expect(solution.status).toBe("converged");
        expectInside(liftTruth(exactOptimum(exactFromSpec(spec)).value, copies), { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array });
        expect((await verify(mdp, solution)).reasons).toEqual([]);
      }),
      runs(8),
    );
  });

  test("holds the truth on hundreds of states at discount 1", async () => {
    await fc.assert(
      fc.asyncProperty(UNDISCOUNTED, async (spec) => {
        const truth = exactTotalReward(exactFromSpec(spec));
        if (truth.kind !== "defined") return;
        const copies = Math.ceil(600 / spec.states.length);
        const mdp = buildCallback(lift(spec, copies, "scattered"));
        const solution = await method.solve(mdp, { epsilon: 1e-6 }).catch((error: unknown) => {
          // Copies wired into each other may join cycles whose gain cancels out, which one copy has not.
          expect(error).toBeInstanceOf(UnsupportedModelError);
          return undefined;
        });
        if (solution === undefined) return;
        expect(solution.status).toBe("converged");
        expectInside(liftTruth(truth.value, copies), { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array });
      }),
      runs(12),
    );
  });

  test("a corridor of 1,000 cells: the reward at its end travels all the way", async () => {
    const cells = 1000;
    const discount = 0.995;
    const mdp = buildMdp({ states: cells + 1, actions: ["back", "on"], discount }, (s, model) => {
      if (s === cells) return model.terminal();
      model.choice(0, 0);
      model.branch(Math.max(0, s - 1), 1);
      model.choice(1, s === cells - 1 ? 1 : 0);
      model.branch(s + 1, 1);
    });
    const solution = await method.solve(mdp, { epsilon: 1e-9 });
    expect(solution.status).toBe("converged");
    const truth = [Rational.zero, Rational.one];
    for (let k = 2; k <= cells; k++) truth.push(truth[k - 1]!.mul(Rational.of(discount)));
    // Only every 50th cell: the fractions have 53 more bits for every step.
    for (let s = 0; s <= cells; s += 50) {
      const at = { lower: [solution.bounds.lower.array[s]!], upper: [solution.bounds.upper.array[s]!] };
      expect(boundViolations([truth[cells - s]!], at)).toEqual([]);
    }
  });
});

test("rows repeated often enough are stored once, and nothing else changes", () => {
  const core = { actions: 2, discount: 0.9, objective: "maximize" as const };
  const branch = (next: number, probability: number) => ({ next, probability, reward: 0, ends: false });
  const spec = {
    ...core,
    states: [
      [
        { action: 0, reward: 1, branches: [branch(0, 0.3), branch(1, 0.7)] },
        { action: 1, reward: 2, branches: [branch(1, 1)] },
      ],
      [{ action: 0, reward: -1, branches: [branch(0, 0.3), branch(1, 0.7)] }],
    ],
  };
  const mdp = buildCallback(lift(spec, 3000, "repeated"));
  expect(mdp.choiceCount).toBe(9000);
  expect(mdp.storage.rowCount).toBeLessThan(4200);
  expect(mdp.branchCount).toBe(15000);
  for (const s of [0, 1, 4095, 5998, 5999])
    expect(mdp.branches(s, 0)).toMatchObject([
      { next: 0, probability: 0.3 },
      { next: 1, probability: 0.7 },
    ]);
});
