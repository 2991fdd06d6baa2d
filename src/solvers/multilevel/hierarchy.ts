// The multilevel solver of a policy's linear system: ever smaller systems of groups, each correcting what relaxing leaves of the larger one's error.
import { factorise, substitute } from "../direct.ts";
import { coarsen } from "./aggregate.ts";
import { multiply, relax, residualOf, type SparseMatrix } from "./sparse-matrix.ts";

/** Systems up to this size are factorised. */
const DIRECT = 200;

/** Where groups do not shrink a system to this part of it, going on is no use. */
const LEAST_SHRINK = 0.8;

/** Where a level shrinks at least to this part, two corrections of it cost no more than the level itself. */
const TWICE = 0.4;

interface Level {
  readonly matrix: SparseMatrix;
  /** Vectors of this level's size to work with. */
  readonly residual: Float64Array;
  readonly image: Float64Array;
  readonly direction: Float64Array;
  readonly directionImage: Float64Array;
  /** The group of each unknown in the next level. */
  groupOf: Int32Array | undefined;
  readonly right: Float64Array;
  readonly solution: Float64Array;
}

/**
 * An approximate inverse of a policy's matrix: one multilevel cycle.
 *
 * @remarks Aggregation-based multigrid for M-matrices that need not be symmetric (Notay 2010), with piecewise constant corrections, Gauss-Seidel sweeps before
 *   (forwards) and after (backwards), and at each coarser level up to two steps of a minimal residual iteration (the K-cycle), which is what makes plain groups
 *   good enough. Compare Bertsekas and Castañón (1989) on adaptive aggregation for dynamic programming.
 */
export class Hierarchy {
  readonly #levels: Level[] = [];
  readonly #dense: Float64Array | undefined;
  readonly #order: Int32Array | undefined;

  constructor(matrix: SparseMatrix) {
    let finest = matrix;
    for (;;) {
      const level = levelOf(finest);
      this.#levels.push(level);
      if (finest.size <= DIRECT) break;
      const coarser = coarsen(finest);
      if (coarser.matrix.size > LEAST_SHRINK * finest.size) break;
      level.groupOf = coarser.groupOf;
      finest = coarser.matrix;
    }
    if (finest.size <= DIRECT) {
      this.#dense = denseOf(finest);
      this.#order = factorise(this.#dense, finest.size);
    }
  }

  /** Entries of all levels' matrices: how much work a cycle is. */
  get entries(): number {
    return this.#levels.reduce((sum, { matrix }) => sum + matrix.columns.length + matrix.size, 0);
  }

  /** x ≈ A⁻¹ b, from x = 0. */
  apply(b: Float64Array, x: Float64Array): void {
    this.#cycle(0, b, x);
  }

  #cycle(depth: number, b: Float64Array, x: Float64Array): void {
    const level = this.#levels[depth];
    if (level === undefined) return;
    const { matrix, residual, groupOf } = level;
    x.fill(0);
    const coarser = this.#levels[depth + 1];
    if (groupOf === undefined || coarser === undefined) {
      this.#solveCoarsest(level, b, x);
      return;
    }
    relax(matrix, b, x, false);
    residualOf(matrix, b, x, residual);
    const { right, solution } = coarser;
    right.fill(0);
    for (let i = 0; i < matrix.size; i++) right[groupOf[i]!]! += residual[i]!;
    if (coarser.matrix.size <= TWICE * matrix.size && this.#levels[depth + 2] !== undefined) this.#minimise(depth + 1, coarser);
    else this.#cycle(depth + 1, right, solution);
    for (let i = 0; i < matrix.size; i++) x[i]! += solution[groupOf[i]!]!;
    relax(matrix, b, x, true);
  }

  /** Two steps of generalised conjugate residuals on a coarser level, preconditioned by its own cycle. */
  #minimise(depth: number, { matrix, right, solution, image, direction, directionImage }: Level): void {
    const n = matrix.size;
    this.#cycle(depth, right, solution);
    multiply(matrix, solution, image);
    const before = dot(right, right, n);
    const size = dot(image, image, n);
    if (!(size > 0)) return;
    const step = dot(right, image, n) / size;
    for (let i = 0; i < n; i++) {
      solution[i]! *= step;
      image[i]! *= step;
      right[i]! -= image[i]!;
    }
    const after = dot(right, right, n);
    if (after <= 0.0625 * before || step === 0) return;
    this.#cycle(depth, right, direction);
    multiply(matrix, direction, directionImage);
    // `image` was scaled by the step, and so was `solution`: the projection takes both as they are.
    const overlap = dot(directionImage, image, n) / (step * step * size);
    for (let i = 0; i < n; i++) {
      direction[i]! -= overlap * solution[i]!;
      directionImage[i]! -= overlap * image[i]!;
    }
    const second = dot(directionImage, directionImage, n);
    if (!(second > 0)) return;
    const more = dot(right, directionImage, n) / second;
    for (let i = 0; i < n; i++) solution[i]! += more * direction[i]!;
  }

  #solveCoarsest({ matrix }: Level, b: Float64Array, x: Float64Array): void {
    if (this.#dense !== undefined && this.#order !== undefined) {
      x.set(b.subarray(0, matrix.size));
      substitute(this.#dense, matrix.size, this.#order, x);
      return;
    }
    for (let k = 0; k < 4; k++) {
      relax(matrix, b, x, false);
      relax(matrix, b, x, true);
    }
  }
}

function levelOf(matrix: SparseMatrix): Level {
  const vector = () => new Float64Array(matrix.size);
  return {
    matrix,
    groupOf: undefined,
    residual: vector(),
    image: vector(),
    direction: vector(),
    directionImage: vector(),
    right: vector(),
    solution: vector(),
  };
}

function denseOf({ size, offsets, columns, values, diagonal }: SparseMatrix): Float64Array {
  const dense = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    dense[i * size + i] = diagonal[i]!;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) dense[i * size + columns[k]!]! += values[k]!;
  }
  return dense;
}

export function dot(x: Float64Array, y: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i]! * y[i]!;
  return sum;
}
