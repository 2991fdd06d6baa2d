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

/**
 * The rows and columns of some unknowns: number k of the part is unknown `members[k]`.
 *
 * @param place as many numbers as the matrix has unknowns, -1 everywhere; left so.
 */
export function principalPart(matrix: SparseMatrix, members: Int32Array, place: Int32Array): SparseMatrix {
  const { offsets, columns, values, diagonal } = matrix;
  const size = members.length;
  let room = 0;
  for (let k = 0; k < size; k++) {
    place[members[k]!] = k;
    room += offsets[members[k]! + 1]! - offsets[members[k]!]!;
  }
  const own = { size, offsets: new Int32Array(size + 1), columns: new Int32Array(room), values: new Float64Array(room), diagonal: new Float64Array(size) };
  let length = 0;
  for (let k = 0; k < size; k++) {
    const i = members[k]!;
    own.diagonal[k] = diagonal[i]!;
    for (let j = offsets[i]!; j < offsets[i + 1]!; j++) {
      const to = place[columns[j]!]!;
      if (to < 0) continue;
      own.columns[length] = to;
      own.values[length++] = values[j]!;
    }
    own.offsets[k + 1] = length;
  }
  for (let k = 0; k < size; k++) place[members[k]!] = -1;
  return own;
}

/** One Gauss-Seidel sweep of A x = b in place; without b, of A x = 0. */
export function relax(matrix: SparseMatrix, b: Float64Array | undefined, x: Float64Array, backwards: boolean): void {
  const { size, offsets, columns, values, diagonal } = matrix;
  for (let k = 0; k < size; k++) {
    const i = backwards ? size - 1 - k : k;
    let sum = b === undefined ? 0 : b[i]!;
    for (let j = offsets[i]!; j < offsets[i + 1]!; j++) sum -= values[j]! * x[columns[j]!]!;
    x[i] = sum / diagonal[i]!;
  }
}
