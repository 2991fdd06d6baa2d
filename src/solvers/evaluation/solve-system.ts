// A x = b for the system of a policy: component by component, successors first, each by the cheapest way that is exact, or by iteration where it is too wide.
import type { Breathe } from "../total-reward/breathe.ts";
import { factoriseBand } from "./band.ts";
import { components } from "./components.ts";
import { iterate } from "./krylov.ts";
import { principalPart, type SparseMatrix } from "./sparse-matrix.ts";

/** Up to so many unknowns a component is eliminated as a dense matrix, in place. */
const SMALL = 32;

export interface SolveSystemOptions {
  /** Where a component has to be iterated: the part of its first residual that may be left. */
  readonly reduction: number;
  readonly breathe: Breathe;
  /** Whether to end early, with what there is. */
  readonly stop: () => boolean;
}

export interface Solved {
  /** The largest part of a residual that is left, by the iterations' own reckoning; 0 where all was eliminated. */
  readonly left: number;
  readonly iterations: number;
  /** The largest component, and the widest band eliminated. */
  readonly largest: number;
  readonly widest: number;
}

/**
 * Solves for x, which holds a first guess and is overwritten.
 *
 * @remarks Most of a good policy's states are passed once and never again: their values follow by substitution. What is left are the circles it moves in, which are small or
 *   narrow where actions mostly succeed. Duff and Reid (1978) on the block triangular form; rows are diagonally dominant, so no pivoting is needed.
 */
export async function solveSystem(matrix: SparseMatrix, b: Float64Array, x: Float64Array, options: SolveSystemOptions): Promise<Solved> {
  const { offsets, columns, values, diagonal } = matrix;
  const { breathe } = options;
  const { order, starts } = await components(matrix, breathe);
  const place = new Int32Array(matrix.size).fill(-1);
  const scratch = new Float64Array(SMALL * (SMALL + 1));
  let [left, iterations, largest, widest, done] = [0, 0, 0, 0, 0];
  for (let k = 0; k + 1 < starts.length; k++) {
    const from = starts[k]!;
    const to = starts[k + 1]!;
    const size = to - from;
    if (size > largest) largest = size;
    if (size === 1) {
      const i = order[from]!;
      let sum = b[i]!;
      for (let j = offsets[i]!; j < offsets[i + 1]!; j++) sum -= values[j]! * x[columns[j]!]!;
      x[i] = sum / diagonal[i]!;
    } else if (size <= SMALL) {
      eliminate(matrix, b, x, order, from, to, place, scratch);
    } else {
      const members = order.subarray(from, to);
      const { part, right, guess } = cutOut(matrix, b, x, members, place);
      const factors = await factoriseBand(part, breathe);
      if (factors !== undefined) {
        factors.solve(right);
        for (let m = 0; m < size; m++) x[members[m]!] = right[m]!;
        widest = Math.max(widest, factors.width);
      } else {
        const outcome = await iterate(part, right, guess, options.reduction, async () => {
          await breathe();
          return options.stop();
        });
        for (let m = 0; m < size; m++) x[members[m]!] = guess[m]!;
        iterations += outcome.iterations;
        left = Math.max(left, outcome.left);
      }
    }
    done += size;
    if (done >= 32768) {
      done = 0;
      await breathe();
    }
  }
  return { left, iterations, largest, widest };
}

/** A component's own system: what leads to earlier ones is known, and goes to the right-hand side. */
function cutOut(matrix: SparseMatrix, b: Float64Array, x: Float64Array, members: Int32Array, place: Int32Array) {
  const { offsets, columns, values } = matrix;
  const part = principalPart(matrix, members, place);
  const right = new Float64Array(members.length);
  const guess = new Float64Array(members.length);
  for (let m = 0; m < members.length; m++) {
    place[members[m]!] = m;
    guess[m] = x[members[m]!]!;
  }
  for (let m = 0; m < members.length; m++) {
    const i = members[m]!;
    let sum = b[i]!;
    for (let j = offsets[i]!; j < offsets[i + 1]!; j++) if (place[columns[j]!]! < 0) sum -= values[j]! * x[columns[j]!]!;
    right[m] = sum;
  }
  for (let m = 0; m < members.length; m++) place[members[m]!] = -1;
  return { part, right, guess };
}

/** Gauss's elimination of a small component, rows of `scratch` being its equations with their right-hand sides behind. */
function eliminate(
  { offsets, columns, values, diagonal }: SparseMatrix,
  b: Float64Array,
  x: Float64Array,
  order: Int32Array,
  from: number,
  to: number,
  place: Int32Array,
  scratch: Float64Array,
): void {
  const n = to - from;
  const width = n + 1;
  scratch.fill(0, 0, n * width);
  for (let k = 0; k < n; k++) place[order[from + k]!] = k;
  for (let k = 0; k < n; k++) {
    const i = order[from + k]!;
    let right = b[i]!;
    scratch[k * width + k] = diagonal[i]!;
    for (let j = offsets[i]!; j < offsets[i + 1]!; j++) {
      const at = place[columns[j]!]!;
      if (at < 0) right -= values[j]! * x[columns[j]!]!;
      else scratch[k * width + at]! += values[j]!;
    }
    scratch[k * width + n] = right;
  }
  for (let k = 0; k < n; k++) place[order[from + k]!] = -1;
  for (let k = 0; k < n; k++) {
    const pivot = scratch[k * width + k]!;
    for (let i = k + 1; i < n; i++) {
      if (scratch[i * width + k] === 0) continue;
      const factor = scratch[i * width + k]! / pivot;
      for (let j = k + 1; j <= n; j++) scratch[i * width + j]! -= factor * scratch[k * width + j]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    let sum = scratch[k * width + n]!;
    for (let j = k + 1; j < n; j++) sum -= scratch[k * width + j]! * x[order[from + j]!]!;
    x[order[from + k]!] = sum / scratch[k * width + k]!;
  }
}
