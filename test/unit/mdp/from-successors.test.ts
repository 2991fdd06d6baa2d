// Models explored from a function: states of any type, limits, aborts, progress.
import { describe, expect, test } from "vitest";
import { OptionError, UnknownLabelError, UnsupportedModelError } from "../../../src/errors.ts";
import { fromSuccessors, type SuccessorChoice } from "../../../src/mdp/index.ts";

interface Cell {
  readonly row: number;
  readonly column: number;
}

/** A walk right or down through a square grid, ending in its far corner. */
function gridWalk(size: number) {
  return ({ row, column }: Cell): SuccessorChoice<Cell, "right" | "down">[] => {
    if (row === size - 1 && column === size - 1) return [];
    const choices: SuccessorChoice<Cell, "right" | "down">[] = [];
    if (row < size - 1) choices.push({ action: "down", reward: -1, branches: [[{ row: row + 1, column }, 1]] });
    if (column < size - 1) choices.push({ action: "right", reward: -1, branches: [[{ row, column: column + 1 }, 1]] });
    return choices;
  };
}

describe("exploring", () => {
  test("finds states that are objects, breadth first, and tells equal ones by their contents", async () => {
    const walk = await fromSuccessors({ row: 0, column: 0 }, gridWalk(3), { actions: ["right", "down"], discount: 1 });
    expect(walk.stateCount).toBe(9);
    expect(walk.states.toArray().slice(0, 4)).toEqual([
      { row: 0, column: 0 },
      { row: 0, column: 1 },
      { row: 1, column: 0 },
      { row: 0, column: 2 },
    ]);
    expect(walk.feasibleActions({ row: 2, column: 0 })).toEqual(["right"]);
    expect(walk.branches({ row: 1, column: 1 }, "down")).toEqual([{ next: { row: 2, column: 1 }, probability: 1, reward: -1, terminated: false }]);
    expect(walk.isTerminal({ row: 2, column: 2 })).toBe(true);
    expect(walk.initial?.state).toEqual(Int32Array.of(0));
  });

  test("takes actions in the order given, else as they are met", async () => {
    const met = await fromSuccessors({ row: 0, column: 0 }, gridWalk(2));
    expect(met.actions.toArray()).toEqual(["down", "right"]);
    const given = await fromSuccessors({ row: 0, column: 0 }, gridWalk(2), { actions: ["right", "down"] });
    expect(given.actions.toArray()).toEqual(["right", "down"]);
    expect(given.feasibleActions({ row: 0, column: 0 })).toEqual(["right", "down"]);
  });

  test("rewards by branch, equal successors added up", async () => {
    const walk = await fromSuccessors<number, "go">(0, (s) =>
      s === 0
        ? [
            {
              action: "go",
              branches: [
                [1, 0.25, 4],
                [0, 0.5, 0],
                [1, 0.25, 8],
              ],
            },
          ]
        : [],
    );
    expect(walk.branches(0, "go")).toEqual([
      { next: 1, probability: 0.5, reward: 6, terminated: false },
      { next: 0, probability: 0.5, reward: 0, terminated: false },
    ]);
  });

  test("reads an answer at once: the function may use its arrays again", async () => {
    const branch: [number, number, number] = [0, 1, 0];
    const answer: SuccessorChoice<number, "on">[] = [{ action: "on", branches: [branch] }];
    const ring = await fromSuccessors<number, "on">(0, (s) => {
      branch[0] = (s + 1) % 5;
      branch[2] = s;
      return answer;
    });
    expect(ring.stateCount).toBe(5);
    expect([0, 1, 2, 3, 4].map((s) => ring.reward(s, "on"))).toEqual([0, 1, 2, 3, 4]);
  });

  test("a key may tell states apart in its own way", async () => {
    const circle = await fromSuccessors<number, "on">(0, (angle) => [{ action: "on", reward: 0, branches: [[angle + 90, 1]] }], {
      key: (angle) => angle % 360,
    });
    expect(circle.states.toArray()).toEqual([0, 90, 180, 270]);
    expect(circle.states.indexOf(450)).toBe(1);
  });

  test("asks once a state", async () => {
    const asked: number[] = [];
    await fromSuccessors<number, "a" | "b">(0, (s) => {
      asked.push(s);
      return [
        { action: "a", reward: 0, branches: [[(s + 1) % 4, 1]] },
        { action: "b", reward: 0, branches: [[(s + 2) % 4, 1]] },
      ];
    });
    expect(asked).toEqual([0, 1, 2, 3]);
  });
});

