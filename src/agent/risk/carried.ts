// What a branch carries of a bound on harm: 1 into harm, 0 where the episode ends without, else the bound of the state it leads to.
import { arrivalOf, rowOf, type Storage } from "../../mdp/index.ts";
import type { ExpectedRise } from "./expected-rise.ts";

/** A model with its harmful states (S flags). */
export interface Guarded {
  readonly storage: Storage;
  readonly harmful: Uint8Array;
}

/** The bound a branch leads to; `bound` has S numbers. */
export function carriedBy({ storage, harmful }: Guarded, branch: number, bound: Float64Array): number {
  if (harmful[arrivalOf(storage, branch)] === 1) return 1;
  const next = storage.target[branch]!;
  return next === storage.stateCount ? 0 : bound[next]!;
}

/** Σ p·(bound − budget) of a choice, into `rise`. */
export function riseOf(model: Guarded, choice: number, bound: Float64Array, budget: number, rise: ExpectedRise): ExpectedRise {
  const { storage } = model;
  const row = rowOf(storage, choice);
  rise.reset();
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) rise.add(storage.probability[b]!, carriedBy(model, b, bound), budget);
  return rise;
}
