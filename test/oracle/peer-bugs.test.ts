// What other tools got wrong, each named after its report: it must not happen here.
import { describe, expect, test } from "vitest";
import { makeBuiltIn } from "../../src/envs/index.ts";
import { InvalidModelError, NotConvergedError, ShapeError } from "../../src/errors.ts";
import { buildMdp, checkMdp, fromCsr, fromDense, type Label, LabelIndex, type Mdp, MdpBuilder } from "../../src/mdp/index.ts";
import { assertConverged, type Solution, solve } from "../../src/solvers/index.ts";
import { expectInside } from "../support/close.ts";
import { exactFromMdp } from "../support/exact-model.ts";
import { exactOptimum } from "../support/exact-solve.ts";
import { METHODS } from "../support/methods.ts";
import { toolboxSmall } from "../support/published.ts";
import { Rational } from "../support/rational.ts";

function expectTruth(solution: Solution<number, number>, truth: readonly number[]): void {
  expect(solution.status).toBe("converged");
  expectInside(
    truth.map((v) => Rational.of(v)),
    { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array },
  );
}

/** `[reward, [next, probability], ...]` by state and action; next -1 ends, no choices makes a state terminal. */
type Row = readonly [reward: number, ...branches: (readonly [next: number, probability: number])[]];
function model(states: readonly (readonly Row[])[], discount: number, objective: "maximize" | "minimize" = "maximize"): Mdp {
  const actions = Math.max(1, ...states.map((rows) => rows.length));
  return buildMdp({ states: states.length, actions, discount, objective }, (s, emit) => {
    if (states[s]!.length === 0) return emit.terminal();
    for (const [a, [reward, ...branches]] of states[s]!.entries()) {
      emit.choice(a, reward);
      for (const [next, p] of branches) emit.branch(next < 0 ? s : next, p, undefined, next < 0);
    }
  });
}

