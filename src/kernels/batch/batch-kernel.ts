// Bellman operators of one transition kernel under many reward functions and discounts at once: every probability is read once for all of them.

/** B reward functions and discounts, to be maximised. */
export interface BatchColumns {
  /** C × B expected rewards, choice by choice; or C where all columns have the same. */
  readonly reward: Float64Array;
  /** B discounts. */
  readonly discount: Float64Array;
}

/** The smallest and largest change of each column over the states swept since they were cleared; `width` numbers each. */
export interface BatchChange {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/**
 * Like `BellmanKernel`, for B columns. Values are (S+1) × width numbers, state by state, the last `width` of them 0; a policy is S × width choices, -1
 * where terminal. Column by column each operator gives the values of the reference kernel's, a tie keeping the column's incumbent.
 */
export interface BatchKernel {
  readonly name: "cpu" | "wasm";
  /** Columns stored: B, and what pads them. */
  readonly width: number;
  readonly change: BatchChange;
  clearChange(): void;
  /** Two vectors of values to sweep to and fro between, zeroed. */
  readonly values: readonly [Float64Array, Float64Array];
  /** -1 everywhere. */
  readonly policy: Int32Array;
  /** out = Tv; policy = its greedy choices; `change` is widened. */
  sweep(v: Float64Array, out: Float64Array, from: number, to: number): void;
  /** out = T_π v. */
  policySweep(v: Float64Array, out: Float64Array, from: number, to: number): void;
}
