// The branches of the one choice being emitted, as given: a scratch pad that is read once and cleared.
import { twoSumError } from "../numeric/index.ts";
import { enlarged } from "./growable.ts";
import type { Row } from "./row.ts";

/** Up to this many branches are compared in pairs to find equal successors: no table of all states, no cache misses. */
export const FEW = 16;

/** How far a row's probabilities may sum from 1. */
export const SUM_TOLERANCE = 1e-9;

export class GivenBranches implements Row {
  count = 0;
  /** As given, be it an index or not. */
  next: Float64Array = new Float64Array(16);
  probability: Float64Array = new Float64Array(16);
  /** NaN where the choice's reward holds. */
  reward: Float64Array = new Float64Array(16).fill(Number.NaN);
  ends: Uint8Array = new Uint8Array(16);
  /** Whether some branch brought its own reward, or ends the episode. */
  ownReward = false;
  anyEnds = false;

  /** Set by `writePlain`: the one reward of all branches, their probabilities' plain sum, and (only where rewards came by branch) a bound on its error. */
  commonReward = 0;
  mass = 0;
  massError = 0;

  /** A branch for which its choice's reward holds, and that goes on. Small, so that it is compiled into the caller's loop. */
  add(next: number, probability: number): void {
    const k = this.count;
    if (k === this.next.length) this.#grow();
    this.count = k + 1;
    this.next[k] = next;
    this.probability[k] = probability;
  }

  /** What else the branch just added has. */
  mark(reward: number, ends: boolean): void {
    const k = this.count - 1;
    if (!Number.isNaN(reward)) {
      this.reward[k] = reward;
      this.ownReward = true;
    }
    if (ends) {
      this.ends[k] = 1;
      this.anyEnds = true;
    }
  }

  clear(): void {
    if (this.ownReward || this.anyEnds) {
      this.reward.fill(Number.NaN, 0, this.count);
      this.ends.fill(0, 0, this.count);
      this.ownReward = false;
      this.anyEnds = false;
    }
    this.count = 0;
  }

  /** The reward of a branch, given its choice's. */
  rewardOf(k: number, choiceReward: number): number {
    const own = this.reward[k]!;
    return Number.isNaN(own) ? choiceReward : own;
  }

  endsAt(k: number): boolean {
    return this.ends[k] === 1;
  }

  /**
   * Writes the branches from `from` on, if nothing has to be checked further, merged, divided or left out: few and distinct successors in
   * range, positive probabilities that clearly sum to 1, one finite reward, no branch that ends. So it is for nearly all choices of nearly
   * all models. What it writes where it answers false is to be written over. Both arrays have room for `FEW` more.
   */
  writePlain(states: number, choiceReward: number, targets: Int32Array, probabilities: Float64Array, from: number): boolean {
    const { count, next, probability } = this;
    if (count === 0 || count > FEW || this.anyEnds) return false;
    const common = this.ownReward ? this.rewardOf(0, choiceReward) : choiceReward;
    if (!Number.isFinite(common)) return false;
    let mass = 0;
    for (let k = 0; k < count; k++) {
      const target = next[k]!;
      const p = probability[k]!;
      const index = target | 0;
      if (!(index === target && index >= 0 && index < states && p > 0)) return false;
      for (let j = from; j < from + k; j++) if (targets[j] === index) return false;
      targets[from + k] = index;
      probabilities[from + k] = p;
      mass += p;
    }
    if (this.ownReward && !this.#sameReward(choiceReward, common)) return false;
    this.commonReward = common;
    this.mass = mass;
    return Math.abs(mass - 1) <= SUM_TOLERANCE / 2;
  }

  /** Whether one reward holds for all branches; then the error of their plain sum is what its rounding takes. */
  #sameReward(choiceReward: number, common: number): boolean {
    let mass = 0;
    this.massError = 0;
    for (let k = 0; k < this.count; k++) {
      if (this.rewardOf(k, choiceReward) !== common) return false;
      const together = mass + this.probability[k]!;
      this.massError += Math.abs(twoSumError(mass, this.probability[k]!, together));
      mass = together;
    }
    return true;
  }

  #grow(): void {
    const size = this.next.length * 2;
    this.next = enlarged(this.next, new Float64Array(size));
    this.probability = enlarged(this.probability, new Float64Array(size));
    this.reward = enlarged(this.reward, new Float64Array(size).fill(Number.NaN));
    this.ends = enlarged(this.ends, new Uint8Array(size));
  }
}