describe.each(METHODS)("$name", (method) => {
  test("pymdptoolbox #39: small at 0.99 is 392.30, not the 150.87 at which the span stops", async () => {
    const solution = await method.solve(toolboxSmall(0.99), { epsilon: 0.01 });
    expect(solution.status).toBe("converged");
    expect(solution.value.at(0)).toBeCloseTo(392.3, 1);
    expectInside(exactOptimum(exactFromMdp(toolboxSmall(0.99))).value, { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array });
  });

  test("pymdptoolbox #39: a random model (1,000 states, 10 actions, 10 branches, 0.99) is not off by 125", async () => {
    const { mdp } = makeBuiltIn("garnet:states=1000,actions=10,branches=10,seed=1");
    const loose = await method.solve(mdp, { epsilon: 0.01 });
    const tight = await solve(mdp, { epsilon: 1e-9 });
    expect([loose.status, tight.status]).toEqual(["converged", "converged"]);
    for (let s = 0; s < mdp.stateCount; s++) expect(Math.abs(loose.value.array[s]! - tight.value.array[s]!)).toBeLessThanOrEqual(0.01 + 1e-9);
  });

  test("pymdptoolbox #14, #13: a limit on sweeps is kept and reported, and the bounds hold all the same", async () => {
    const mdp = toolboxSmall(0.99);
    const truth = exactOptimum(exactFromMdp(mdp)).value;
    for (const maxSweeps of [1, 2, 5]) {
      const solution = await method.solve(mdp, { epsilon: 1e-12, maxSweeps });
      // A method may add one sweep, of which its certificate is made.
      expect(solution.sweeps).toBeLessThanOrEqual(maxSweeps + 1);
      expectInside(truth, { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array });
      expect(["max-sweeps", "converged", "precision"]).toContain(solution.status);
    }
  });

  test("pymdptoolbox #32: a span of zero divides nothing", async () => {
    expectTruth(await method.solve(model([[[0, [0, 1]]], [[0, [1, 1]]]], 0.5)), [0, 0]);
    expectTruth(await method.solve(model([[[1, [1, 1]]], [[1, [0, 1]]]], 0.5)), [2, 2]);
  });

  test("DiscreteValueIteration #27: terminal states are worth exactly 0", async () => {
    const solution = await method.solve(model([[[1, [1, 1]]], []], 0.9));
    expectTruth(solution, [1, 0]);
    expect(solution.value.array[1]).toBe(0);
    expect(solution.policy.action(1)).toBeNull();
  });

  test("QuantEcon.jl #385: the caller's initial value is left as it was", async () => {
    const initialValue = Float64Array.of(7, -3);
    expectTruth(await method.solve(model([[[1, [1, 1]]], [[0, [0, 1]]]], 0), { initialValue }), [1, 0]);
    expect(initialValue).toEqual(Float64Array.of(7, -3));
  });

  test("DiscreteValueIteration #45: not to converge is said", async () => {
    const solution = await method.solve(toolboxSmall(0.99), { epsilon: 1e-300 });
    expect(solution.status).toBe("precision");
    expect(() => assertConverged(solution)).toThrow(NotConvergedError);
  });

  test("Storm #1061: negative rewards are not clipped to 0", async () => {
    for (const discount of [0.5, 1]) {
      expectTruth(
        await method.solve(
          model(
            [
              [
                [-1, [1, 1]],
                [-4, [-1, 1]],
              ],
              [[-2, [-1, 1]]],
            ],
            discount,
          ),
        ),
        discount === 1 ? [-3, -2] : [-2, -2],
      );
      expectTruth(
        await method.solve(
          model(
            [
              [
                [-1, [1, 1]],
                [3, [-1, 1]],
              ],
              [[-2, [-1, 1]]],
            ],
            discount,
            "minimize",
          ),
        ),
        discount === 1 ? [-3, -2] : [-2, -2],
      );
    }
  });

  test("Storm #940: among tied choices the policy takes one that gets there", async () => {
    // 0 and 1 can go round for ever free of charge; only leaving by 1 pays. Every choice of 0 and 1 backs up to the same 1.
    const mdp = model(
      [
        [
          [0, [1, 1]],
          [0, [0, 1]],
        ],
        [
          [0, [0, 1]],
          [1, [-1, 1]],
        ],
      ],
      1,
    );
    const solution = await method.solve(mdp);
    expectTruth(solution, [1, 1]);
    expect([solution.policy.action(0), solution.policy.action(1)]).toEqual([0, 1]);
  });

  test("Storm #683: an infinite value is not lost, and its policy earns it", async () => {
    // Going round 0 and 1 pays for ever; leaving pays once.
    const mdp = model(
      [
        [
          [0, [1, 1]],
          [9, [-1, 1]],
        ],
        [
          [1, [0, 1]],
          [9, [-1, 1]],
        ],
      ],
      1,
    );
    const solution = await method.solve(mdp);
    expect(Array.from(solution.value.array)).toEqual([Infinity, Infinity]);
    expect([solution.policy.action(0), solution.policy.action(1)]).toEqual([0, 0]);
    expect(Array.from((await method.solve(model([[[0, [1, 1]]], [[-1, [0, 1]]]], 1))).value.array)).toEqual([-Infinity, -Infinity]);
  });

  test("PRISM #29: a loop that cannot be left earns nothing unless it pays", async () => {
    expectTruth(await method.solve(model([[[5, [1, 1]]], [[0, [1, 1]]]], 1)), [5, 0]);
  });

  test("PRISM #253: an infinite cost is not reported as 0", async () => {
    // Minimising: no choice of 0 ever ends.
    const solution = await method.solve(
      model(
        [
          [
            [1, [0, 1]],
            [2, [1, 1]],
          ],
          [[1, [0, 0.5], [1, 0.5]]],
          [[3, [-1, 1]]],
        ],
        1,
        "minimize",
      ),
    );
    expect(Array.from(solution.value.array)).toEqual([Infinity, Infinity, 3]);
  });

  test("PRISM mdp-rewards-gs-loops: self-loops with rewards, expected 2", async () => {
    // Leaving a loop of reward 1 with probability 1/2 takes 2 tries; the other choice costs more.
    expectTruth(
      await method.solve(
        model(
          [
            [
              [1, [0, 0.5], [1, 0.5]],
              [3, [1, 1]],
            ],
            [],
          ],
          1,
          "minimize",
        ),
      ),
      [2, 0],
    );
    expectTruth(
      await method.solve(
        model(
          [
            [
              [1, [0, 0.5], [1, 0.5]],
              [1.5, [1, 1]],
            ],
            [],
          ],
          1,
        ),
      ),
      [2, 0],
    );
  });

  test("aima-python #29, #917: discount 1 ends", async () => {
    const solution = await method.solve(makeBuiltIn("gridworld:4.1").mdp as Mdp<Label, Label>, { epsilon: 1e-6 });
    expect(solution.status).toBe("converged");
    expect(solution.value.array[3]).toBeCloseTo(-3, 6);
  });

  test("dennybritz #203: tied policies do not make policy iteration cycle", async () => {
    // All choices of all states are equal but for rounding: 0.1 + 0.2 against 0.3.
    const tied = model(
      [
        [
          [0.3, [1, 1]],
          [0.1 + 0.2, [1, 1]],
          [0.3, [0, 1]],
        ],
        [
          [0.3, [0, 1]],
          [0.1 + 0.2, [1, 1]],
          [0.3, [0, 0.5], [1, 0.5]],
        ],
      ],
      0.99,
    );
    const solution = await method.solve(tied, { epsilon: 1e-9 });
    expect(solution.status).toBe("converged");
    expect(solution.value.array[0]).toBeCloseTo(30, 9);
  });

  test("QuantEcon: policy iteration on a 40x40 maze full of ties ends", async () => {
    const { mdp } = makeBuiltIn("grid:40x40");
    const solution = await method.solve(mdp, { epsilon: 1e-6 });
    expect(solution.status).toBe("converged");
    // 78 moves to the far corner, each -1.
    expect(solution.value.array[0]).toBeCloseTo(-(1 - 0.99 ** 78) / 0.01, 5);
    expect(solution.seconds).toBeLessThan(20);
  });

  test("terminal states skipped in the residual: the iteration does not stop after one sweep", async () => {
    // After one sweep every non-terminal change is equal, so their span is 0; the terminal's 0 belongs to it.
    const mdp = model([[[1, [0, 0.5], [2, 0.5]]], [[1, [1, 0.5], [2, 0.5]]], []], 0.9);
    const solution = await method.solve(mdp, { epsilon: 1e-9 });
    expectInside(
      [
        Rational.of(1).div(Rational.one.sub(Rational.of(0.9).mul(Rational.of(0.5)))),
        Rational.of(1).div(Rational.one.sub(Rational.of(0.9).mul(Rational.of(0.5)))),
        Rational.zero,
      ],
      { lower: solution.bounds.lower.array, upper: solution.bounds.upper.array },
    );
    expect(solution.status).toBe("converged");
  });
});

