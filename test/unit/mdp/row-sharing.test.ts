// Equal rows stored once: an inventory model with and without sharing is the same model.
import { describe, expect, test } from "vitest";
import { arrivalOf, buildMdp, type Mdp, rewardOf, rowOf } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";

const CAPACITY = 200;
const DEMAND = [0.1, 0.2, 0.3, 0.25, 0.1, 0.05];

/**
 * Stock s, order a, then demand: the successor depends on s + a alone, so rows repeat; the reward does not. State 0 is a depot apart
 * (stock s is state s + 1). Where its one branch ends the episode, rows are not shared: that is how the same model is had both ways.
 */
function inventory(depotEnds: boolean): Mdp {
  return buildMdp({ states: CAPACITY + 2, actions: CAPACITY + 1, discount: 0.95 }, (s, model) => {
    if (s === 0) {
      model.choice(0, 0);
      model.branch(0, 1, 0, depotEnds);
      return;
    }
    for (let a = 0; s - 1 + a <= CAPACITY; a++) {
      model.choice(a, rewardOfOrder(s, a));
      for (const [demand, p] of DEMAND.entries()) model.branch(1 + Math.max(0, s - 1 + a - demand), p);
    }
  });
}

const rewardOfOrder = (s: number, a: number) => -2 * a - 0.1 * s;

/** A choice's branches and rewards, whatever row they are stored in. */
function choiceOf({ storage }: Mdp, c: number) {
  const row = rowOf(storage, c);
  const branches: number[][] = [];
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++)
    branches.push([arrivalOf(storage, b), storage.probability[b]!, rewardOf(storage, c, b)]);
  return { action: storage.choiceAction[c], reward: storage.reward[c], branches };
}

describe("an inventory model", () => {
  const shared = inventory(false);
  const apart = inventory(true);

  test("stores far fewer rows than it has choices, and still counts all branches", () => {
    const { storage } = shared;
    expect(storage.choiceCount).toBe(1 + ((CAPACITY + 1) * (CAPACITY + 2)) / 2);
    expect(storage.choiceRow).toHaveLength(storage.choiceCount);
    // One for each level of stock, from the first choice on, and the depot's.
    expect(storage.rowCount).toBe(CAPACITY + 2);
    expect(storage.target).toHaveLength(storage.rowBranches[storage.rowCount] ?? -1);
    expect(storage.branchCount).toBe(apart.storage.target.length);
  });

  test("without sharing has a row for every choice", () => {
    expect(apart.storage.choiceRow).toBeUndefined();
    expect(apart.storage.rowCount).toBe(apart.choiceCount);
  });

  test("is the same model either way, choice by choice", () => {
    expect(shared.storage.stateChoices).toEqual(apart.storage.stateChoices);
    expect(shared.choiceCount).toBe(apart.choiceCount);
    const different = Array.from({ length: shared.choiceCount }, (_, c) => c).filter(
      (c) => JSON.stringify(choiceOf(shared, c)) !== JSON.stringify(choiceOf(apart, c)),
    );
    expect(different).toEqual([]);
  });

  test("has in its last choices what was emitted", () => {
    const stock = CAPACITY;
    const c = shared.choice(stock, 1);
    expect(choiceOf(shared, c)).toEqual({
      action: 1,
      reward: rewardOfOrder(stock, 1),
      branches: DEMAND.map((p, demand) => [1 + CAPACITY - demand, p, rewardOfOrder(stock, 1)]),
    });
  });
});

