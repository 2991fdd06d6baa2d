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
 */
export interface BellmanKernel {
  readonly name: "cpu" | "wasm";
  readonly storage: Storage;
  /** A vector for values, in the kernel's own memory, zeroed. */
  vector(): Float64Array;
  /** out = Tv (synchronous); policy = its greedy choices. */
  sweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void;
  /** out = T_π v (synchronous). */
  policySweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void;
  /** v = Tv state by state in place, self-loops solved out; backwards if asked. */
  gaussSeidel(v: Float64Array, policy: Int32Array, from: number, to: number, change: Change, backwards: boolean): void;
  /** v = T_π v state by state in place, self-loops solved out. */
  policyGaussSeidel(v: Float64Array, policy: Int32Array, from: number, to: number, change: Change, backwards: boolean): void;
  /** out[c] = Q of each choice of the states from .. to. */
  q(v: Float64Array, out: Float64Array, from: number, to: number): void;
}