describe("models that must be refused or kept", () => {
  test("QuantEcon.py #855: a state-action pair given twice is refused", () => {
    const builder = new MdpBuilder(LabelIndex.range("state", 1), LabelIndex.range("action", 2));
    builder.state();
    for (const reward of [1, 2]) {
      builder.choice(0, reward);
      builder.branch(0, 1);
    }
    expect(() => builder.finish()).toThrow(/given twice/);
  });

  test("QuantEcon.py #856: pairs and successors out of range are refused", () => {
    expect(() =>
      buildMdp({ states: 1, actions: 1 }, (_, emit) => {
        emit.choice(1, 0);
        emit.branch(0, 1);
      }),
    ).toThrow(InvalidModelError);
    expect(() =>
      buildMdp({ states: 1, actions: 1 }, (_, emit) => {
        emit.choice(0, 0);
        emit.branch(1, 1);
      }),
    ).toThrow(/successor 1/);
    expect(() => fromCsr({ states: 1, actions: 1, indptr: [0, 1], indices: [-1], data: [1], reward: [0] })).toThrow(InvalidModelError);
    expect(() =>
      fromCsr({ states: 1, actions: 1, indptr: Int32Array.of(0, 1), indices: Int32Array.of(3), data: Float64Array.of(1), reward: Float64Array.of(0) }),
    ).toThrow(InvalidModelError);
  });

  test("Storm #43: 0.06 + 0.94 and other sums off by an ulp are accepted without a word", () => {
    for (const row of [[0.06, 0.94], [0.1, 0.2, 0.7], Array(10).fill(0.1) as number[], [1 / 3, 1 / 3, 1 / 3]]) {
      const mdp = model([[[0, ...row.map((p, i) => [i, p] as const)]], ...row.slice(1).map(() => [])], 0.9);
      expect(checkMdp(mdp).total).toBe(0);
    }
  });

  test("Storm #836: sums far from 1 are refused, sums off by more than a few ulp are reported", () => {
    for (const p of [0.5, 1.1, 0.9999999, 1 + 2e-9]) expect(() => model([[[0, [0, p]]]], 0.9)).toThrow(/sums to/);
    const { warnings, total } = checkMdp(model([[[0, [0, 1 - 1e-10]]]], 0.9));
    expect(total).toBe(1);
    expect(warnings[0]?.got).toContain("sums to 0.9999999999");
  });

  test("tfjs #8174: indices and data of different lengths are refused", () => {
    expect(() => fromCsr({ states: 2, actions: 1, indptr: [0, 1, 2], indices: [0, 1], data: [1], reward: [0, 0] })).toThrow(ShapeError);
    expect(() => fromCsr({ states: 2, actions: 1, indptr: [0, 1, 2], indices: [0], data: [1, 1], reward: [0, 0] })).toThrow(ShapeError);
    expect(() => fromCsr({ states: 2, actions: 1, indptr: [0, 1, 3], indices: [0, 1], data: [1, 1], reward: [0, 0] })).toThrow(ShapeError);
    expect(() => fromDense({ transition: [[[1, 0]], [[1]]], reward: [0, 0] })).toThrow(ShapeError);
  });
});
