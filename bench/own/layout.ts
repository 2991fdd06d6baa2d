// How a model's rows lie in memory, and how many bytes one synchronous sweep of them has to move.
import type { Storage } from "../../src/mdp/index.ts";

export type Layout = "fixed width" | "CSR" | "shared rows";

export function layoutOf(storage: Storage): Layout {
  if (storage.choiceRow !== undefined) return "shared rows";
  const { rowBranches, rowCount } = storage;
  const width = rowBranches[1]!;
  for (let row = 0; row < rowCount; row++) if (rowBranches[row + 1]! - rowBranches[row]! !== width) return "CSR";
  return "fixed width";
}

/** Each array once: what must come from memory if nothing stays in a cache but the values read at random. */
export function sweepBytes(storage: Storage): number {
  const { stateCount, choiceCount, rowCount, target } = storage;
  const layout = layoutOf(storage);
  const branches = 12 * target.length;
  const choices = 8 * choiceCount + (layout === "shared rows" ? 4 * choiceCount : 0);
  const rows = layout === "fixed width" ? 0 : 4 * rowCount;
  // Values read and written, the policy read and written, offsets of the states.
  return branches + choices + rows + stateCount * (16 + 8 + 4);
}