describe("limits", () => {
  const endless = (s: number): SuccessorChoice<number, "on">[] => [{ action: "on", reward: 0, branches: [[s + 1, 1]] }];

  test("a model of more states than the limit is given up", async () => {
    await expect(fromSuccessors(0, endless, { limit: 100 })).rejects.toThrow(UnsupportedModelError);
    await expect(fromSuccessors(0, endless, { limit: 100 })).rejects.toThrow("more than 100 states");
    expect((await fromSuccessors(0, (s) => (s === 99 ? [] : endless(s)), { limit: 100 })).stateCount).toBe(100);
  });

  test("an abort ends it with the signal's reason, also before it began", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => abort.abort(reason), 60);
    await expect(fromSuccessors(0, endless, { signal: abort.signal })).rejects.toBe(reason);
    let asked = 0;
    const counted = (s: number) => {
      asked++;
      return endless(s);
    };
    await expect(fromSuccessors(0, counted, { signal: abort.signal })).rejects.toBe(reason);
    expect(asked).toBe(0);
  });

  test("progress tells what was explored and found, and grows", async () => {
    const seen: { explored: number; found: number }[] = [];
    const until = performance.now() + 200;
    await fromSuccessors(0, (s) => (performance.now() > until ? [] : endless(s)), { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThanOrEqual(1);
    for (const [i, { explored, found }] of seen.entries()) {
      expect(found).toBe(explored + 1);
      expect(explored).toBeGreaterThan(seen[i - 1]?.explored ?? 0);
    }
  });
});

describe("what is wrong", () => {
  const once = (choice: SuccessorChoice<unknown, "go">) => fromSuccessors<unknown, "go">(0, (s) => (s === 0 ? [choice] : []));

  test("issues name states by their labels", async () => {
    await expect(
      fromSuccessors<Cell, "go">({ row: 0, column: 0 }, (cell) =>
        cell.row === 0 ? [{ action: "go", reward: 0, branches: [[{ row: 1, column: 0 }, 0.5]] }] : [],
      ),
    ).rejects.toThrow('transition({"row":0,"column":0},"go") sums to 0.5, expected 1 within 1e-9.');
    await expect(once({ action: "go", branches: [] })).rejects.toThrow('transition(0,"go") has no branches');
  });

  test("a NaN reward of a branch is not hidden by its choice's reward", async () => {
    await expect(once({ action: "go", reward: 1, branches: [[1, 1, Number.NaN]] })).rejects.toThrow('transition(0,"go") has a branch of reward NaN');
    await expect(once({ action: "go", branches: [[1, 1, Number.NaN]] })).rejects.toThrow("has reward NaN");
    await expect(once({ action: "go", branches: [[1, 1]] })).rejects.toThrow("has reward NaN");
  });

  test("states that JSON does not tell apart ask for a key instead of becoming one", async () => {
    for (const next of [new Set([1]), new Map(), Symbol("a"), undefined, { x: Number.NaN }, [() => 1]]) {
      await expect(once({ action: "go", reward: 0, branches: [[next, 1]] })).rejects.toThrow(OptionError);
    }
    await expect(once({ action: "go", reward: 0, branches: [[{ board: Uint8Array.of(1, 2), turn: null }, 1]] })).resolves.toBeDefined();
  });

  test("options and unknown actions", async () => {
    await expect(fromSuccessors(0, () => [], { limit: 0 })).rejects.toThrow(OptionError);
    await expect(fromSuccessors(0, () => [], { discount: 7 })).rejects.toThrow(OptionError);
    await expect(fromSuccessors<number, string>(0, () => [{ action: "jump", reward: 0, branches: [[0, 1]] }], { actions: ["go"] })).rejects.toThrow(
      UnknownLabelError,
    );
    await expect(fromSuccessors<number, string>(0, () => [{ action: "go", reward: 0, branches: [[0, 1]] }], { actions: ["go", "go"] })).rejects.toThrow(
      "actions[1]",
    );
  });
});
