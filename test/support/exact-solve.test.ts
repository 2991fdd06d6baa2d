// The test's own exact solvers, against problems solved by hand.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineMdp, fromDense } from "../../src/mdp/index.ts";
import { arbitraryMdp } from "./arbitrary-mdp.ts";
import { type ExactModel, exactFromMdp } from "./exact-model.ts";
import { deterministic, exactOccupancy, exactOptimum, exactPolicyValue, exactResidual, exactStages } from "./exact-solve.ts";
import { exactStationary, exactTotalReward, policies } from "./exact-total.ts";
import { buildCallback, LAYOUTS } from "./layouts.ts";
import { exactFromSpec, type ModelSpec } from "./model-spec.ts";
import { Rational } from "./rational.ts";

const r = (n: number, d = 1) => Rational.of(n, d);

/** A model in fractions: `[reward, [[next, numerator, denominator], ...]]`; next -1 ends. */
function model(
  states: readonly (readonly (readonly [number, readonly (readonly [number, number, number])[]])[])[],
  discount: Rational,
  maximize = true,
): ExactModel {
  return {
    discount,
    maximize,
    states: states.map((choices) =>
      choices.map(([reward, branches]) => ({
        reward: r(reward),
        branches: branches.map(([next, n, d]) => ({ next: next < 0 ? undefined : next, probability: r(n, d) })),
      })),
    ),
  };
}

const text = (values: readonly Rational[]) => values.map(String);

describe("discounted", () => {
  // high: search (5; 4/5 stays, 1/5 low), wait (1); low: search (2/5 dies and is carried home, -3; 3/5 stays, 5), wait (1), recharge (0).
  const robot: ExactModel = {
    discount: r(9, 10),
    maximize: true,
    states: [
      [
        {
          reward: r(5),
          branches: [
            { next: 0, probability: r(4, 5) },
            { next: 1, probability: r(1, 5) },
          ],
        },
        { reward: r(1), branches: [{ next: 0, probability: r(1) }] },
      ],
      [
        {
          reward: r(2, 5)
            .mul(r(-3))
            .add(r(3, 5).mul(r(5))),
          branches: [
            { next: 0, probability: r(2, 5) },
            { next: 1, probability: r(3, 5) },
          ],
        },
        { reward: r(1), branches: [{ next: 1, probability: r(1) }] },
        { reward: r(0), branches: [{ next: 0, probability: r(1) }] },
      ],
    ],
  };

  test("the recycling robot is worth 2500/59 and 2250/59", () => {
    const { value, choice } = exactOptimum(robot);
    expect(text(value)).toEqual(["2500/59", "2250/59"]);
    expect(choice).toEqual([0, 2]);
    expect(exactResidual(robot, value).sign).toBe(0);
  });

  test("minimising the negated rewards is the same problem", () => {
    const negated = { ...robot, maximize: false, states: robot.states.map((choices) => choices.map((c) => ({ ...c, reward: c.reward.neg() }))) };
    expect(text(exactOptimum(negated).value)).toEqual(["-2500/59", "-2250/59"]);
  });

  test("a policy's own value: waiting for ever is worth 1 / (1 - 9/10)", () => {
    expect(text(exactPolicyValue(robot, deterministic(robot, [1, 1])))).toEqual(["10", "10"]);
    const half = [
      [r(1, 2), r(1, 2)],
      [r(0), r(1), r(0)],
    ];
    // V(high) = 1/2 (5 + 9/10 (4/5 V + 1/5 · 10)) + 1/2 (1 + 9/10 V): V = 3.9 / 0.19
    expect(`${exactPolicyValue(robot, half)[0]}`).toBe("390/19");
  });

  test("backward induction: two stages of the robot", () => {
    const [first, last] = exactStages(robot, 2);
    expect(text(last!.value)).toEqual(["5", "9/5"]);
    expect(`${first!.q[0]![0]}`).toBe("2231/250"); // 5 + 9/10 (4/5 · 5 + 1/5 · 9/5)
  });

  test("occupancy sums to 1 / (1 - γ)", () => {
    const x = exactOccupancy(robot, deterministic(robot, [0, 2]), [r(1), r(0)]);
    expect(`${Rational.sum(x)}`).toBe("10");
    expect(`${x[0]!.mul(r(5))}`).toBe("2500/59");
  });
});

