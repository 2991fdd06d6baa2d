// Models in an arena: entry by entry those built in ordinary arrays, whenever they move in, and when they have to leave.
import { describe, expect, test } from "vitest";
import { buildMdp, fromCsr, LabelIndex, MdpBuilder, type Storage, storageBytes } from "../../../src/mdp/index.ts";
import { ARENA_RULE, type ArenaRule, modelRegions } from "../../../src/mdp/model-arena.ts";

const STATES = 300;
const ACTIONS = 4;
const NEVER: ArenaRule = { ...ARENA_RULE, from: Infinity };

interface Kind {
  /** From this state on every row is that of state 0. */
  readonly repeatFrom?: number;
  readonly ends?: boolean;
  readonly ownRewards?: boolean;
  /** How many branches the choices of a state have. */
  readonly branches?: (s: number) => number;
}

function build(rule: ArenaRule, { repeatFrom = STATES, ends = false, ownRewards = false, branches = () => 3 }: Kind = {}): Storage {
  const builder = new MdpBuilder(LabelIndex.range("state", STATES), LabelIndex.range("action", ACTIONS), {}, rule);
  for (let s = 0; s < STATES; s++) {
    builder.state();
    if (s % 50 === 49) {
      builder.terminal();
      continue;
    }
    for (let a = s % 2; a < ACTIONS; a++) {
      builder.choice(a, s + a / 10);
      const like = s < repeatFrom ? s * ACTIONS + a : 0;
      const count = branches(s);
      for (let k = 0; k < count; k++)
        builder.branch((like * 7 + k) % STATES, 1 / count, ownRewards && s % 3 === 0 ? k : Number.NaN, ends && s === 200 && k === 1);
    }
  }
  return builder.finish();
}

function arrays(storage: Storage) {
  const { stateChoices, terminal, choiceAction, choiceRow, rowBranches, target, reward, probability } = storage;
  return [stateChoices, terminal, choiceAction, rowBranches, target, reward, probability, ...(choiceRow === undefined ? [] : [choiceRow])];
}

/** The arrays where they lie in memory, by their first byte. */
function extents(storage: Storage): [from: number, to: number][] {
  return arrays(storage)
    .map(({ byteOffset, byteLength }): [number, number] => [byteOffset, byteOffset + byteLength])
    .sort(([a], [b]) => a - b);
}

const KINDS: readonly [string, Kind][] = [
  ["rows none alike", {}],
  ["rows that repeat after moving in", { repeatFrom: 150 }],
  ["rows that repeat before", { repeatFrom: 1 }],
  ["rewards by branch", { ownRewards: true }],
  ["branches that end", { ends: true }],
  ["rows of many branches", { branches: () => 40 }],
  ["everything", { repeatFrom: 100, ends: true, ownRewards: true }],
];

describe.each(KINDS)("a model with %s", (_, kind) => {
  const apart = build(NEVER, kind);

  test.each([1, 100, 200])("is the same in an arena from %d on", (from) => {
    const { arena, ...within } = build({ ...ARENA_RULE, from }, kind);
    expect(apart.arena).toBeUndefined();
    expect(within).toEqual(apart);
    expect(new Set(arrays(within).map((array) => array.buffer))).toEqual(new Set([arena?.memory.buffer]));
  });

  test("lies aligned and disjoint, the workspace behind it", () => {
    const within = build({ ...ARENA_RULE, from: 100 }, kind);
    const workspace = within.arena?.workspace ?? 0;
    let end = 0;
    for (const [from, to] of extents(within)) {
      expect(from % 16).toBe(0);
      expect(from).toBeGreaterThanOrEqual(end);
      end = to;
    }
    expect(workspace % 64).toBe(0);
    expect(workspace).toBeGreaterThanOrEqual(end);
    const room = (within.arena?.memory.buffer.byteLength ?? 0) - workspace;
    expect(room).toBeGreaterThanOrEqual(96 * (STATES + 1) + 8 * within.choiceCount + 4 * 2 ** 20);
    expect(within.arena?.busy).toBe(false);
  });
});

