// Models at the edges of float64 and of the definitions: refused with words or solved, never NaN, never without end.
import { describe, expect, test } from "vitest";
import { UnsupportedModelError } from "../../src/errors.ts";
import { buildMdp, type Mdp } from "../../src/mdp/index.ts";
import { Policy, policySpace } from "../../src/policies/policy.ts";
import { evaluatePolicy, stationaryDistribution, verify } from "../../src/solvers/index.ts";
import { expectInside } from "../support/close.ts";
import { exactFromMdp } from "../support/exact-model.ts";
import { exactOptimum } from "../support/exact-solve.ts";
import { METHODS } from "../support/methods.ts";
import { haddadMonmege } from "../support/published.ts";

/** Two states that lead to each other with probability p in all, paying r. */
function pair(p: number, rewards: readonly [number, number], discount: number, objective: "maximize" | "minimize" = "maximize"): Mdp {
  return buildMdp({ states: 2, actions: 1, discount, objective }, (s, model) => {
    model.choice(0, rewards[s]!);
    model.branch(1 - s, p);
  });
}

/** No method may run for ever: none of these takes a second. */
const QUICK = { maxSeconds: 10 } as const;

describe.each(METHODS)("$name", (method) => {
  test("discount times row sum at or above 1 is refused: totals need not be finite", async () => {
    await expect(method.solve(pair(1 + 9e-10, [1, 2], 1 - 1e-10), QUICK)).rejects.toThrow(UnsupportedModelError);
    await expect(method.solve(pair(1 + 9e-10, [1, 2], 1 - 1e-10), QUICK)).rejects.toThrow(/largest row sum/);
  });

  test("rewards that add up to more than float64 holds are refused", async () => {
    for (const rewards of [
      [1e308, 1e308],
      [1e308, -1e308],
      [Number.MAX_VALUE, 0],
    ] as const) {
      await expect(method.solve(pair(1, rewards, 0.99), QUICK)).rejects.toThrow(UnsupportedModelError);
    }
  });

  test.each([1e-320, 1e-300, 1e-150, 1e150, 1e280])("rewards of the size of %d", async (size) => {
    const mdp = pair(1, [size, 3 * size], 0.9);
    const solution = await method.solve(mdp, { ...QUICK, epsilon: Math.max(5e-324, 1e-6 * size) });
    expectInside(exactOptimum(exactFromMdp(mdp)).value, { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array });
    if (size >= 1e-300) expect(solution.status).toBe("converged");
  });

  test("an accuracy below what float64 can show ends as such, near 1 too", async () => {
    for (const discount of [0.5, 0.99, 0.9999]) {
      const mdp = pair(1, [1 / 3, 2 / 3], discount);
      const solution = await method.solve(mdp, { ...QUICK, epsilon: 1e-300 });
      expect(solution.status).toBe("precision");
      expectInside(exactOptimum(exactFromMdp(mdp)).value, { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array });
      // Not a pretext: the bounds are near what rounding allows.
      expect(solution.gap).toBeLessThanOrEqual(1e-13 / (1 - discount) ** 2);
    }
  });

  test("a start far away, or at the end of the range, is no obstacle", async () => {
    const mdp = pair(1, [1, 2], 0.9);
    for (const far of [1e15, -1e15, 1e290]) {
      const solution = await method.solve(mdp, { ...QUICK, initialValue: Float64Array.of(far, 0) });
      expect(solution.status).toBe("converged");
      expectInside(exactOptimum(exactFromMdp(mdp)).value, { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array });
    }
  });

  test("one state, no state to decide in, one choice, discount 0 and 1", async () => {
    const only = (terminal: boolean, discount: number) =>
      buildMdp({ states: 1, actions: 1, discount }, (_, model) => {
        if (terminal) return model.terminal();
        model.choice(0, 2);
        model.branch(0, 1, undefined, true);
      });
    for (const discount of [0, 0.5, 1]) {
      const open = await method.solve(only(false, discount));
      expect([open.status, open.bounds.lower.array[0]! <= 2, open.bounds.upper.array[0]! >= 2]).toEqual(["converged", true, true]);
      const closed = await method.solve(only(true, discount));
      expect([closed.status, closed.value.array[0], closed.gap, closed.policy.action(0)]).toEqual(["converged", 0, 0, null]);
      expect((await verify(only(true, discount), closed)).holds).toBe(true);
    }
  });

  test("at discount 1, rewards beyond float64 are not called NaN", async () => {
    const chain = buildMdp({ states: 40, actions: 1, discount: 1 }, (s, model) => {
      model.choice(0, 1e307);
      model.branch(s === 39 ? s : s + 1, 1, undefined, s === 39);
    });
    const solution = await method.solve(chain, QUICK).catch((error: unknown) => {
      expect(error).toBeInstanceOf(UnsupportedModelError);
      return undefined;
    });
    for (const table of solution === undefined ? [] : [solution.value, solution.bounds.lower, solution.bounds.upper])
      expect(table.array.some(Number.isNaN)).toBe(false);
  });
});

test("a policy and a model that both use the tolerance on sums can be evaluated", async () => {
  const mdp = buildMdp({ states: 1, actions: 2, discount: 0.9 }, (_, model) => {
    for (const a of [0, 1]) {
      model.choice(a, 1);
      model.branch(0, 1 + 9e-10);
    }
  });
  const result = await evaluatePolicy(mdp, Policy.stochastic(policySpace(mdp), Float64Array.of(0.5, 0.5 + 9e-10)));
  expect(result.value.array[0]).toBeCloseTo(10, 6);
});

test("a stationary distribution behind a transient part that takes millions of steps to leave", async () => {
  const mdp = haddadMonmege(20, 0.7, { step: 0, win: 1 });
  const share = await stationaryDistribution(mdp, Policy.uniform(policySpace(mdp)), { initial: { state: Int32Array.of(0), probability: Float64Array.of(1) } });
  expect(share.array[20]).toBeCloseTo(0.7, 9);
  expect(share.array[40]).toBeCloseTo(0.3, 9);
}, 10_000);
