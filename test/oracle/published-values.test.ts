// Values that books, papers and other tools print, by every method.
import { describe, expect, test } from "vitest";
import { makeBuiltIn } from "../../src/envs/index.ts";
import type { Label, Mdp } from "../../src/mdp/index.ts";
import { Policy, policySpace } from "../../src/policies/policy.ts";
import { evaluatePolicy, inducedChain, type Solution, solve, stationaryDistribution, verify } from "../../src/solvers/index.ts";
import { expectInside } from "../support/close.ts";
import { exactFromMdp } from "../support/exact-model.ts";
import { exactOptimum } from "../support/exact-solve.ts";
import { METHODS } from "../support/methods.ts";
import { haddadMonmege, puterman31, toolboxSmall, twoDice } from "../support/published.ts";
import { Rational } from "../support/rational.ts";

const EPSILON = 1e-9;

/** The published numbers are within their last digit of the bounds. */
function expectPublished<S, A>(solution: Solution<S, A>, published: readonly (readonly [state: number, value: number])[], half: number): void {
  expect(solution.status).toBe("converged");
  for (const [s, value] of published) {
    expect(solution.bounds.lower.array[s], `state ${s}, published ${value}`).toBeLessThanOrEqual(value + half);
    expect(solution.bounds.upper.array[s], `state ${s}, published ${value}`).toBeGreaterThanOrEqual(value - half);
  }
}

const row = (values: readonly number[], from = 0) => values.map((v, i) => [from + i, v] as const);

interface Published {
  readonly name: string;
  readonly make: () => Mdp<Label, Label> | Mdp;
  readonly values: readonly (readonly [number, number])[];
  /** Half a unit of the last digit printed. */
  readonly half: number;
}

const PUBLISHED: readonly Published[] = [
  { name: "recycling robot: 2500/59, 2250/59", make: () => makeBuiltIn("recycling-robot").mdp, values: row([2500 / 59, 2250 / 59]), half: 1e-12 },
  { name: "Sutton & Barto, example 3.8", make: () => makeBuiltIn("gridworld:3.5").mdp, values: row([21.9775, 24.4194, 21.9775, 19.4194, 17.4775]), half: 5e-5 },
  { name: "example 3.8, state A: 10 / (1 - 0.9^5)", make: () => makeBuiltIn("gridworld:3.5").mdp, values: [[1, 10 / (1 - 0.9 ** 5)]], half: 1e-12 },
  {
    name: "example 4.1, optimal: minus the distance to a corner",
    make: () => makeBuiltIn("gridworld:4.1").mdp,
    values: row([0, -1, -2, -3, -1, -2, -3, -2, -2, -3, -2, -1, -3, -2, -1, 0]),
    half: 0,
  },
  { name: "windy gridworld, 4 moves", make: () => makeBuiltIn("windy-gridworld:moves=4").mdp, values: [[30, -15]], half: 0 },
  { name: "windy gridworld, 8 moves", make: () => makeBuiltIn("windy-gridworld:moves=8").mdp, values: [[30, -7]], half: 0 },
  { name: "windy gridworld, 9 moves", make: () => makeBuiltIn("windy-gridworld:moves=9").mdp, values: [[30, -7]], half: 0 },
  { name: "cliff walking", make: () => makeBuiltIn("cliff-walking").mdp, values: [[36, -13]], half: 0 },
  { name: "FrozenLake 4x4, 0.99", make: () => makeBuiltIn("frozen-lake:4x4").mdp, values: [[0, 0.542025932]], half: 5e-10 },
  { name: "FrozenLake 4x4, 0.95", make: () => makeBuiltIn("frozen-lake:4x4").mdp.with({ discount: 0.95 }), values: [[0, 0.180471578]], half: 5e-10 },
  { name: "FrozenLake 4x4, discount 1: 14/17", make: () => makeBuiltIn("frozen-lake:4x4").mdp.with({ discount: 1 }), values: [[0, 14 / 17]], half: 1e-12 },
  { name: "Puterman (1994), section 3.1, 0.95", make: puterman31, values: row([-8.571429, -20]), half: 5e-7 },
  { name: "MDPtoolbox small, 0.9", make: () => toolboxSmall(0.9), values: row([42.44186, 36.04651]), half: 5e-6 },
  { name: "MDPtoolbox forest, 0.96, 3 states", make: () => makeBuiltIn("forest:3").mdp, values: row([74.6496, 78.1056, 82.1056]), half: 5e-5 },
  {
    name: "gambler's problem, p = 0.4: bold play",
    make: () => makeBuiltIn("gambler:p=0.4").mdp,
    values: [
      [25, 0.16],
      [50, 0.4],
      [75, 0.64],
      [0, 0],
      [100, 0],
    ],
    half: 1e-12,
  },
  {
    name: "gambler's problem, p = 0.5: capital / goal",
    make: () => makeBuiltIn("gambler:p=0.5,goal=20").mdp,
    values: Array.from({ length: 19 }, (_, i) => [i + 1, (i + 1) / 20] as const),
    half: 1e-12,
  },
  {
    name: "random walk, example 6.2",
    make: () => makeBuiltIn("random-walk").mdp,
    values: Array.from({ length: 5 }, (_, i) => [i + 1, (i + 1) / 6] as const),
    half: 1e-12,
  },
  { name: "seed maze: 6 moves to the goal, 0.99^5", make: () => makeBuiltIn("maze:0000/1101/0000/1010").mdp, values: [[0, 0.99 ** 5]], half: 1e-12 },
];

