// From a solver's numbers to an inductive bound: raised along expected steps until no choice that counts hands on more than there is.
import { UNIT_ROUNDOFF } from "../../numeric/index.ts";
import { type Guarded, riseOf } from "./carried.ts";
import { ExpectedRise } from "./expected-rise.ts";

const ATTEMPTS = 60;

export interface Raising {
  /** S numbers near the probability of harm that is to be bounded. */
  readonly approximation: Float64Array;
  /** S numbers >= 0 that fall along every choice that counts, or along which nothing changes at all. */
  readonly weights: Float64Array;
  /** S flags: where the bound is raised; elsewhere the approximation stands as it is. */
  readonly raised: Uint8Array;
  /** S numbers the bound never exceeds; themselves inductive for the choices that count. */
  readonly ceiling: Float64Array;
  /** C flags: the choices that must not hand on more than there is. */
  readonly counts: Uint8Array;
}

/**
 * The smallest bound of the form min(ceiling, approximation + ε·weights) for which Σ p·(bound(s') − bound(s)) <= 0 is proven for every choice that counts;
 * undefined where none is found.
 *
 * @remarks If a is off by at most d in one backup and w falls by at least f, then a + (d / f)·w is inductive (the weighted norm of Bertsekas and Tsitsiklis
 *   1991). Whatever the weights, the answer has been checked choice by choice with `ExpectedRise`.
 */
export function inductiveBound(model: Guarded, raising: Raising): Float64Array | undefined {
  const { storage, harmful } = model;
  const { approximation, weights, raised, ceiling, counts } = raising;
  const { stateCount, stateChoices } = storage;
  const bound = new Float64Array(stateCount);
  let scale = firstScale(model, raising);
  const rise = new ExpectedRise();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (let s = 0; s < stateCount; s++) {
      const a = Math.max(0, approximation[s]!);
      bound[s] = harmful[s] === 1 ? 1 : Math.min(ceiling[s]!, raised[s] === 1 ? a + scale * weights[s]! : a);
    }
    if (holds()) return bound;
    scale = Math.max(2 * scale, UNIT_ROUNDOFF / 1024);
  }
  return undefined;

  function holds(): boolean {
    for (let s = 0; s < stateCount; s++) {
      if (harmful[s] === 1) continue;
      for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
        if (counts[c] === 1 && !riseOf(model, c, bound, bound[s]!, rise).atMostZero) return false;
      }
    }
    return true;
  }
}

/** The ε that the approximation's own error asks for, in plain float64: the check follows. */
function firstScale(model: Guarded, { approximation, weights, raised, counts }: Raising): number {
  const { storage } = model;
  const rise = new ExpectedRise();
  let scale = 0;
  for (let s = 0; s < storage.stateCount; s++) {
    if (raised[s] !== 1) continue;
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      if (counts[c] !== 1) continue;
      const lack = riseOf(model, c, approximation, Math.max(0, approximation[s]!), rise).upper;
      if (!(lack > 0)) continue;
      const fall = -weightRise(model, c, weights, s);
      if (fall > 0) scale = Math.max(scale, (lack / fall) * (1 + 16 * UNIT_ROUNDOFF));
    }
  }
  return scale;
}

/** Σ p·(w(s') − w(s)), where harm and the end weigh nothing. */
function weightRise(model: Guarded, choice: number, weights: Float64Array, s: number): number {
  const { storage, harmful } = model;
  const row = storage.choiceRow === undefined ? choice : storage.choiceRow[choice]!;
  let total = 0;
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
    const t = storage.target[b]!;
    const ahead = t === storage.stateCount || harmful[t] === 1 ? 0 : weights[t]!;
    total += storage.probability[b]! * (ahead - weights[s]!);
  }
  return total;
}
