// The one compiled form of a model: row = choice = one feasible (state, action), branches in flat typed arrays.
import type { Arena } from "./arena.ts";

/**
 * A compiled model. S states, C choices, R rows, B stored branches.
 *
 * Choices of state s are `stateChoices[s] .. stateChoices[s+1]`; the branches of choice c are those of its row,
 * `rowBranches[r] .. rowBranches[r+1]` with `r = choiceRow ? choiceRow[c] : c` (identical rows may be stored once).
 * It maps one to one onto scipy CSR, PETSc, PRISM explicit and UMB.
 */
export interface Storage {
  readonly stateCount: number;
  readonly choiceCount: number;
  readonly rowCount: number;
  /** Branches of all choices; more than are stored where rows are shared. */
  readonly branchCount: number;
  /** S+1 offsets into the choices. Terminal states have none. */
  readonly stateChoices: Int32Array;
  /** C action indices, ascending within a state unless the model came in another order. */
  readonly choiceAction: Int32Array;
  /** C row indices, or undefined where row = choice. */
  readonly choiceRow: Int32Array | undefined;
  /** R+1 offsets into the branches. */
  readonly rowBranches: Int32Array;
  /** B successors. The value S (one past the last state) means "ended": the branch pays its reward and continues with value 0. */
  readonly target: Int32Array;
  /** B probabilities, all positive. */
  readonly probability: Float64Array;
  /** C expected rewards. */
  readonly reward: Float64Array;
  /** B rewards R(s,a,s'), only if the model gave rewards that differ within a choice; NaN where the choice's reward holds for all its branches. */
  readonly branchReward: Float64Array | undefined;
  /** B states entered, only if some branch ends in a state of its own (a terminated branch); elsewhere equal to `target`. */
  readonly arrival: Int32Array | undefined;
  /** S flags, 1 where terminal. */
  readonly terminal: Uint8Array;
  /** What compiling rounded: bounds on the absolute error of any choice's expected reward, and of any row's probabilities (in sum). */
  readonly rounding: { readonly reward: number; readonly probability: number };
  /** The memory that arrays of a large model are views of; arrays that are not lie outside. */
  readonly arena?: Arena | undefined;
}

/** The row that holds choice c's branches. */
export function rowOf(storage: Storage, choice: number): number {
  return storage.choiceRow === undefined ? choice : storage.choiceRow[choice]!;
}

/** The state a branch enters, also where it ends the episode. */
export function arrivalOf(storage: Storage, branch: number): number {
  return storage.arrival === undefined ? storage.target[branch]! : storage.arrival[branch]!;
}

/** The reward of a branch: its own where the model gave one, else its choice's. */
export function rewardOf(storage: Storage, choice: number, branch: number): number {
  const own = storage.branchReward === undefined ? Number.NaN : storage.branchReward[branch]!;
  return Number.isNaN(own) ? storage.reward[choice]! : own;
}

/** The state a choice belongs to, by binary search. */
export function stateOfChoice(storage: Storage, choice: number): number {
  let low = 0;
  let high = storage.stateCount;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (storage.stateChoices[middle]! <= choice) low = middle;
    else high = middle;
  }
  return low;
}

/** The choice of an action in a state, or -1 where it is infeasible. */
export function findChoice(storage: Pick<Storage, "stateChoices" | "choiceAction">, state: number, action: number): number {
  for (let c = storage.stateChoices[state]!; c < storage.stateChoices[state + 1]!; c++) {
    if (storage.choiceAction[c] === action) return c;
  }
  return -1;
}

/** Bytes held by the arrays. */
export function storageBytes(storage: Storage): number {
  let bytes = 0;
  for (const part of Object.values(storage)) if (ArrayBuffer.isView(part)) bytes += part.byteLength;
  return bytes;
}
