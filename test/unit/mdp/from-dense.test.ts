// Models from dense arrays: both orders of nesting, three shapes of reward, and shapes that do not fit.
import { describe, expect, test } from "vitest";
import { InvalidModelError, OptionError, ShapeError } from "../../../src/errors.ts";
import { type DenseModel, fromDense } from "../../../src/mdp/index.ts";
import { issuesOf, messageOf } from "./models.ts";

/** Two states, two actions, every number different. */
const stateFirst = [
  [
    [0.5, 0.5],
    [0.25, 0.75],
  ],
  [
    [0, 1],
    [0.9, 0.1],
  ],
];
const actionFirst = [
  [
    [0.5, 0.5],
    [0, 1],
  ],
  [
    [0.25, 0.75],
    [0.9, 0.1],
  ],
];
const rewards = [
  [1, 2],
  [3, 4],
];

describe("the two orders", () => {
  test("of transition compile to the same model", () => {
    const a = fromDense({ transition: stateFirst, reward: rewards, discount: 0.5 });
    const b = fromDense({ transition: actionFirst, reward: rewards, discount: 0.5, order: "action-first" });
    expect(b.storage).toEqual(a.storage);
    expect(a.branches(1, 1)).toEqual([
      { next: 0, probability: 0.9, reward: 4, terminated: false },
      { next: 1, probability: 0.1, reward: 4, terminated: false },
    ]);
    expect(a.branches(1, 0)).toEqual([{ next: 1, probability: 1, reward: 3, terminated: false }]);
  });

  test("of R(s,a,s') follow those of transition", () => {
    const byNext = (s: number, a: number) => [10 * s + a, 10 * s + a + 0.5];
    const a = fromDense({ transition: stateFirst, reward: [0, 1].map((s) => [0, 1].map((x) => byNext(s, x))) });
    const b = fromDense({ transition: actionFirst, order: "action-first", reward: [0, 1].map((x) => [0, 1].map((s) => byNext(s, x))) });
    expect(b.storage).toEqual(a.storage);
    expect(a.branches(0, 1).map((branch) => branch.reward)).toEqual([1, 1.5]);
    expect(a.reward(0, 1)).toBe(0.25 * 1 + 0.75 * 1.5);
  });
});

describe("rewards", () => {
  test("R(s) holds for all actions", () => {
    const model = fromDense({ transition: stateFirst, reward: [7, 8] });
    expect(Array.from(model.storage.reward)).toEqual([7, 7, 8, 8]);
    expect(model.storage.rounding.reward).toBe(0);
  });

  test("-Infinity (maximize) or Infinity (minimize) makes a choice infeasible; the other infinity is wrong", () => {
    const at = (reward: number, objective: "maximize" | "minimize") =>
      fromDense({ transition: stateFirst, objective, reward: [[1, reward], rewards[1] ?? []] });
    expect(at(-Infinity, "maximize").feasibleActions(0)).toEqual([0]);
    expect(at(Infinity, "minimize").feasibleActions(0)).toEqual([0]);
    expect(issuesOf(() => at(Infinity, "maximize"))[0]?.where).toBe("transition(0,1)");
    expect(issuesOf(() => at(-Infinity, "minimize"))).toHaveLength(1);
  });
});

describe("feasible actions and terminals", () => {
  test("a row of zeros, and a row that is not there, are infeasible", () => {
    const puterman = fromDense({
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
    expect(puterman.feasibleActions(0)).toEqual([0, 1]);
    expect(puterman.feasibleActions(1)).toEqual([0]);
    const zeros = fromDense({
      transition: [
        [
          [1, 0],
          [0, 0],
        ],
        [
          [0, 0],
          [0, 1],
        ],
      ],
      reward: rewards,
    });
    expect(zeros.feasibleActions(0)).toEqual([0]);
    expect(zeros.feasibleActions(1)).toEqual([1]);
  });

  test("terminal states' rows are not read", () => {
    const model = fromDense({ transition: [stateFirst[0] ?? [], []], reward: rewards, terminal: [1] });
    expect(model.isTerminal(1)).toBe(true);
    expect(model.feasibleActions(1)).toEqual([]);
  });

  test("a state without any is an issue, a terminal that does not exist too", () => {
    expect(issuesOf(() => fromDense({ transition: [stateFirst[0] ?? [], []], reward: rewards })).map((i) => i.where)).toEqual(["state 1"]);
    expect(issuesOf(() => fromDense({ transition: stateFirst, reward: rewards, terminal: [2, -1] })).map((i) => i.got)).toEqual([
      "has the state 2",
      "has the state -1",
    ]);
  });
});

describe("what does not fit", () => {
  test.each<[string, DenseModel]>([
    ["transition is empty", { transition: [], reward: [] }],
    ["transition is empty", { transition: [[], []], reward: [0, 0] }],
    ["transition of state 0, action 0 has 1 entries, expected 2", { transition: [[[1]], [[0, 1]]], reward: [0, 0] }],
    ["reward has 1 entries, expected 2", { transition: stateFirst, reward: [0] }],
    [
      "reward[0] has 3 entries, expected at most 2",
      {
        transition: stateFirst,
        reward: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
    ],
    ["reward of state 0, action 1 is missing", { transition: stateFirst, reward: [[1], [2]] }],
    [
      "reward of state 0, action 0 has 1 entries, expected 2",
      {
        transition: stateFirst,
        reward: [
          [[1], [2]],
          [[3], [4]],
        ],
      },
    ],
  ])("%s", (message, model) => {
    expect(messageOf(() => fromDense(model))).toContain(message);
    expect(() => fromDense(model)).toThrow(ShapeError);
  });

  test("probabilities: a row off 1, a NaN, a negative", () => {
    const withRow = (row: number[]) => issuesOf(() => fromDense({ transition: [[row], [[0, 1]]], reward: [0, 0] })).map(({ where, got }) => `${where} ${got}`);
    expect(withRow([0.5, 0.4])).toEqual(["transition(0,0) sums to 0.9"]);
    expect(withRow([Number.NaN, 1])).toEqual(["transition(0,0,0) has probability NaN"]);
    expect(withRow([-0.5, 1.5])).toEqual(["transition(0,0,0) has probability -0.5"]);
  });

  test("options", () => {
    expect(() => fromDense({ transition: stateFirst, reward: rewards, discount: 2 })).toThrow(OptionError);
    expect(() => fromDense({ transition: stateFirst, reward: rewards, order: "sa" as "state-first" })).toThrow(OptionError);
    expect(() => fromDense({ transition: stateFirst, reward: rewards, normalize: true })).not.toThrow(InvalidModelError);
  });

  test("nothing given is changed", () => {
    const given = { transition: stateFirst, reward: rewards, terminal: [] };
    const before = JSON.stringify(given);
    fromDense(given);
    expect(JSON.stringify(given)).toBe(before);
  });
});
