// Models from sparse rows: arrays in order are shared and never written to, all others are copied and merged.
import { describe, expect, test } from "vitest";
import { OptionError, ShapeError } from "../../../src/errors.ts";
import { type CsrModel, fromCsr } from "../../../src/mdp/index.ts";
import { issuesOf, messageOf } from "./models.ts";

/** Two states, two actions, all feasible. */
function tidy() {
  return {
    states: 2,
    actions: 2,
    indptr: Int32Array.of(0, 2, 3, 4, 6),
    indices: Int32Array.of(1, 0, 1, 0, 0, 1),
    data: Float64Array.of(0.25, 0.75, 1, 1, 0.5, 0.5),
    reward: Float64Array.of(1, 2, 3, 4),
  };
}

describe("arrays in order", () => {
  test("are taken as they are, columns in any order", () => {
    const model = tidy();
    const { storage } = fromCsr(model);
    expect(storage.rowBranches).toBe(model.indptr);
    expect(storage.target).toBe(model.indices);
    expect(storage.probability).toBe(model.data);
    expect(storage.reward).toBe(model.reward);
    expect(storage.choiceRow).toBeUndefined();
    expect(Array.from(storage.stateChoices)).toEqual([0, 2, 4]);
    expect(Array.from(storage.choiceAction)).toEqual([0, 1, 0, 1]);
  });

  test("compile to what a copy compiles to", () => {
    const model = tidy();
    const copied = fromCsr({ ...model, indices: Array.from(model.indices), data: Array.from(model.data) });
    expect(copied.storage.target).not.toBe(model.indices);
    expect(copied.storage).toEqual(fromCsr(model).storage);
  });

  test("are never written to, on either path", () => {
    for (const model of [tidy(), { ...tidy(), normalize: true }, { ...tidy(), terminal: [0] }]) {
      const before = structuredClone(model);
      fromCsr(model);
      expect(model).toEqual(before);
    }
  });

  test("stay shared where rows are empty: infeasible choices and terminal states", () => {
    const indices = Int32Array.of(1, 0, 2);
    const data = Float64Array.of(0.5, 0.5, 1);
    const model: CsrModel = { states: 3, actions: 2, indptr: [0, 2, 2, 2, 3, 3, 3], indices, data, reward: [5, 6, 7, 8, 9, 10], terminal: [2] };
    const mdp = fromCsr(model);
    expect(mdp.storage.target).toBe(indices);
    expect(mdp.storage.probability).toBe(data);
    expect(mdp.feasibleActions(0)).toEqual([0]);
    expect(mdp.feasibleActions(1)).toEqual([1]);
    expect(mdp.isTerminal(2)).toBe(true);
    expect(mdp.reward(1, 1)).toBe(8);
    expect(mdp.branches(1, 1)).toEqual([{ next: 2, probability: 1, reward: 8, terminated: false }]);
    expect(fromCsr({ ...model, indices: Array.from(indices) }).storage).toEqual(mdp.storage);
  });
});

describe("arrays that need work", () => {
  test("duplicates are added up, zeros left out", () => {
    const model = { states: 2, actions: 1, indptr: [0, 3, 4], indices: Int32Array.of(1, 0, 1, 1), data: Float64Array.of(0.25, 0.5, 0.25, 1), reward: [1, 2] };
    expect(fromCsr(model).branches(0, 0)).toEqual([
      { next: 1, probability: 0.5, reward: 1, terminated: false },
      { next: 0, probability: 0.5, reward: 1, terminated: false },
    ]);
    expect(fromCsr({ ...model, data: Float64Array.of(0, 1, 0, 1) }).branches(0, 0)).toEqual([{ next: 0, probability: 1, reward: 1, terminated: false }]);
  });

  test("rewards by branch are kept, those of duplicates weighted", () => {
    const mdp = fromCsr({
      states: 2,
      actions: 1,
      indptr: [0, 3, 4],
      indices: [1, 0, 1, 1],
      data: [0.25, 0.5, 0.25, 1],
      reward: [4, 10, 8, 1],
      rewardPer: "branch",
    });
    expect(mdp.branches(0, 0)).toEqual([
      { next: 1, probability: 0.5, reward: 6, terminated: false },
      { next: 0, probability: 0.5, reward: 10, terminated: false },
    ]);
    expect(mdp.reward(0, 0)).toBe(8);
  });

  test("reward -Infinity (maximize) or Infinity (minimize) makes a choice infeasible", () => {
    const model = { ...tidy(), reward: Float64Array.of(1, -Infinity, 3, 4) };
    expect(fromCsr(model).feasibleActions(0)).toEqual([0]);
    expect(fromCsr({ ...model, objective: "minimize", reward: Float64Array.of(Infinity, 2, 3, 4) }).feasibleActions(0)).toEqual([1]);
    expect(issuesOf(() => fromCsr({ ...model, objective: "minimize" }))[0]?.where).toBe("transition(0,1)");
  });

  test("terminal states' rows are dropped", () => {
    const mdp = fromCsr({ ...tidy(), terminal: [1] });
    expect(mdp.isTerminal(1)).toBe(true);
    expect(mdp.choiceCount).toBe(2);
    expect(mdp.branchCount).toBe(3);
  });

  test("any typed array or list will do; counts are normalised on request", () => {
    const mdp = fromCsr({
      states: 2,
      actions: 1,
      indptr: new Uint32Array([0, 2, 3]),
      indices: new Int16Array([0, 1, 0]),
      data: new Float32Array([1, 3, 5]),
      reward: [0, 0],
      normalize: true,
    });
    expect(mdp.branches(0, 0).map((branch) => branch.probability)).toEqual([0.25, 0.75]);
  });
});

