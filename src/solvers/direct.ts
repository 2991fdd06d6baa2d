// The direct solve of a policy's Bellman equation, (I - γ P_π) v = r_π, for models small enough for a dense factorisation.
import { rowOf } from "../mdp/index.ts";
import { CompensatedSum } from "../numeric/index.ts";
import type { Problem } from "./problem.ts";

/** Up to this many non-terminal states a policy is evaluated directly: the factorisation takes some 30 ms. */
export const DIRECT_LIMIT = 300;

/**
 * The value of a policy, refined until its residual in twice the working precision is at rounding level.
 *
 * @param policy S choices, -1 in terminal states.
 * @param v S+1 numbers, overwritten with the answer.
 * @returns false where the system is singular (at discount 1, a policy that never ends).
 */
export function evaluateDirectly(problem: Problem, policy: Int32Array, v: Float64Array): boolean {
  const { storage } = problem;
  const states: number[] = [];
  const position = new Int32Array(storage.stateCount + 1).fill(-1);
  for (let s = 0; s < storage.stateCount; s++) {
    if (policy[s]! < 0) continue;
    position[s] = states.length;
    states.push(s);
  }
  const n = states.length;
  const matrix = new Float64Array(n * n);
  for (const [i, s] of states.entries()) {
    const row = rowOf(storage, policy[s]!);
    matrix[i * n + i] = 1;
    for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
      const j = position[storage.target[b]!]!;
      if (j >= 0) matrix[i * n + j]! -= problem.discount * storage.probability[b]!;
    }
  }
  const order = factorise(matrix, n);
  if (order === undefined) return false;
  for (const s of states) v[s] = 0;
  const correction = new Float64Array(n);
  // v starts at 0, so the first pass is the solve; two more take the rounding of the factorisation out.
  for (let pass = 0; pass < 3; pass++) {
    for (const [i, s] of states.entries()) correction[i] = residualAt(problem, policy[s]!, s, v);
    substitute(matrix, n, order, correction);
    for (const [i, s] of states.entries()) v[s]! += correction[i]!;
  }
  return states.every((s) => Number.isFinite(v[s]!));
}

const EXPECTATION = new CompensatedSum();
const TOTAL = new CompensatedSum();

/** (T_π v - v)(s) in twice the working precision, rounded once. */
function residualAt(problem: Problem, c: number, s: number, v: Float64Array): number {
  const { storage, discount } = problem;
  const row = rowOf(storage, c);
  EXPECTATION.reset();
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) EXPECTATION.addProduct(storage.probability[b]!, v[storage.target[b]!]!);
  return TOTAL.reset().add(storage.reward[c]!).add(-v[s]!).addProduct(discount, EXPECTATION.high).addProduct(discount, EXPECTATION.low).value;
}

/**
 * Solves A x = b for a dense n x n matrix by rows; both are overwritten, b with x.
 *
 * @returns false where A is singular.
 */
export function solveDense(matrix: Float64Array, n: number, b: Float64Array): boolean {
  const order = factorise(matrix, n);
  if (order === undefined) return false;
  substitute(matrix, n, order, b);
  return true;
}

/** LU with partial pivoting in place (Golub and Van Loan, algorithm 3.4.1); the row order, or undefined where a pivot vanishes. */
export function factorise(matrix: Float64Array, n: number): Int32Array | undefined {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i * n + k]!) > Math.abs(matrix[pivot * n + k]!)) pivot = i;
    const size = matrix[pivot * n + k]!;
    if (!(Math.abs(size) > 0)) return undefined;
    if (pivot !== k) {
      swapRows(matrix, n, k, pivot);
      const held = order[k]!;
      order[k] = order[pivot]!;
      order[pivot] = held;
    }
    for (let i = k + 1; i < n; i++) {
      if (matrix[i * n + k] === 0) continue;
      const factor = matrix[i * n + k]! / size;
      matrix[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) matrix[i * n + j]! -= factor * matrix[k * n + j]!;
    }
  }
  return order;
}

function swapRows(matrix: Float64Array, n: number, i: number, j: number): void {
  const held = matrix.slice(i * n, (i + 1) * n);
  matrix.copyWithin(i * n, j * n, (j + 1) * n);
  matrix.set(held, j * n);
}

/** Solves L U x = P b; b is overwritten with x. */
export function substitute(lu: Float64Array, n: number, order: Int32Array, b: Float64Array): void {
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[order[i]!]!;
    for (let j = 0; j < i; j++) sum -= lu[i * n + j]! * x[j]!;
    x[i] = sum;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let j = i + 1; j < n; j++) sum -= lu[i * n + j]! * x[j]!;
    x[i] = sum / lu[i * n + i]!;
  }
  b.set(x);
}