describe("a model that outgrows its arena leaves it", () => {
  const kinds: readonly [string, Kind, number][] = [
    // Rows grow from 2 to 12 branches: more than was foreseen.
    ["by branches", { branches: (s) => (s < 100 ? 2 : 12) }, 1.2],
    // The first state foretells three choices a state fewer than there are.
    ["by choices", {}, 0.9],
    ["by choices, rows shared", { repeatFrom: 40 }, 0.9],
    ["by branches, rows shared before", { repeatFrom: 1, ownRewards: true }, 0.9],
  ];

  test.each(kinds)("%s", (_, kind, spare) => {
    for (const from of [20, 150]) {
      const storage = build({ ...ARENA_RULE, from, spare }, kind);
      expect(storage).toEqual(build(NEVER, kind));
      expect(storage.arena).toBeUndefined();
      for (const array of arrays(storage)) expect(array.buffer).toBeInstanceOf(ArrayBuffer);
    }
  });
});

describe("a model stays out of an arena", () => {
  test("where it is small", () => {
    const small = buildMdp({ states: 1000, actions: 2 }, (s, emit) => {
      for (const a of [0, 1]) {
        emit.choice(a, s);
        emit.branch((s + a) % 1000, 1);
      }
    });
    expect(small.storage.arena).toBeUndefined();
    expect(small.storage.target.buffer).toBeInstanceOf(ArrayBuffer);
    expect(storageBytes(small.storage)).toBeLessThan(100_000);
  });

  test("where none of the size is to be had", () => {
    const storage = build({ ...ARENA_RULE, from: 100, bytes: 2 ** 20 });
    expect(storage.arena).toBeUndefined();
    expect(storage).toEqual(build(NEVER));
  });

  test("where the branches foreseen do not fit", () => {
    const counts = { states: 1000, choices: 1000, branches: 10_000 };
    const bytes = 96 * 1001 + 8 * 1000 + 4 * 2 ** 20 + 25_212 + 12 * 5000;
    expect(modelRegions(counts, 5001, bytes)).toBeUndefined();
    const regions = modelRegions(counts, 4500, bytes);
    expect(regions?.target.length).toBe(5000);
    expect(regions?.probability.length).toBe(5000);
  });

  test("where its choices are wrong, which is told as ever", () => {
    const builder = new MdpBuilder(LabelIndex.range("state", 2), LabelIndex.range("action", 1), {}, { ...ARENA_RULE, from: 1 });
    builder.state();
    for (let k = 0; k < 5; k++) {
      builder.choice(0, 0);
      builder.branch(0, 1);
    }
    builder.state();
    builder.choice(0, 0);
    builder.branch(0, 1);
    expect(() => builder.finish()).toThrow(/is given twice/);
  });
});

test("large sparse arrays in order are copied into an arena, and not changed", () => {
  const states = 2 ** 19;
  const indptr = Int32Array.from({ length: states + 1 }, (_, row) => 2 * row);
  const indices = Int32Array.from({ length: 2 * states }, (_, b) => ((b >> 1) + (b % 2) * 12345) % states);
  const data = new Float64Array(2 * states).fill(0.5);
  const reward = Float64Array.from({ length: states }, (_, s) => s % 5);
  const { storage } = fromCsr({ states, actions: 1, indptr, indices, data, reward, discount: 0.9 });
  expect(storage.arena).toBeDefined();
  for (const array of [storage.stateChoices, storage.rowBranches, storage.target, storage.probability, storage.reward, storage.terminal])
    expect(array.buffer).toBe(storage.arena?.memory.buffer);
  // Entry by entry: a comparison of a million numbers that could say where takes minutes.
  const same = (x: ArrayLike<number>, y: ArrayLike<number>) => x.length === y.length && Array.prototype.every.call(x, (number, i) => number === y[i]);
  expect(same(storage.target, indices)).toBe(true);
  expect(same(storage.probability, data)).toBe(true);
  expect(same(storage.reward, reward)).toBe(true);
  expect(same(storage.rowBranches, indptr)).toBe(true);
});
