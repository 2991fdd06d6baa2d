// Equal rows of finished arrays stored once: for models that arrive as sparse rows, in arrays that nobody else holds.
import { expandRows } from "./expand-rows.ts";
import { RowSharing, sharingPays } from "./row-sharing.ts";
import type { Storage } from "./storage.ts";

/**
 * The same model with equal rows shared, where that pays; else `storage` as it is. For a storage with a row for every choice and no
 * optional columns. Its arrays are written to, and hold what they held only where `storage` itself is answered.
 */
export function shareInPlace(storage: Storage): Storage {
  const { choiceCount, rowBranches, target, probability } = storage;
  const sharing = new RowSharing();
  let choiceRow: Int32Array | undefined;
  let rows = 0;
  let end = 0;
  let to = 0;
  let c = 0;
  for (; c < choiceCount && sharing.active; c++) {
    const from = to;
    to = rowBranches[c + 1]!;
    const length = to - from;
    const same = sharing.find(rows, from, length, rowBranches, target, probability);
    if (same >= 0) choiceRow ??= rowsSoFar(c, choiceCount);
    if (choiceRow !== undefined) choiceRow[c] = same < 0 ? rows : same;
    if (same >= 0) continue;
    if (from !== end) moveDown(target, probability, from, end, length);
    rows++;
    end += length;
    rowBranches[rows] = end;
  }
  if (choiceRow === undefined) return storage;
  if (!sharingPays(to - end, to)) {
    // Choices from c on have not been touched.
    expandRows(c, choiceRow, rowBranches, to, [target, probability]);
    return storage;
  }
  // Copies, so that the memory of the branches left out is not held.
  return {
    ...storage,
    rowCount: rows,
    choiceRow,
    rowBranches: rowBranches.slice(0, rows + 1),
    target: target.slice(0, end),
    probability: probability.slice(0, end),
  };
}

/** Row = choice until the first shared row. */
function rowsSoFar(choices: number, most: number): Int32Array {
  const rows = new Int32Array(most);
  for (let c = 0; c < choices; c++) rows[c] = c;
  return rows;
}

function moveDown(target: Int32Array, probability: Float64Array, from: number, to: number, length: number): void {
  for (let k = 0; k < length; k++) {
    target[to + k] = target[from + k]!;
    probability[to + k] = probability[from + k]!;
  }
}
