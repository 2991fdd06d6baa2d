// The built-ins against the values their sources print, by a value iteration that shares no code with the solvers.
import { describe, expect, test } from "vitest";
import { makeBuiltIn } from "../../../src/envs/index.ts";
import { withReward } from "../../../src/mdp/index.ts";
import { solve } from "../../../src/solvers/index.ts";
import { bestActions, tinySolve } from "./tiny-solver.ts";

function expectValues(got: ArrayLike<number>, want: readonly number[], digits: number): void {
  for (const [s, v] of want.entries()) expect(got[s], `state ${s}`).toBeCloseTo(v, digits);
}

describe("Sutton & Barto, chapter 3", () => {
  test("the recycling robot of the design is worth (2500/59, 2250/59)", () => {
    expectValues(tinySolve(makeBuiltIn("recycling-robot").mdp), [2500 / 59, 2250 / 59], 9);
  });

  test("example 3.5: the values of moving at random", () => {
    expectValues(tinySolve(makeBuiltIn("gridworld").mdp, { uniform: true }), [3.309, 8.7893, 4.4276, 5.3224, 1.4922], 4);
  });

  test("example 3.8: the optimal values", () => {
    const v = tinySolve(makeBuiltIn("gridworld:3.8").mdp);
    expectValues(v, [21.9775, 24.4194, 21.9775, 19.4194, 17.4775], 4);
    expect(v[1]).toBeCloseTo(10 / (1 - 0.9 ** 5), 9);
  });
});

describe("Sutton & Barto, chapters 4 and 6", () => {
  test("example 4.1: the values of moving at random", () => {
    const v = tinySolve(makeBuiltIn("gridworld:4.1").mdp, { uniform: true });
    expectValues(v, [0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0], 8);
  });

  test("example 4.2: Jack's first night, against a calculation in Python that cuts the tails at 60", async () => {
    const { mdp } = makeBuiltIn("jacks-car-rental");
    const best = await solve(mdp, { epsilon: 1e-9 });
    const corners = [
      [0, 0, 421.41406339650587],
      [20, 20, 636.9896068043615],
      [10, 10, 574.9483239852401],
      [20, 0, 554.9477060361355],
      [0, 20, 567.7685087963099],
    ] as const;
    for (const [first, second, value] of corners) expect(best.value.at(first * 21 + second)).toBeCloseTo(value, 8);
    const row = (first: number) => best.policy.toActions().slice(first * 21, first * 21 + 21);
    expect(row(0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -2, -2, -2, -3, -3, -3, -3, -3, -4, -4, -4]);
    expect(row(20)).toEqual([5, 5, 5, 5, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1, 0, 0, 0]);
  });

  test("example 4.3: the gambler with p = 0.4 stakes all at 50, and wins from 25, 50, 75 with 0.16, 0.4, 0.64", () => {
    const { mdp } = makeBuiltIn("gambler:p=0.4");
    const v = tinySolve(mdp);
    expectValues([v[25]!, v[50]!, v[75]!], [0.16, 0.4, 0.64], 9);
    expect(bestActions(mdp, v, 50)).toEqual([50]);
    expect(bestActions(mdp, v, 51)).toContain(1);
  });

  test.each([
    ["windy-gridworld", 15],
    ["windy-gridworld:moves=8", 7],
    ["windy-gridworld:moves=9", 7],
    ["cliff-walking", 13],
  ])("%s takes %d steps", (spec, steps) => {
    const { mdp } = makeBuiltIn(spec);
    expect(tinySolve(mdp)[mdp.initial?.state[0] ?? -1]).toBeCloseTo(-steps, 9);
  });

  test("example 6.5: the wind of each column, and where edges and the wind stop a move", () => {
    const { mdp } = makeBuiltIn("windy-gridworld:moves=9");
    const landing = (row: number, column: number, action: string) => mdp.branches(row * 10 + column, action)[0]?.next;
    const wind = Array.from({ length: 10 }, (_, column) => 5 - Math.floor(Number(landing(5, column, "stay")) / 10));
    expect(wind).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 1, 0]);
    expect(landing(4, 7, "down")).toBe(3 * 10 + 7);
    expect(landing(1, 6, "up")).toBe(6);
    expect(landing(6, 0, "down-left")).toBe(60);
    expect(landing(3, 6, "down-right")).toBe(2 * 10 + 7);
    expect(mdp.isTerminal(37)).toBe(true);
  });

  test("examples 6.2 and 7.1: the random walk's values lie on a line", () => {
    expectValues(tinySolve(makeBuiltIn("random-walk").mdp), [0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 0], 9);
    const long = tinySolve(makeBuiltIn("random-walk:19,left=-1").mdp);
    for (let s = 1; s <= 19; s++) expect(long[s]).toBeCloseTo(-1 + s / 10, 8);
  });
});

describe("other sources", () => {
  test.each([
    [1, 14 / 17],
    [0.99, 0.542025932],
    [0.95, 0.180471578],
  ])("FrozenLake 4x4 from the start, discount %d", (discount, value) => {
    expect(tinySolve(makeBuiltIn("frozen-lake:4x4").mdp, { discount })[0]).toBeCloseTo(value, 8);
  });

  test("MDPtoolbox's forest", () => {
    const { mdp } = makeBuiltIn("forest");
    expectValues(tinySolve(mdp), [74.6496, 78.1056, 82.1056], 8);
    expect([0, 1, 2].map((s) => [mdp.reward(s, "wait"), mdp.reward(s, "cut")])).toEqual([
      [0, 0],
      [0, 1],
      [4, 2],
    ]);
  });

  test("the seed maze takes 6 moves: the last one is worth 1", () => {
    expect(tinySolve(makeBuiltIn("maze").mdp)[0]).toBeCloseTo(0.99 ** 5, 12);
  });

  test("Puterman 3.2.2: expected rewards of the inventory", () => {
    const { mdp } = makeBuiltIn("inventory");
    const rewards = [0, 1, 2, 3].map((s) => mdp.feasibleActions(s).map((a) => mdp.reward(s, a)));
    expect(rewards).toEqual([[0, -1, -2, -5], [5, 0, -3], [6, -1], [5]]);
    expect(mdp.branches(2, 0).map(({ next, probability }) => [next, probability])).toEqual([
      [2, 0.25],
      [1, 0.5],
      [0, 0.25],
    ]);
  });

  test("Puterman 4.6.1: three months of the inventory", () => {
    const { mdp } = makeBuiltIn("inventory");
    let v: readonly number[] = [0, 0, 0, 0];
    for (let month = 0; month < 3; month++) {
      const after = v;
      v = [0, 1, 2, 3].map((s) =>
        Math.max(
          ...mdp
            .feasibleActions(s)
            .map((a) => mdp.branches(s, a).reduce((q, { next, probability }) => q + probability * after[Number(next)]!, mdp.reward(s, a))),
        ),
      );
    }
    expect(v).toEqual([67 / 16, 129 / 16, 194 / 16, 227 / 16]);
  });

  test("the chain of Haddad & Monmege: the start is worth p, and 3 * 2^(N-1) - 2 steps away from an end", () => {
    const { mdp } = makeBuiltIn("chain:5,p=0.7");
    expect(tinySolve(mdp)[0]).toBeCloseTo(0.7, 9);
    const steps = tinySolve(withReward(mdp, () => 1));
    expect(steps[0]).toBeCloseTo(3 * 2 ** 4 - 2, 8);
  });
});
