// A x = b by GMRES, preconditioned by Gauss-Seidel sweeps there and back: for components of a policy's system that are too wide to eliminate.
import { relax, type SparseMatrix } from "./sparse-matrix.ts";

/** Directions kept before a restart. */
const KEPT = 24;

/** Iterations in all, at most. */
const MOST = 96;

export interface Iterated {
  /** The size of the preconditioned residual, in parts of the first. */
  readonly left: number;
  readonly iterations: number;
}

/**
 * Improves x until the preconditioned residual is `reduction` of the first.
 *
 * @remarks Saad and Schultz (1986), restarted. The preconditioner is one sweep of symmetric Gauss-Seidel: where a few states hold the others together (a new machine, an
 *   empty queue) what it leaves is an error of a few dimensions, gone after as many iterations.
 * @param breathe gives way between iterations; true ends the work early.
 */
export async function iterate(matrix: SparseMatrix, b: Float64Array, x: Float64Array, reduction: number, breathe: () => Promise<boolean>): Promise<Iterated> {
  const n = matrix.size;
  let first: number | undefined;
  let left = 1;
  let iterations = 0;
  while (left > reduction && iterations < MOST) {
    const basis: Float64Array[] = [];
    const residual = x.slice();
    sweepThereAndBack(matrix, b, residual);
    for (let i = 0; i < n; i++) residual[i]! -= x[i]!;
    const size = norm(residual);
    first ??= size;
    left = first === 0 ? 0 : size / first;
    if (left <= reduction) break;
    for (let i = 0; i < n; i++) residual[i]! /= size;
    basis.push(residual);
    const problem = new SmallLeastSquares(size);
    let stopped = false;
    while (basis.length <= KEPT && iterations < MOST && problem.residual > reduction * first && !stopped) {
      const direction = basis[basis.length - 1]!.slice();
      sweepThereAndBack(matrix, undefined, direction);
      const last = basis[basis.length - 1]!;
      for (let i = 0; i < n; i++) direction[i] = last[i]! - direction[i]!;
      const column: number[] = [];
      for (const kept of basis) {
        const overlap = dot(direction, kept);
        for (let i = 0; i < n; i++) direction[i]! -= overlap * kept[i]!;
        column.push(overlap);
      }
      const rest = norm(direction);
      problem.add(column, rest);
      iterations++;
      if (!(rest > 0)) break;
      for (let i = 0; i < n; i++) direction[i]! /= rest;
      basis.push(direction);
      stopped = await breathe();
    }
    for (const [k, weight] of problem.solve().entries()) {
      const kept = basis[k]!;
      for (let i = 0; i < n; i++) x[i]! += weight * kept[i]!;
    }
    left = problem.residual / first;
    if (stopped) break;
  }
  return { left, iterations };
}

/** min ‖size·e₁ - H y‖ for a Hessenberg matrix that grows by a column at a time, by Givens rotations. */
class SmallLeastSquares {
  readonly #columns: number[][] = [];
  readonly #rotations: (readonly [number, number])[] = [];
  readonly #right: number[];

  constructor(size: number) {
    this.#right = [size];
  }

  get residual(): number {
    return Math.abs(this.#right[this.#right.length - 1]!);
  }

  add(column: number[], rest: number): void {
    for (const [k, [cosine, sine]] of this.#rotations.entries()) {
      const [above, below] = [column[k]!, column[k + 1]!];
      column[k] = cosine * above + sine * below;
      column[k + 1] = cosine * below - sine * above;
    }
    const k = column.length - 1;
    const size = Math.hypot(column[k]!, rest);
    const rotation = size > 0 ? ([column[k]! / size, rest / size] as const) : ([1, 0] as const);
    column[k] = size;
    this.#rotations.push(rotation);
    this.#columns.push(column);
    this.#right.push(-rotation[1] * this.#right[k]!);
    this.#right[k]! *= rotation[0];
  }

  solve(): number[] {
    const n = this.#columns.length;
    const y = new Array<number>(n).fill(0);
    for (let i = n - 1; i >= 0; i--) {
      let sum = this.#right[i]!;
      for (let j = i + 1; j < n; j++) sum -= this.#columns[j]![i]! * y[j]!;
      const pivot = this.#columns[i]![i]!;
      y[i] = pivot === 0 ? 0 : sum / pivot;
    }
    return y;
  }
}

function sweepThereAndBack(matrix: SparseMatrix, b: Float64Array | undefined, x: Float64Array): void {
  relax(matrix, b, x, false);
  relax(matrix, b, x, true);
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

function norm(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}