describe("sharing", () => {
  const states = 3000;

  test("stops where rows no longer repeat, for good, and what was shared is stored apart again", () => {
    const many = 8000;
    const model = buildMdp({ states: many, actions: 10 }, (s, emit) => {
      for (let a = 0; a < 10; a++) {
        emit.choice(a, a);
        // 500 states whose actions all do the same, then none alike, at last one that was met before.
        if (s < 500) emit.branch(s, 1);
        else if (s === many - 1 && a === 9) emit.branch(0, 1);
        else {
          emit.branch(s, (a + 1) / 16);
          emit.branch((s + a + 1) % many, 1 - (a + 1) / 16);
        }
      }
    });
    const { storage } = model;
    expect(storage.choiceRow).toBeUndefined();
    expect(storage.rowCount).toBe(many * 10);
    expect(storage.branchCount).toBe(500 * 10 + (many - 500) * 20 - 1);
    expect(storage.target).toHaveLength(storage.branchCount);
    expect(model.branches(499, 9)).toEqual([{ next: 499, probability: 1, reward: 9, terminated: false }]);
    expect(model.branches(many - 2, 9)).toEqual([
      { next: many - 2, probability: 0.625, reward: 9, terminated: false },
      { next: 8, probability: 0.375, reward: 9, terminated: false },
    ]);
    expect(model.branches(many - 1, 9)).toEqual([{ next: 0, probability: 1, reward: 9, terminated: false }]);
  });

  test("tells rows of equal hash apart", () => {
    // Among so many rows a few pairs have the same 32-bit hash.
    const many = 200_000;
    const random = new Rng("rows");
    const successors = Array.from({ length: many }, () => {
      const first = random.below(many - 1);
      return [first, first + 1 + random.below(many - 1 - first)] as const;
    });
    const model = buildMdp({ states: many, actions: 2 }, (s, emit) => {
      for (const a of [0, 1]) {
        emit.choice(a, 0);
        for (const next of successors[s] ?? []) emit.branch(next, 0.5);
      }
    });
    const { storage } = model;
    expect(storage.rowCount).toBeLessThan(many + 4096);
    const wrong = successors.filter((pair, s) => {
      const from = storage.rowBranches[rowOf(storage, 2 * s + 1)]!;
      return storage.target[from] !== pair[0] || storage.target[from + 1] !== pair[1];
    });
    expect(wrong).toEqual([]);
  });

  test("is not looked for again once it was given up", () => {
    const model = buildMdp({ states: 20_000, actions: 1 }, (s, emit) => {
      emit.choice(0, 0);
      emit.branch(s < 5000 ? s : 0, 1);
    });
    expect(model.storage).toMatchObject({ rowCount: 20_000, choiceRow: undefined });
  });

  test("starts with the first row, in the smallest models", () => {
    const model = buildMdp({ states: 2, actions: 2 }, (_, emit) => {
      for (const a of [0, 1]) {
        emit.choice(a, a);
        emit.branch(0, 0.25);
        emit.branch(1, 0.75);
      }
    });
    expect(model.storage).toMatchObject({ rowCount: 1, branchCount: 8 });
    expect([...(model.storage.choiceRow ?? [])]).toEqual([0, 0, 0, 0]);
    expect(model.branches(1, 1)).toMatchObject([
      { next: 0, probability: 0.25, reward: 1 },
      { next: 1, probability: 0.75, reward: 1 },
    ]);
  });

  test("is taken back at the end where less than a quarter of the branches was spared", () => {
    const repeat = (every: number): Mdp =>
      buildMdp({ states: 12, actions: 1 }, (s, emit) => {
        emit.choice(0, s);
        emit.branch(s % every === 0 ? 0 : s, 1);
      });
    // 2 of 12 rows repeat, then 3 of 12.
    expect(repeat(4).storage).toMatchObject({ rowCount: 12, choiceRow: undefined, branchCount: 12 });
    expect([...repeat(4).storage.target]).toEqual([0, 1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11]);
    expect(repeat(3).storage).toMatchObject({ rowCount: 9, branchCount: 12 });
    expect([...(repeat(3).storage.choiceRow ?? [])]).toEqual([0, 1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8]);
  });

  test("is taken back with rewards and ends by branch, too", () => {
    const model = buildMdp({ states: 12, actions: 1 }, (s, emit) => {
      emit.choice(0, 1);
      const repeated = s === 0 || s === 2;
      const own = s === 1 || s === 10 ? -s : Number.NaN;
      emit.branch(repeated ? 3 : s, 0.5, own);
      emit.branch(repeated ? 4 : (s + 1) % 12, 0.5, s === 1 ? 7 : own, s === 11);
    });
    expect(model.storage.choiceRow).toBeUndefined();
    expect(model.storage.rowCount).toBe(12);
    const of = (s: number) => model.branches(s, 0).map((branch) => [branch.next, branch.reward, branch.terminated]);
    expect(of(0)).toEqual(of(2));
    expect([of(1), of(2), of(10), of(11)]).toEqual([
      [
        [1, -1, false],
        [2, 7, false],
      ],
      [
        [3, 1, false],
        [4, 1, false],
      ],
      [
        [10, -10, false],
        [11, -10, false],
      ],
      [
        [11, 1, false],
        [0, 1, true],
      ],
    ]);
  });

  test("spares rows with rewards of their own by branch", () => {
    const model = buildMdp({ states, actions: 4 }, (s, emit) => {
      for (let a = 0; a < 4; a++) {
        emit.choice(a);
        emit.branch(0, 0.5, s % 2 === 0 ? 1 : 2);
        emit.branch(1, 0.5, s % 2 === 0 ? 1 : s);
      }
    });
    expect(model.storage.choiceRow).toBeDefined();
    expect(model.branches(2998, 3).map((branch) => branch.reward)).toEqual([1, 1]);
    expect(model.branches(2999, 3).map((branch) => branch.reward)).toEqual([2, 2999]);
    expect(model.reward(2999, 3)).toBe(1500.5);
    expect(model.reward(2998, 0)).toBe(1);
  });
});
