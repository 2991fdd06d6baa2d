// The linear system of one policy, I - γP, as a sparse matrix with its diagonal apart.
import { rowOf, type Storage } from "../../mdp/index.ts";

/** A square matrix: row i is `diagonal[i]` and the entries `offsets[i] .. offsets[i + 1]` off it. */
export interface SparseMatrix {
  readonly size: number;
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
  readonly diagonal: Float64Array;
}

/** I - γP of the choices of a policy; the rows of terminal states are those of the identity. */
export function policyMatrix(storage: Storage, discount: number, policy: Int32Array): SparseMatrix {
  const { stateCount: size, rowBranches, target, probability } = storage;
  let room = 0;
  for (let s = 0; s < size; s++) {
    if (policy[s]! < 0) continue;
    const row = rowOf(storage, policy[s]!);
    room += rowBranches[row + 1]! - rowBranches[row]!;
  }
  const offsets = new Int32Array(size + 1);
  const columns = new Int32Array(room);
  const values = new Float64Array(room);
  const diagonal = new Float64Array(size).fill(1);
  let length = 0;
  for (let s = 0; s < size; s++) {
    if (policy[s]! >= 0) {
      const row = rowOf(storage, policy[s]!);
      for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) {
        const t = target[b]!;
        if (t === size || policy[t]! < 0) continue;
        if (t === s) diagonal[s]! -= discount * probability[b]!;
        else {
          columns[length] = t;
          values[length++] = -discount * probability[b]!;
        }
      }
    }
    offsets[s + 1] = length;
  }
  return { size, offsets, columns: columns.subarray(0, length), values: values.subarray(0, length), diagonal };
}

/** out = b - A x. */
export function residualOf(matrix: SparseMatrix, b: Float64Array, x: Float64Array, out: Float64Array): void {
  const { size, offsets, columns, values, diagonal } = matrix;
  for (let i = 0; i < size; i++) {
    let sum = b[i]! - diagonal[i]! * x[i]!;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) sum -= values[k]! * x[columns[k]!]!;
    out[i] = sum;
  }
}

/** out = A x. */
export function multiply(matrix: SparseMatrix, x: Float64Array, out: Float64Array): void {
  const { size, offsets, columns, values, diagonal } = matrix;
  for (let i = 0; i < size; i++) {
    let sum = diagonal[i]! * x[i]!;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) sum += values[k]! * x[columns[k]!]!;
    out[i] = sum;
  }
}

/** One Gauss-Seidel sweep of A x = b in place. */
export function relax(matrix: SparseMatrix, b: Float64Array, x: Float64Array, backwards: boolean): void {
  const { size, offsets, columns, values, diagonal } = matrix;
  for (let k = 0; k < size; k++) {
    const i = backwards ? size - 1 - k : k;
    let sum = b[i]!;
    for (let j = offsets[i]!; j < offsets[i + 1]!; j++) sum -= values[j]! * x[columns[j]!]!;
    x[i] = sum / diagonal[i]!;
  }
}
