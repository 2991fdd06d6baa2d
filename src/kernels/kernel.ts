// The one interface between the iterations and the arithmetic: Bellman operators over a compiled model.
import type { Storage } from "../mdp/index.ts";

/** The smallest and largest change d = Tv - v over the states swept. */
export interface Change {
  min: number;
  max: number;
}

/**
 * Bellman operators of one model, always maximising (solvers negate the rewards of a minimised one).
 *
 * Vectors have S+1 entries: entry S is the ended episode's value, always 0, and terminal states' entries stay 0.
 * Every operator works on the states `from <= s < to`, so that long sweeps can give way. `policy` holds a choice a state (-1 in
 * terminal states); a tie keeps the incumbent. `change` is widened by each state's d = new - old; terminal states count as 0.
 * The synchronous operators give the same bits whatever the number of threads.
 */
export interface BellmanKernel {
  readonly name: "cpu" | "wasm";
  readonly storage: Storage;
  /** Why this kernel stands in for a faster one that could not be had, if it does. */
  readonly insteadOf: string | undefined;
  /** How many threads share a synchronous operator, at most. */
  readonly threads: number;
  /** How many chunks of work other threads have taken so far: 0 where none has come yet. */
  readonly helped: number;
  /** A vector for values, in the kernel's own memory, zeroed. Valid until `release`. */
  vector(): Float64Array;
  /** A policy in the kernel's own memory, -1 everywhere. Valid until `release`. */
  policy(): Int32Array;
  /** out = Tv (synchronous); policy = its greedy choices. */
  sweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void;
  /** out = T_π v (synchronous). */
  policySweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void;
  /** Prepares sweeps of one policy over the states from .. to: its rows may be gathered, for `heldSweep` to read. */
  hold(policy: Int32Array, from: number, to: number): void;
  /** out = T_π v (synchronous) of the policy last held, which has not changed since. */
  heldSweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void;
  /** v = Tv state by state in place, self-loops solved out; backwards if asked. */
  gaussSeidel(v: Float64Array, policy: Int32Array, from: number, to: number, change: Change, backwards: boolean): void;
  /** v = T_π v state by state in place, self-loops solved out. */
  policyGaussSeidel(v: Float64Array, policy: Int32Array, from: number, to: number, change: Change, backwards: boolean): void;
  /** out[0], out[1], ... = Q of the choices of the states from .. to. */
  q(v: Float64Array, out: Float64Array, from: number, to: number): void;
  /**
   * What certificates are made of, by state: best = max_c Q(c) - v(s), policy = the lowest choice within `tolerance` of it, chosen = Q - v of that choice.
   * `change` is widened by both; terminal states are left alone.
   */
  greedyWithin(
    v: Float64Array,
    tolerance: number,
    best: Float64Array,
    chosen: Float64Array,
    policy: Int32Array,
    from: number,
    to: number,
    change: Change,
  ): void;
  /** Ends the use of the kernel: its memory, where it was the model's, is free for another one. */
  release(): void;
}
