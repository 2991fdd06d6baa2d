// Alias tables: one draw for the column, one for the coin, whatever the number of outcomes; in integers, so that every device draws the same.
// Source: Walker, "An efficient method for generating discrete random variables with general distributions" (1977), built as Vose (1991) does.

/** One 32-bit coin decides: probabilities are multiples of this. */
const COINS = 4294967296;

/** Where entry k is drawn as itself (coin below `threshold[k]`) and what is drawn else. */
export interface AliasTable {
  readonly threshold: Uint32Array;
  readonly alias: Int32Array;
}

/** Room for the tables of many rows in one. */
export function aliasRoom(length: number): AliasTable {
  return { threshold: new Uint32Array(length), alias: new Int32Array(length) };
}

/**
 * Fills the entries from .. to: a column k = from + floor(draw · n / 2^32) and a coin answer entry k where coin < threshold[k], else entry alias[k].
 *
 * @remarks Probabilities are first rounded to multiples of 2^-32 that sum to 1, the largest one taking what rounding left; from then on all is exact.
 * @param probability positive numbers; of the entries from .. to the shares count, not the sum.
 */
export function fillAlias(probability: ArrayLike<number>, table: AliasTable, from: number, to: number): void {
  const n = to - from;
  const share = integerShares(probability, from, to);
  // n times each share: what an entry has; a column takes up 2^32. Exact while n < 2^21.
  const left = Float64Array.from(share, (w) => w * n);
  const small: number[] = [];
  const large: number[] = [];
  for (let k = 0; k < n; k++) (left[k]! < COINS ? small : large).push(k);
  for (let k = small.pop(); k !== undefined; k = small.pop()) {
    const giver = large.pop();
    // Sums are exact: without a giver every column left is full.
    if (giver === undefined) {
      settle(table, from + k);
      continue;
    }
    table.threshold[from + k] = left[k]!;
    table.alias[from + k] = from + giver;
    left[giver] = left[giver]! - (COINS - left[k]!);
    (left[giver]! < COINS ? small : large).push(giver);
  }
  for (const k of large) settle(table, from + k);
}

/** An entry that fills its column: whichever way the coin falls. */
function settle({ threshold, alias }: AliasTable, k: number): void {
  threshold[k] = COINS - 1;
  alias[k] = k;
}

/** Integers in the ratio of the probabilities, as near as can be, that sum to 2^32. */
function integerShares(probability: ArrayLike<number>, from: number, to: number): Float64Array {
  let total = 0;
  for (let i = from; i < to; i++) total += probability[i]!;
  const share = Float64Array.from({ length: to - from }, (_, k) => Math.round((probability[from + k]! / total) * COINS));
  let sum = 0;
  let largest = 0;
  for (let k = 0; k < share.length; k++) {
    sum += share[k]!;
    if (share[k]! > share[largest]!) largest = k;
  }
  share[largest] = share[largest]! + (COINS - sum);
  return share;
}
