// Alias tables: every entry gets its share exactly, to the last of the 2^32 coins.
import fc from "fast-check";
import { expect, test } from "vitest";
import { aliasRoom, fillAlias } from "../../../src/envs/index.ts";

const COINS = 2n ** 32n;

/** Coins of all columns that answer each entry. */
function shares(probability: readonly number[], from = 0, to: number = probability.length): bigint[] {
  const table = aliasRoom(probability.length);
  fillAlias(probability, table, from, to);
  const share = probability.map(() => 0n);
  for (let k = from; k < to; k++) {
    const coins = table.alias[k] === k ? COINS : BigInt(table.threshold[k]!);
    share[k] = share[k]! + coins;
    share[table.alias[k]!] = share[table.alias[k]!]! + (COINS - coins);
  }
  return share;
}

test("each entry is drawn by n times its probability in 2^-32, all together by all coins", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-12, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }), (weights) => {
      const total = weights.reduce((x, y) => x + y);
      const n = BigInt(weights.length);
      const share = shares(weights);
      expect(share.reduce((x, y) => x + y)).toBe(n * COINS);
      for (const [k, w] of weights.entries()) {
        expect(share[k]! % n, "a whole number of coins").toBe(0n);
        // The largest takes what rounding left: up to half a coin an entry.
        expect(Math.abs(Number(share[k]! / n) - (w / total) * 2 ** 32)).toBeLessThanOrEqual(1 + weights.length / 2);
      }
    }),
  );
});

test("a range of entries aliases within itself", () => {
  const table = aliasRoom(6);
  fillAlias([9, 9, 1, 2, 1, 9], table, 2, 5);
  for (let k = 2; k < 5; k++) expect(table.alias[k]).toBeGreaterThanOrEqual(2);
  for (let k = 2; k < 5; k++) expect(table.alias[k]).toBeLessThan(5);
  expect(shares([9, 9, 1, 2, 1, 9], 2, 5).slice(2, 5)).toEqual([3n * (COINS / 4n), 3n * (COINS / 2n), 3n * (COINS / 4n)]);
});

test("one entry is certain", () => {
  const table = aliasRoom(1);
  fillAlias([0.25], table, 0, 1);
  expect(table.alias[0]).toBe(0);
});
