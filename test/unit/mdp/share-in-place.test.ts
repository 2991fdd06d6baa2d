// Sparse rows in arrays that are given away: the same model, equal rows stored once where that pays.
import { describe, expect, test } from "vitest";
import { fromOwnCsr } from "../../../src/mdp/from-csr.ts";
import { type CsrModel, fromCsr, type Mdp, rowOf } from "../../../src/mdp/index.ts";

/** One action; row s is that of `like(s)`, of one to four branches. */
function csr(states: number, like: (s: number) => number, infeasible = -1): CsrModel {
  const indptr = new Int32Array(2 * states + 1);
  const indices: number[] = [];
  const data: number[] = [];
  for (let row = 0; row < 2 * states; row++) {
    const model = like(row);
    const count = row === infeasible ? 0 : 1 + (model % 4);
    for (let k = 0; k < count; k++) {
      indices.push((model + 3 * k) % states);
      data.push(1 / count);
    }
    indptr[row + 1] = indices.length;
  }
  const reward = Float64Array.from({ length: 2 * states }, (_, row) => row);
  return { states, actions: 2, indptr, indices: Int32Array.from(indices), data: Float64Array.from(data), reward };
}

function copied(model: CsrModel): CsrModel {
  return { ...model, indptr: Int32Array.from(model.indptr), indices: Int32Array.from(model.indices), data: Float64Array.from(model.data) };
}

function rowsOf({ storage }: Mdp): number[][] {
  return Array.from({ length: storage.choiceCount }, (_, c) => {
    const [from, to] = [storage.rowBranches[rowOf(storage, c)], storage.rowBranches[rowOf(storage, c) + 1]];
    return [storage.choiceAction[c] ?? -1, storage.reward[c] ?? -1, ...storage.target.subarray(from, to), ...storage.probability.subarray(from, to)];
  });
}

describe("rows that repeat", () => {
  test.each([-1, 0, 17])("are stored once (row %d infeasible)", (infeasible) => {
    const model = csr(50, (row) => (row % 5 === 4 ? row : row % 7), infeasible);
    const apart = fromCsr(copied(model));
    const shared = fromOwnCsr(model);
    expect(rowsOf(shared)).toEqual(rowsOf(apart));
    expect(shared.branchCount).toBe(apart.branchCount);
    expect(shared.storage.rowCount).toBeLessThan(40);
    expect(shared.storage.target.buffer.byteLength).toBe(shared.storage.target.byteLength);
    expect(shared.storage.target).toHaveLength(shared.storage.rowBranches[shared.storage.rowCount] ?? -1);
  });

  test("too rarely leave the arrays as they were", () => {
    const model = csr(50, (row) => (row % 10 === 5 ? 2 : row));
    const before = copied(model);
    const { storage } = fromOwnCsr(model);
    expect(storage.choiceRow).toBeUndefined();
    expect(storage.target).toBe(model.indices);
    expect(storage).toEqual(fromCsr(before).storage);
  });

  test("too rarely at first are not looked for to the end, and the arrays are as they were", () => {
    const model = csr(6000, (row) => (row % 10 === 5 || row > 5000 ? 2 : row));
    const before = copied(model);
    const { storage } = fromOwnCsr(model);
    expect(storage.choiceRow).toBeUndefined();
    expect(storage).toEqual(fromCsr(before).storage);
  });
});

test("a caller's arrays are never written to by fromCsr", () => {
  const model = csr(50, (row) => row % 3);
  const before = copied(model);
  const { storage } = fromCsr(model);
  expect(storage.target).toBe(model.indices);
  expect(storage.choiceRow).toBeUndefined();
  expect(model).toEqual(before);
});
