// FrozenLake, CliffWalking and Taxi against the tables of the real Gymnasium (scripts/make-gymnasium-fixtures.py), entry by entry.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { makeBuiltIn } from "../../../src/envs/index.ts";

type Entry = readonly [probability: number, next: number, reward: number, terminated: 0 | 1];

interface Table {
  readonly starts: readonly (readonly [state: number, probability: number])[];
  readonly P: readonly (readonly (readonly Entry[])[])[];
}

function readTable(name: string): Table {
  return JSON.parse(readFileSync(new URL(`../../fixtures/envs/${name}.json`, import.meta.url), "utf8")) as Table;
}

/** Entries with one successor and one flag added up, rewards weighted, as every model here stores them. */
function merged(entries: readonly Entry[]): { next: number; terminated: boolean; probability: number; reward: number }[] {
  const sums = new Map<string, { next: number; terminated: boolean; probability: number; reward: number }>();
  for (const [probability, next, reward, terminated] of entries) {
    const key = `${next} ${terminated}`;
    const before = sums.get(key);
    if (before === undefined) {
      sums.set(key, { next, terminated: terminated === 1, probability, reward });
      continue;
    }
    const total = before.probability + probability;
    sums.set(key, { ...before, probability: total, reward: (before.probability * before.reward + probability * reward) / total });
  }
  return [...sums.values()];
}

describe.each([
  ["frozen-lake-4x4", "frozen-lake:4x4", ["left", "down", "right", "up"]],
  ["frozen-lake-4x4-dry", "frozen-lake:4x4,slippery=false", ["left", "down", "right", "up"]],
  ["frozen-lake-8x8", "frozen-lake:8x8", ["left", "down", "right", "up"]],
  ["frozen-lake-8x8-dry", "frozen-lake:8x8,slippery=false", ["left", "down", "right", "up"]],
  ["cliff-walking", "cliff-walking", ["up", "right", "down", "left"]],
  ["cliff-walking-slippery", "cliff-walking:slippery=true", ["up", "right", "down", "left"]],
  ["taxi", "taxi", ["south", "north", "east", "west", "pickup", "dropoff"]],
])("%s", (fixture, spec, actions) => {
  const { mdp } = makeBuiltIn(spec);
  const table = readTable(fixture);

  test("has Gymnasium's states and actions, in its order", () => {
    expect(mdp.stateCount).toBe(table.P.length);
    expect(mdp.actions.toArray()).toEqual(actions);
  });

  test("starts where Gymnasium does", () => {
    expect(Array.from(mdp.initial?.state ?? [])).toEqual(table.starts.map(([s]) => s));
    for (const [k, [, p]] of table.starts.entries()) expect(mdp.initial?.probability[k]).toBeCloseTo(p, 15);
  });

  test("has every entry: probability, successor, reward, terminated", () => {
    for (const [s, row] of table.P.entries()) {
      expect(mdp.feasibleActions(s)).toHaveLength(row.length);
      for (const [a, entries] of row.entries()) {
        const ours = mdp.branches(s, actions[a] ?? "");
        const theirs = merged(entries);
        expect(ours).toHaveLength(theirs.length);
        for (const entry of theirs) {
          const branch = ours.find(({ next, terminated }) => next === entry.next && terminated === entry.terminated);
          expect(branch?.probability, `P[${s}][${a}] to ${entry.next}`).toBe(entry.probability);
          expect(branch?.reward, `R[${s}][${a}] to ${entry.next}`).toBeCloseTo(entry.reward, 12);
        }
      }
    }
  });
});
