// A model cut and laid out for a device: float32 arrays of a bounded length, neighbouring threads reading neighbouring numbers.
import { BackendError } from "../../errors.ts";

/** Threads that read side by side: a wavefront of the widest hardware. */
const LANES = 64;

/** Interleaving pads short items; from this much more on, rows are left one after the other. */
const MOST_PADDING = 1.5;

/** What is cut: items (states, or rows) of one or more rows each, rows of branches. `targets` from `ended` on lead nowhere. */
export interface SparseRows {
  readonly itemCount: number;
  /** itemCount + 1 offsets into the rows; undefined where item = row. */
  readonly itemRows: Int32Array | undefined;
  readonly rowBranches: Int32Array;
  readonly target: Int32Array;
  readonly probability: Float64Array;
  readonly ended: number;
}

/**
 * Some consecutive items. The branches of item i lie at `base(i) + k·lanes`, k = 0, 1, ..., row after row.
 *
 * With `width` every item has `rowsEach` rows of `width` branches, and neither `items` nor `rowStart` is needed.
 */
export interface Slab {
  readonly firstItem: number;
  readonly itemCount: number;
  readonly firstRow: number;
  readonly rowCount: number;
  readonly lanes: number;
  readonly rowsEach: number;
  /** 0 where rows or items differ. */
  readonly width: number;
  /** 2·(itemCount + 1) numbers: first row (from 0 in this slab) and base of each item. */
  readonly items: Int32Array;
  /** rowCount + 1 offsets in branches, from 0 in this slab. */
  readonly rowStart: Int32Array;
  readonly target: Int32Array;
  readonly probability: Float32Array;
}

/**
 * Cuts rows into slabs of arrays no longer than `limit` bytes.
 *
 * @param interleave whether neighbouring threads work on neighbouring items, and should read side by side; not so where they share an item.
 * @throws BackendError where a single item is longer.
 */
export function cutIntoSlabs(rows: SparseRows, limit: number, interleave: boolean): Slab[] {
  const most = Math.floor(limit / 4);
  const lanes = interleave && interleavesWell(rows, most) ? LANES : 1;
  const slabs: Slab[] = [];
  for (let from = 0; from < rows.itemCount; ) {
    let to = from;
    let length = 0;
    while (to < rows.itemCount) {
      const end = Math.min(rows.itemCount, to + lanes);
      const longer = length + sliceLength(rows, to, end, lanes);
      const fits = longer <= most && 2 * (end - from + 1) <= most && rowAt(rows, end) - rowAt(rows, from) + 1 <= most;
      if (!fits) break;
      length = longer;
      to = end;
    }
    if (to === from) {
      throw new BackendError(`state or row ${from} has too many branches for one array of ${limit} bytes on the device, expected fewer.`, {
        hint: 'use device: "cpu" or "wasm".',
      });
    }
    slabs.push(layOut(rows, from, to, lanes, length));
    from = to;
  }
  return slabs;
}

function rowAt({ itemRows }: SparseRows, item: number): number {
  return itemRows === undefined ? item : itemRows[item]!;
}

function branchesOf(rows: SparseRows, item: number): number {
  return rows.rowBranches[rowAt(rows, item + 1)]! - rows.rowBranches[rowAt(rows, item)]!;
}

function sliceLength(rows: SparseRows, from: number, to: number, lanes: number): number {
  let longest = 0;
  for (let item = from; item < to; item++) longest = Math.max(longest, branchesOf(rows, item));
  return longest * lanes;
}

/** Whether slices of neighbouring items fit, without much padding. */
function interleavesWell(rows: SparseRows, most: number): boolean {
  let padded = 0;
  for (let from = 0; from < rows.itemCount; from += LANES) {
    const length = sliceLength(rows, from, Math.min(rows.itemCount, from + LANES), LANES);
    if (length > most) return false;
    padded += length;
  }
  return padded <= MOST_PADDING * rows.rowBranches[rows.rowBranches.length - 1]!;
}

function layOut(rows: SparseRows, from: number, to: number, lanes: number, length: number): Slab {
  const { rowBranches, ended } = rows;
  const firstRow = rowAt(rows, from);
  const rowCount = rowAt(rows, to) - firstRow;
  const items = new Int32Array(2 * (to - from + 1));
  const rowStart = new Int32Array(rowCount + 1);
  const target = new Int32Array(Math.max(1, length));
  const probability = new Float32Array(Math.max(1, length));
  const firstBranch = rowBranches[firstRow]!;
  for (let r = 0; r <= rowCount; r++) rowStart[r] = rowBranches[firstRow + r]! - firstBranch;
  let sliceBase = 0;
  for (let item = from; item < to; item++) {
    const lane = (item - from) % lanes;
    if (lane === 0 && item > from) sliceBase += sliceLength(rows, item - lanes, item, lanes);
    const base = sliceBase + lane;
    const row = rowAt(rows, item);
    items[2 * (item - from)] = row - firstRow;
    items[2 * (item - from) + 1] = base;
    const first = rowBranches[row]!;
    const end = rowBranches[rowAt(rows, item + 1)]!;
    for (let b = first, at = base; b < end; b++, at += lanes) {
      // A branch that ends continues with value 0, as one of no probability does.
      if (rows.target[b]! >= ended) continue;
      target[at] = rows.target[b]!;
      probability[at] = rows.probability[b]!;
    }
  }
  items[2 * (to - from)] = rowCount;
  return { firstItem: from, itemCount: to - from, firstRow, rowCount, lanes, ...uniformShape(rows, from, to), items, rowStart, target, probability };
}

/** The rows an item and branches a row that all have, or width 0. */
function uniformShape(rows: SparseRows, from: number, to: number): { rowsEach: number; width: number } {
  const rowsEach = rowAt(rows, from + 1) - rowAt(rows, from);
  if (rowsEach === 0) return { rowsEach: 0, width: 0 };
  const first = rowAt(rows, from);
  const width = rows.rowBranches[first + 1]! - rows.rowBranches[first]!;
  for (let item = from; item < to; item++) {
    const row = rowAt(rows, item);
    if (rowAt(rows, item + 1) - row !== rowsEach) return { rowsEach: 0, width: 0 };
    for (let r = row; r < row + rowsEach; r++) if (rows.rowBranches[r + 1]! - rows.rowBranches[r]! !== width) return { rowsEach: 0, width: 0 };
  }
  return { rowsEach, width };
}
