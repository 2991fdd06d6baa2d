// Rows shared by several choices taken apart again, in place: for models where sharing turned out not to pay.

/**
 * Gives each of `choices` choices a row of its own. Rows must be numbered in the order they were first used.
 *
 * `rowBranches` has room for `choices + 1` offsets, each of `columns` (arrays by branch) for the branches of all choices, `total`.
 */
export function expandRows(
  choices: number,
  choiceRow: Int32Array,
  rowBranches: Int32Array,
  total: number,
  columns: readonly (Int32Array | Float64Array | undefined)[],
): void {
  // From the last choice to the first: what is overwritten lies past every row that an earlier choice uses.
  let to = total;
  for (let c = choices - 1; c >= 0; c--) {
    const row = choiceRow[c]!;
    const begin = rowBranches[row]!;
    const end = rowBranches[row + 1]!;
    rowBranches[c + 1] = to;
    to -= end - begin;
    if (to !== begin) for (const column of columns) column?.copyWithin(to, begin, end);
  }
}
