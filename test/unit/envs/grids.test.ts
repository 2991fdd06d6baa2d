// Mazes and grids: every cell a state, walls and goals terminal, no way into a wall, blocked moves stay.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BuiltIn, grid, makeBuiltIn, maze } from "../../../src/envs/index.ts";
import { OptionError } from "../../../src/errors.ts";

const WAYS = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] } as const;
const SIDES = { up: ["left", "right"], down: ["left", "right"], left: ["up", "down"], right: ["up", "down"] } as const;

/** The contract, cell by cell, worked out from the layout alone. */
function expectContract({ mdp, grid: layout }: BuiltIn, rewards: { step: number; goal: number }, slip: number): void {
  if (layout === undefined) throw new Error("no grid");
  expect(mdp.stateCount).toBe(layout.rows * layout.columns);
  expect(mdp.actions.toArray()).toEqual(["up", "down", "left", "right"]);
  const landing = (s: number, way: keyof typeof WAYS): number => {
    const row = Math.floor(s / layout.columns) + WAYS[way][0];
    const column = (s % layout.columns) + WAYS[way][1];
    if (row < 0 || row >= layout.rows || column < 0 || column >= layout.columns) return s;
    const next = row * layout.columns + column;
    return layout.cells[next] === "wall" ? s : next;
  };
  for (const [s, cell] of layout.cells.entries()) {
    const ends = cell === "wall" || cell === "goal";
    expect(mdp.isTerminal(s)).toBe(ends);
    expect(mdp.feasibleActions(s)).toEqual(ends ? [] : ["up", "down", "left", "right"]);
    for (const way of ends ? [] : (["up", "down", "left", "right"] as const)) {
      const expected = new Map<number, number>();
      const add = (next: number, p: number) => p > 0 && expected.set(next, (expected.get(next) ?? 0) + p);
      add(landing(s, way), 1 - slip);
      for (const side of SIDES[way]) add(landing(s, side), slip / 2);
      const branches = mdp.branches(s, way);
      expect(branches).toHaveLength(expected.size);
      for (const { next, probability, reward, terminated } of branches) {
        expect(probability).toBeCloseTo(expected.get(Number(next)) ?? Number.NaN, 14);
        expect(reward).toBe(layout.cells[Number(next)] === "goal" ? rewards.goal : rewards.step);
        expect(terminated).toBe(false);
      }
    }
  }
}

describe("maze", () => {
  test("the seed maze", () => {
    const { mdp, grid: layout } = maze();
    expect(layout?.cells.indexOf("start")).toBe(0);
    expect(layout?.statesOf("goal")).toEqual([15]);
    expect(mdp.initial?.state[0]).toBe(0);
    expect(layout?.statesOf("wall")).toEqual([4, 5, 7, 12, 14]);
    expect(mdp.branches(0, "up")).toEqual([{ next: 0, probability: 1, reward: 0, terminated: false }]);
    expect(mdp.branches(0, "down")).toEqual([{ next: 0, probability: 1, reward: 0, terminated: false }]);
    expect(mdp.branches(11, "down")).toEqual([{ next: 15, probability: 1, reward: 1, terminated: false }]);
  });

  test("rows of any kind keep the contract", () => {
    const row = (columns: number) => fc.array(fc.constantFrom("0", "0", "1"), { minLength: columns, maxLength: columns }).map((cells) => cells.join(""));
    const rows = fc.integer({ min: 1, max: 6 }).chain((columns) => fc.array(row(columns), { minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(rows, (lines) => {
        const text = lines.join("/");
        if ((text.match(/0/g) ?? []).length < 2) expect(() => maze(text)).toThrow(OptionError);
        else expectContract(maze(text), { step: 0, goal: 1 }, 0);
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  test("S and G are marked, or the first and last open cell", () => {
    const cells = (text: string) => maze(text).grid?.cells.join(" ");
    expect(cells("100/001")).toBe("wall start open open goal wall");
    expect(cells("0G0/0S1")).toBe("open goal open open start wall");
    expect(cells("G00/001")).toBe("goal start open open open wall");
    expect(cells("00S/001")).toBe("open open start open goal wall");
    expect(cells("GSG")).toBe("goal start goal");
  });

  test("a matrix says the same as rows, and is not changed", () => {
    const rows = [
      [0, 0, 0, 0],
      [1, 1, 0, 1],
      [0, 0, 0, 0],
      [1, 0, 1, 0],
    ];
    const copy = structuredClone(rows);
    expect(maze(rows).mdp.storage).toEqual(maze("0000/1101/0000/1010").mdp.storage);
    expect(rows).toEqual(copy);
    expect(() => maze([[0, 2]])).toThrow("an entry of maze is 2, expected 0 (open) or 1 (wall)");
    expect(() =>
      maze([
        [0, 10],
        [0, 10],
      ]),
    ).toThrow(OptionError);
  });
});

describe("grid", () => {
  test.each([
    ["grid", 0],
    ["grid:3x5", 0],
    ["grid:7x4,slip=0.2,walls=0.2,seed=1", 0.2],
    ["grid:6x6,slip=1,walls=0.1", 1],
    ["grid:1x2", 0],
  ])("%s keeps the contract: every step costs 1", (spec, slip) => {
    expectContract(makeBuiltIn(spec), { step: -1, goal: -1 }, slip);
  });

  test("goes from the top left to the bottom right; every open cell can be reached, whatever the walls", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 2, max: 12 }),
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        fc.integer(),
        (rows, columns, walls, seed) => {
          const { mdp, grid: layout } = grid({ rows, columns, walls, seed });
          expect(layout?.cells[0]).toBe("start");
          expect(layout?.statesOf("goal")).toEqual([rows * columns - 1]);
          const reached = new Set([0]);
          for (const s of reached) for (const a of mdp.feasibleActions(s)) for (const { next } of mdp.branches(s, a)) reached.add(Number(next));
          const open = layout?.cells.flatMap((cell, s) => (cell === "wall" ? [] : [s]));
          expect([...reached].sort((x, y) => x - y)).toEqual(open);
        },
      ),
      { seed: 9, numRuns: 60 },
    );
  });

  test("a seed names the walls", () => {
    const cells = (seed: number | string) => grid({ rows: 20, columns: 20, walls: 0.25, seed }).grid?.cells;
    expect(cells(1)).toEqual(cells(1));
    expect(cells(1)).toEqual(cells("1"));
    expect(cells(1)).not.toEqual(cells(2));
  });

  test("a fifth of the cells are walls where a fifth is asked for", () => {
    const walls = grid({ rows: 100, columns: 100, walls: 0.2, seed: 3 }).grid?.statesOf("wall").length ?? 0;
    // Of the open cells, about 0.8 * 0.2^4 are cut off.
    expect(Math.abs(walls - 2000 - 10_000 * 0.8 * 0.2 ** 4)).toBeLessThan(5 * Math.sqrt(10_000 * 0.2 * 0.8));
  });
});
