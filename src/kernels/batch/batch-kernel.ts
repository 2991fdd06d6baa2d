// Bellman operators of one transition kernel under many reward functions and discounts at once: every probability is read once for all of them.
import type { Storage } from "../../mdp/index.ts";

/** B reward functions and discounts, to be maximised. */
export interface BatchColumns {
  /** C × B expected rewards, choice by choice; or C where all columns have the same. */
  readonly reward: Float64Array;
  /** B discounts. */
  readonly discount: Float64Array;
}

/** The smallest and largest change of each column over the states swept, B numbers each. */
export interface BatchChange {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/**
 * Like `BellmanKernel`, for B columns. Values are (S+1) × B numbers, state by state, the last B of them 0; a policy is S × B choices, -1 where terminal.
 * Column by column each operator gives the bits of the reference kernel's, a tie keeping the column's incumbent.
 */
export interface BatchKernel {
  readonly name: "cpu";
  readonly storage: Storage;
  readonly size: number;
  /** Values, zeroed. */
  values(): Float64Array;
  /** A policy, -1 everywhere. */
  policy(): Int32Array;
  /** out = Tv; policy = its greedy choices. */
  sweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: BatchChange): void;
  /** out = T_π v. */
  policySweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number): void;
}