describe("undiscounted", () => {
  const one = r(1);

  test("a self-loop that costs, left with probability 1/2, is entered twice", () => {
    expect(
      exactTotalReward(
        model(
          [
            [
              [
                1,
                [
                  [0, 1, 2],
                  [-1, 1, 2],
                ],
              ],
            ],
          ],
          one,
        ),
      ),
    ).toMatchObject({ kind: "defined", value: [{}] });
    const total = exactTotalReward(
      model(
        [
          [
            [
              1,
              [
                [0, 1, 2],
                [-1, 1, 2],
              ],
            ],
          ],
        ],
        one,
      ),
    );
    expect(total.kind === "defined" && text(total.value)).toEqual(["2"]);
  });

  test("staying for ever without reward pays 0: better than a loss, worse than a gain", () => {
    const stayOrPay = (reward: number) =>
      model(
        [
          [
            [0, [[0, 1, 1]]],
            [reward, [[-1, 1, 1]]],
          ],
        ],
        one,
      );
    for (const [reward, worth] of [
      [-3, "0"],
      [3, "3"],
    ] as const) {
      const total = exactTotalReward(stayOrPay(reward));
      expect(total.kind === "defined" && text(total.value)).toEqual([worth]);
    }
  });

  test("a component with gain is worth infinity, one that must be stayed in with a loss minus infinity", () => {
    const trap = (reward: number) =>
      model(
        [
          [
            [
              0,
              [
                [1, 1, 2],
                [-1, 1, 2],
              ],
            ],
            [5, [[-1, 1, 1]]],
          ],
          [[reward, [[1, 1, 1]]]],
        ],
        one,
      );
    const up = exactTotalReward(trap(1));
    expect(up.kind === "defined" && text(up.value)).toEqual(["Infinity", "Infinity"]);
    const down = exactTotalReward(trap(-1));
    expect(down.kind === "defined" && text(down.value)).toEqual(["5", "-Infinity"]);
  });

  test("+1, -1 for ever has no total", () => {
    expect(exactTotalReward(model([[[1, [[1, 1, 1]]]], [[-1, [[0, 1, 1]]]]], one)).kind).toBe("oscillating");
  });

  test("infinity both ways has none either", () => {
    expect(
      exactTotalReward(
        model(
          [
            [
              [
                0,
                [
                  [1, 1, 2],
                  [2, 1, 2],
                ],
              ],
            ],
            [[1, [[1, 1, 1]]]],
            [[-1, [[2, 1, 1]]]],
          ],
          one,
        ),
      ).kind,
    ).toBe("mixed");
  });

  test("gambler with goal 4 and a fair coin wins with probability capital / 4", () => {
    const states = [
      [],
      [
        [
          0,
          [
            [2, 1, 2],
            [0, 1, 2],
          ],
        ],
      ],
      [
        [
          0,
          [
            [3, 1, 2],
            [1, 1, 2],
          ],
        ],
        [
          0,
          [
            [4, 1, 2],
            [0, 1, 2],
          ],
        ],
      ],
      [
        [
          0,
          [
            [4, 1, 2],
            [2, 1, 2],
          ],
        ],
      ],
      [[1, [[-1, 1, 1]]]],
    ] as const;
    const total = exactTotalReward(model(states, one));
    expect(total.kind === "defined" && text(total.value)).toEqual(["0", "1/4", "1/2", "3/4", "1"]);
  });

  test("every policy is met once", () => {
    const two = [
      [0, [[0, 1, 1]]],
      [0, [[0, 1, 1]]],
    ] as const;
    expect([...policies(model([two, [], two, [[0, [[0, 1, 1]]]]], one))].map(String)).toEqual(["0,-1,0,0", "1,-1,0,0", "0,-1,1,0", "1,-1,1,0"]);
  });

  test("stationary distribution of a two-state chain", () => {
    expect(
      text(
        exactStationary([
          [r(2, 3), r(1, 3)],
          [r(1, 2), r(1, 2)],
        ]),
      ),
    ).toEqual(["3/5", "2/5"]);
  });
});

describe("from compiled models", () => {
  test("Puterman 3.1: -60/7 and -20 for 0.95 as a fraction, not as a float", () => {
    const mdp = fromDense({
      transition: [
        [
          [0.5, 0.5],
          [0, 1],
        ],
        [[0, 1]],
      ],
      reward: [[5, 10], [-1]],
      discount: 0.95,
    });
    const exact = exactFromMdp(mdp);
    expect(text(exactOptimum({ ...exact, discount: r(19, 20) }).value)).toEqual(["-60/7", "-20"]);
    expect(exactOptimum(exact).choice).toEqual([0, 0]);
  });

  test("rewards by branch become their expectation", () => {
    const mdp = defineMdp({
      states: ["a", "b"],
      actions: ["go"],
      transition: () => [
        ["a", 0.25],
        ["b", 0.75],
      ],
      reward: (_s, _a, next) => (next === "a" ? 8 : 0),
      discount: 0.5,
    });
    expect(text(exactOptimum(exactFromMdp(mdp)).value)).toEqual(["4", "4"]);
  });

  for (const layout of LAYOUTS) {
    test(`layout ${layout.name}: the compiled model is the spec`, async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryMdp({ ...layout.shape, maxStates: 5 }), async (spec: ModelSpec) => {
          const mdp = await layout.build(spec);
          const compiled = exactFromMdp(mdp);
          const given = exactFromSpec(spec);
          for (let i = 0; i < mdp.stateCount; i++) {
            const wanted = given.states[mdp.states.at(i)]!;
            expect(compiled.states[i]!.length).toBe(wanted.length);
            for (const [c, choice] of compiled.states[i]!.entries()) {
              const allowed = r(mdp.storage.rounding.reward + 1e-15 * Math.abs(wanted[c]!.reward.toNumber()));
              expect(choice.reward.sub(wanted[c]!.reward).abs().lessOrEqual(allowed), "reward").toBe(true);
              for (let t = -1; t < spec.states.length; t++) {
                const next = t < 0 ? undefined : t;
                const mass = (of: (b: { next: number | undefined }) => boolean, from: typeof choice) =>
                  Rational.sum(from.branches.filter(of).map((b) => b.probability));
                const got = mass((b) => (b.next === undefined ? undefined : mdp.states.at(b.next)) === next, choice);
                const off = got.sub(mass((b) => b.next === next, wanted[c]!)).abs();
                expect(off.lessOrEqual(r(mdp.storage.rounding.probability)), "probability").toBe(true);
              }
            }
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  test("the callback layout keeps terminated branches", () => {
    const mdp = buildCallback({
      actions: 1,
      discount: 1,
      objective: "maximize",
      states: [[{ action: 0, reward: 1, branches: [{ next: 0, probability: 1, reward: 0, ends: true }] }]],
    });
    expect(mdp.branches(0, 0)).toEqual([{ next: 0, probability: 1, reward: 1, terminated: true }]);
  });
});
