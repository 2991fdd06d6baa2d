// Who gets a share of a budget: the ways a choice may turn out, or the states a run may start in.
import { arrivalOf, rowOf } from "../../mdp/index.ts";
import type { Guarded } from "./carried.ts";

/** The heir is harmed. */
export const HARMED = -1;
/** The heir needs nothing: the episode ended without harm. */
export const ENDED = -2;

export interface Heirs {
  readonly probability: Float64Array;
  /** State indices, or HARMED, or ENDED. */
  readonly state: Int32Array;
}

/** The heirs of a choice, in branch order. */
export function heirsOf({ storage, harmful }: Guarded, choice: number): Heirs {
  const row = rowOf(storage, choice);
  const [from, to] = [storage.rowBranches[row]!, storage.rowBranches[row + 1]!];
  const state = new Int32Array(to - from);
  for (let b = from; b < to; b++) {
    if (harmful[arrivalOf(storage, b)] === 1) state[b - from] = HARMED;
    else state[b - from] = storage.target[b] === storage.stateCount ? ENDED : storage.target[b]!;
  }
  return { probability: storage.probability.subarray(from, to), state };
}

/** The states a run may start in. */
export function heirsAtStart({ harmful }: Guarded, states: Int32Array, probability: Float64Array): Heirs {
  return { probability, state: states.map((s) => (harmful[s] === 1 ? HARMED : s)) };
}
