// The sign of the best long-run average reward inside an end component whose rewards have both signs.
import { cpuKernel } from "../../kernels/index.ts";
import type { Storage } from "../../mdp/index.ts";
import { supNorm, UNIT_ROUNDOFF } from "../../numeric/index.ts";
import type { Breathe } from "./breathe.ts";

/** How many sweeps the sign may take to show. */
const MOST_SWEEPS = 20_000;

/** What is proven: the sign, and a policy that attains a positive one. */
export interface GainSign {
  readonly sign: 1 | -1 | 0;
  /** The greedy choices of the last sweep. */
  readonly policy: Int32Array;
}

/**
 * The sign of the maximal gain of a communicating model; 0 where it could not be proven.
 *
 * @remarks Puterman (1994), section 8.5: after the transformation that makes every policy aperiodic (stay with probability 1/2, half the reward) value
 *   iteration's smallest and largest change bound the gain from both sides.
 */
export async function gainSign(storage: Storage, breathe: Breathe): Promise<GainSign> {
  const n = storage.stateCount;
  const kernel = cpuKernel(storage, 1);
  const policy = new Int32Array(n).fill(-1);
  let v = kernel.vector();
  const next = kernel.vector();
  let widest = 1;
  for (let row = 0; row < storage.rowCount; row++) widest = Math.max(widest, storage.rowBranches[row + 1]! - storage.rowBranches[row]!);
  const largest = supNorm(storage.reward);
  for (let k = 0; k < MOST_SWEEPS; k++) {
    const change = { min: Infinity, max: -Infinity };
    kernel.sweep(v, next, policy, 0, n, change);
    // Row sums that are off, and rounding, move each change by at most this much.
    const slack = 2 * (widest + 4) * UNIT_ROUNDOFF * (largest + supNorm(v)) + storage.rounding.reward + storage.rounding.probability * supNorm(v);
    if (change.min > slack) return { sign: 1, policy };
    if (change.max < -slack) return { sign: -1, policy };
    const base = v[0]! + 0.5 * (next[0]! - v[0]!);
    const moved = kernel.vector();
    for (let s = 0; s < n; s++) moved[s] = v[s]! + 0.5 * (next[s]! - v[s]!) - base;
    v = moved;
    if (k % 64 === 0) await breathe();
  }
  return { sign: 0, policy };
}