describe("what is wrong", () => {
  test.each<[string, object]>([
    ["indptr has 3 entries, expected 5: states x actions + 1", { indptr: [0, 2, 6] }],
    ["indices has 5 entries and data 6", { indices: new Int32Array(5) }],
    ["indptr runs from 1 to 6, expected 0 to 6", { indptr: [1, 2, 3, 4, 6] }],
    ["indptr runs from 0 to 7, expected 0 to 6", { indptr: [0, 2, 3, 4, 7] }],
    ["indptr[2] is 1, expected an integer of at least indptr[1] = 2", { indptr: [0, 2, 1, 4, 6] }],
    ["indptr[1] is 1.5, expected an integer", { indptr: [0, 1.5, 3, 4, 6] }],
    ["indptr[1] is NaN, expected an integer", { indptr: [0, Number.NaN, 3, 4, 6] }],
    ["reward has 3 entries, expected 4: one a choice", { reward: [1, 2, 3] }],
    ["reward has 4 entries, expected 6: one a branch", { rewardPer: "branch" }],
  ])("%s", (message, parts) => {
    const make = () => fromCsr({ ...tidy(), ...parts });
    expect(messageOf(make)).toContain(message);
    expect(make).toThrow(ShapeError);
  });

  test("successors out of range, fractional, or past int32 are each named (they were once solved in silence)", () => {
    const withIndices = (indices: ArrayLike<number>) => issuesOf(() => fromCsr({ ...tidy(), indices })).map(({ where, got }) => `${where} ${got}`);
    expect(withIndices(Int32Array.of(2, 0, -1, 0, 0, 1))).toEqual(["transition(0,0) has successor 2", "transition(0,1) has successor -1"]);
    expect(withIndices([1, 0, 0.5, 0, 0, 4294967296])).toEqual(["transition(0,1) has successor 0.5", "transition(1,1) has successor 4294967296"]);
    expect(withIndices([Number.NaN, 0, 1, 0, 0, 1])).toEqual(["transition(0,0) has successor NaN"]);
  });

  test("probabilities and rewards", () => {
    const of = (parts: object) => issuesOf(() => fromCsr({ ...tidy(), ...parts })).map(({ where, got }) => `${where} ${got}`);
    expect(of({ data: Float64Array.of(0.25, 0.5, 1, 1, 0.5, 0.5) })).toEqual(["transition(0,0) sums to 0.75"]);
    expect(of({ data: Float64Array.of(1.5, -0.5, 1, 1, 0.5, 0.5) })).toEqual(["transition(0,0,0) has probability -0.5"]);
    expect(of({ reward: Float64Array.of(1, Number.NaN, 3, 4) })).toEqual(["transition(0,1) has reward NaN"]);
  });

  test("a state whose rows are all empty, unless it is terminal; terminals that do not exist", () => {
    const model: CsrModel = { states: 2, actions: 1, indptr: [0, 1, 1], indices: Int32Array.of(1), data: Float64Array.of(1), reward: [1, 1] };
    expect(issuesOf(() => fromCsr(model)).map((i) => i.where)).toEqual(["state 1"]);
    expect(fromCsr({ ...model, terminal: [1] }).isTerminal(1)).toBe(true);
    expect(issuesOf(() => fromCsr({ ...model, terminal: [1, 2] })).map((i) => i.got)).toEqual(["has the state 2"]);
  });

  test("options", () => {
    expect(() => fromCsr({ ...tidy(), discount: -1 })).toThrow(OptionError);
    expect(() => fromCsr({ ...tidy(), rewardPer: "row" as "branch" })).toThrow(OptionError);
    expect(() => fromCsr({ ...tidy(), states: 2 ** 31 })).toThrow(OptionError);
    expect(messageOf(() => fromCsr({ ...tidy(), initial: { state: Int32Array.of(2), probability: Float64Array.of(1) } }))).toContain("initial has state 2");
  });
});
