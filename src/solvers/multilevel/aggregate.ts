// Aggregation: states that depend on each other most are taken together, two by two, and the system of the groups is the sum over their members.
import type { SparseMatrix } from "./sparse-matrix.ts";

/** A coupling weaker than this part of the row's strongest is no reason to take two together. */
const STRONG = 0.25;

/** A smaller system, and the group of each of the larger one's unknowns. */
export interface Coarsened {
  readonly matrix: SparseMatrix;
  readonly groupOf: Int32Array;
}

/** Groups of about four: pairs of pairs. */
export function coarsen(matrix: SparseMatrix): Coarsened {
  const pairs = pairUp(matrix);
  const half = sumGroups(matrix, pairs.groupOf, pairs.groups);
  const pairsOfPairs = pairUp(half);
  return { matrix: sumGroups(half, pairsOfPairs.groupOf, pairsOfPairs.groups), groupOf: pairs.groupOf.map((pair) => pairsOfPairs.groupOf[pair]!) };
}

/** Each unknown with the free one it depends on most (Notay 2010, algorithm 2.1, without its ordering); alone where all of those are taken. */
function pairUp({ size, offsets, columns, values }: SparseMatrix): { readonly groupOf: Int32Array; readonly groups: number } {
  const groupOf = new Int32Array(size).fill(-1);
  let groups = 0;
  for (let i = 0; i < size; i++) {
    if (groupOf[i]! >= 0) continue;
    let strongest = 0;
    let mate = -1;
    let most = 0;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const coupling = -values[k]!;
      if (coupling > most) most = coupling;
      if (coupling > strongest && groupOf[columns[k]!]! < 0 && columns[k] !== i) {
        strongest = coupling;
        mate = columns[k]!;
      }
    }
    groupOf[i] = groups;
    if (mate >= 0 && strongest >= STRONG * most) groupOf[mate] = groups;
    groups++;
  }
  return { groupOf, groups };
}

/** Galerkin's system for piecewise constant corrections: entry (I, J) is the sum of the entries between members of I and of J. */
function sumGroups(matrix: SparseMatrix, groupOf: Int32Array, groups: number): SparseMatrix {
  const { size, offsets, columns, values, diagonal } = matrix;
  const first = new Int32Array(groups).fill(-1);
  const next = new Int32Array(size);
  for (let i = size - 1; i >= 0; i--) {
    next[i] = first[groupOf[i]!]!;
    first[groupOf[i]!] = i;
  }
  const place = new Int32Array(groups).fill(-1);
  const coarseOffsets = new Int32Array(groups + 1);
  const coarseColumns = new Int32Array(columns.length);
  const coarseValues = new Float64Array(columns.length);
  const coarseDiagonal = new Float64Array(groups);
  let length = 0;
  for (let group = 0; group < groups; group++) {
    const from = length;
    for (let i = first[group]!; i >= 0; i = next[i]!) {
      coarseDiagonal[group]! += diagonal[i]!;
      for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
        const other = groupOf[columns[k]!]!;
        if (other === group) coarseDiagonal[group]! += values[k]!;
        else if (place[other]! >= from) coarseValues[place[other]!]! += values[k]!;
        else {
          place[other] = length;
          coarseColumns[length] = other;
          coarseValues[length++] = values[k]!;
        }
      }
    }
    coarseOffsets[group + 1] = length;
  }
  return {
    size: groups,
    offsets: coarseOffsets,
    columns: coarseColumns.subarray(0, length),
    values: coarseValues.subarray(0, length),
    diagonal: coarseDiagonal,
  };
}
