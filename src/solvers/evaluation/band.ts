// The direct solve of systems that are narrow in a good order: chains, queues in a row, machines that wear.
import type { Breathe } from "../total-reward/breathe.ts";
import type { SparseMatrix } from "./sparse-matrix.ts";

/** Entries in a row of the band, at most. */
const WIDEST = 1024;

/** Multiplications of the elimination, at most: some tenths of a second. */
const MOST_WORK = 2 ** 28;

/** Multiplications between two looks at the clock: a few milliseconds. */
const STRIDE = 2 ** 22;

/** Entries of the band, at most. */
const MOST_ENTRIES = 2 ** 25;

/** A factorised matrix: solves A x = b, as often as asked. */
export interface BandFactors {
  readonly width: number;
  /** b is overwritten with x. */
  solve(b: Float64Array): void;
}

/**
 * LU factors of a matrix whose rows are diagonally dominant, as those of I - γP are, in Cuthill and McKee's order; undefined where no narrow band is found.
 *
 * @remarks Golub and Van Loan, section 4.3 (band systems); dominance by rows makes pivoting needless (section 4.1).
 */
export async function factoriseBand(matrix: SparseMatrix, breathe: Breathe): Promise<BandFactors | undefined> {
  const { size: n, offsets, columns, values, diagonal } = matrix;
  const order = narrowOrder(matrix);
  if (order === undefined) return undefined;
  const position = new Int32Array(n);
  for (let i = 0; i < n; i++) position[order[i]!] = i;
  let below = 0;
  let above = 0;
  for (let i = 0; i < n; i++) {
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const d = position[columns[k]!]! - position[i]!;
      if (d > above) above = d;
      if (-d > below) below = -d;
    }
  }
  const width = below + above + 1;
  if (width > WIDEST || width * n > MOST_ENTRIES || n * below * above > MOST_WORK) return undefined;
  // Entry (i, j) of the reordered matrix stands at i · width + j - i + below.
  const band = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    const at = position[i]! * width + below;
    band[at]! += diagonal[i]!;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) band[at + position[columns[k]!]! - position[i]!]! += values[k]!;
  }
  const rows = Math.ceil(STRIDE / Math.max(1, below * above));
  for (let k = 0; k < n; k++) {
    if (k % rows === 0) await breathe();
    const pivot = band[k * width + below]!;
    if (!(Math.abs(pivot) > 0)) return undefined;
    const last = Math.min(above, n - 1 - k);
    for (let i = k + 1; i <= Math.min(n - 1, k + below); i++) {
      const at = i * width + k - i + below;
      if (band[at] === 0) continue;
      const factor = band[at]! / pivot;
      band[at] = factor;
      for (let j = 1; j <= last; j++) band[at + j]! -= factor * band[k * width + below + j]!;
    }
  }
  const x = new Float64Array(n);
  return {
    width,
    solve(b) {
      for (let i = 0; i < n; i++) {
        let sum = b[order[i]!]!;
        for (let j = Math.max(0, i - below); j < i; j++) sum -= band[i * width + j - i + below]! * x[j]!;
        x[i] = sum;
      }
      for (let i = n - 1; i >= 0; i--) {
        let sum = x[i]!;
        for (let j = Math.min(n - 1, i + above); j > i; j--) sum -= band[i * width + j - i + below]! * x[j]!;
        x[i] = sum / band[i * width + below]!;
      }
      for (let i = 0; i < n; i++) b[order[i]!] = x[i]!;
    },
  };
}

/** Breadth first over the matrix read both ways, from an end of each part of it; undefined where some unknown has too many neighbours for a narrow band. */
function narrowOrder({ size: n, offsets, columns }: SparseMatrix): Int32Array | undefined {
  const degree = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) degree[i]! += offsets[i + 1]! - offsets[i]!;
  for (const j of columns) degree[j]!++;
  const from = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) {
    if (degree[i]! > 2 * WIDEST) return undefined;
    from[i + 1] = from[i]! + degree[i]!;
  }
  const neighbours = new Int32Array(from[n]!);
  const filled = from.slice();
  for (let i = 0; i < n; i++) {
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      neighbours[filled[i]!++] = columns[k]!;
      neighbours[filled[columns[k]!]!++] = i;
    }
  }
  const order = new Int32Array(n);
  const seen = new Int32Array(n);
  /** Visits the part of `start`, marking with `mark`; the last one reached is as far away as any. */
  const visit = (start: number, at: number, mark: number): number => {
    let length = at;
    order[length++] = start;
    seen[start] = mark;
    for (let head = at; head < length; head++) {
      for (let k = from[order[head]!]!; k < from[order[head]! + 1]!; k++) {
        const j = neighbours[k]!;
        if (seen[j] === mark) continue;
        seen[j] = mark;
        order[length++] = j;
      }
    }
    return length;
  };
  let at = 0;
  for (let i = 0; i < n; i++) {
    if (seen[i] !== 0) continue;
    const end = visit(i, at, 1);
    visit(order[end - 1]!, at, 2);
    at = end;
  }
  return order;
}