describe.each(METHODS)("$name", (method) => {
  test.each(PUBLISHED)("$name", async ({ make, values, half }) => {
    const mdp = make() as Mdp<Label, Label>;
    const solution = await method.solve(mdp, { epsilon: EPSILON });
    expectPublished(solution, values, half);
    expect((await verify(mdp, solution)).reasons).toEqual([]);
  });

  test.each(["gridworld:3.5", "frozen-lake:4x4", "recycling-robot", "forest:6", "inventory", "maze"])(
    "%s: the exact optimum of the model as compiled",
    async (spec) => {
      const { mdp } = makeBuiltIn(spec);
      const solution = await method.solve(mdp, { epsilon: EPSILON });
      expectInside(exactOptimum(exactFromMdp(mdp)).value, { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array });
    },
  );

  test("Storm two_dice: sums 2, 3, 4 with probability 1/36, 2/36, 3/36, for the best and the worst order", async () => {
    for (const objective of ["maximize", "minimize"] as const) {
      for (const [sum, ways] of [
        [2, 1],
        [3, 2],
        [4, 3],
        [7, 6],
        [12, 1],
      ] as const) {
        const mdp = await twoDice({ toss: 0, sum: (total) => (total === sum ? 1 : 0) });
        const solution = await method.solve(mdp, { objective, epsilon: EPSILON });
        expectPublished(solution, [[0, ways / 36]], 1e-15);
      }
    }
  });

  test("Storm two_dice: 22/3 tosses expected, whatever the order", async () => {
    const mdp = await twoDice({ toss: 1, sum: () => 0 });
    expect(mdp.stateCount).toBe(169);
    for (const objective of ["maximize", "minimize"] as const) expectPublished(await method.solve(mdp, { objective, epsilon: EPSILON }), [[0, 22 / 3]], 1e-14);
  });
});

describe("policies", () => {
  test("Sutton & Barto, example 3.5: the random policy", async () => {
    const { mdp } = makeBuiltIn("gridworld:3.5");
    const result = await evaluatePolicy(mdp, Policy.uniform(policySpace(mdp)), { epsilon: EPSILON });
    expect(Array.from(result.value.array.subarray(0, 5), (v) => v.toFixed(4))).toEqual(["3.3090", "8.7893", "4.4276", "5.3224", "1.4922"]);
  });

  test("Sutton & Barto, example 4.1: the random policy at discount 1", async () => {
    const { mdp } = makeBuiltIn("gridworld:4.1");
    const result = await evaluatePolicy(mdp, Policy.uniform(policySpace(mdp)), { epsilon: EPSILON });
    const truth = [0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0];
    expectInside(
      truth.map((v) => Rational.of(v)),
      { lower: result.bounds.lower.array, upper: result.bounds.upper.array },
    );
    expect(result.gap).toBeLessThanOrEqual(2 * EPSILON);
  });

  test("Puterman 3.1: the policy is [0, 0]", async () => {
    expect((await solve(puterman31())).policy.toActions()).toEqual([0, 0]);
  });

  test.each([
    ["small", () => toolboxSmall(0.999), 35 / 9],
    ["forest", () => makeBuiltIn("forest:3").mdp.with({ discount: 0.999 }) as Mdp<Label, Label>, 3.24],
  ] as const)("MDPtoolbox %s: the gain of the best policy", async (_, make, gain) => {
    const mdp = make() as Mdp<Label, Label>;
    const { policy } = await solve(mdp);
    const share = await stationaryDistribution(mdp, policy);
    const chain = inducedChain(mdp, policy);
    const average = chain.storage.reward.reduce((sum, r, s) => sum + r * share.array[s]!, 0);
    expect(average).toBeCloseTo(gain, 12);
  });
});

describe("Haddad and Monmege's chain, N = 20, p = 0.7: naive iteration answers 1.3e-6", () => {
  /** Value iteration needs millions of sweeps here; the methods that solve directly or in place do not. */
  const QUICK = METHODS.filter((m) => m.name === "policy iteration" || m.name === "solve");

  test.each(QUICK)("$name: a_N is reached with probability 7/10", async (method) => {
    const solution = await method.solve(haddadMonmege(20, 0.7, { step: 0, win: 1 }), { epsilon: 1e-6 });
    expectPublished(solution, [[0, 0.7]], 0);
  });

  test.each(QUICK)("$name: 3·2^19 - 2 expected steps", async (method) => {
    const solution = await method.solve(haddadMonmege(20, 0.7, { step: 1, win: 0 }), { epsilon: 1e-3 });
    expectPublished(solution, [[0, 3 * 2 ** 19 - 2]], 0);
  });

  test.each(METHODS)("$name: N = 10, and never a bound that is wrong when stopped early", async (method) => {
    const mdp = haddadMonmege(10, 0.7, { step: 0, win: 1 });
    expectPublished(await method.solve(mdp, { epsilon: 1e-6 }), [[0, 0.7]], 0);
    for (const maxSweeps of [1, 10, 100, 1000]) {
      const stopped = await method.solve(haddadMonmege(20, 0.7, { step: 0, win: 1 }), { epsilon: 1e-6, maxSweeps });
      expect(stopped.bounds.lower.array[0]).toBeLessThanOrEqual(0.7);
      expect(stopped.bounds.upper.array[0]).toBeGreaterThanOrEqual(0.7);
    }
  });
});
