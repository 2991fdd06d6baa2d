// The branches of the one choice being emitted, as given: a scratch pad that is read once and cleared.
import { twoSumError } from "../numeric/index.ts";
import { enlarged } from "./growable.ts";
import type { Row } from "./row-store.ts";

/** Up to this many branches are compared in pairs to find equal successors: no table of all states, no cache misses. */
const FEW = 16;

/** How far a row's probabilities may sum from 1. */
export const SUM_TOLERANCE = 1e-9;

export class GivenBranches implements Row {
  count = 0;
  /** As given, be it an index or not. */
  next: Float64Array = new Float64Array(16);
  probability: Float64Array = new Float64Array(16);
  /** NaN where the choice's reward holds. */
  reward: Float64Array = new Float64Array(16);
  ends: Uint8Array = new Uint8Array(16);
  /** Whether some branch brought its own reward, or ends the episode. */
  ownReward = false;
  anyEnds = false;
  #bare = true;

  /** Set by `standAsGiven`: the one reward of all branches, their probabilities' plain sum, and (only where rewards came by branch) a bound on its error. */
  commonReward = 0;
  mass = 0;
  massError = 0;

  add(next: number, probability: number, reward: number, ends: boolean): void {
    const k = this.count;
    if (k === this.next.length) this.#grow();
    this.count = k + 1;
    this.next[k] = next;
    this.probability[k] = probability;
    if (!Number.isNaN(reward) || ends || !this.#bare) this.#addExtras(k, reward, ends);
  }

  /** Rewards and ends are written down from the first branch on that has one: most choices have none. */
  #addExtras(k: number, reward: number, ends: boolean): void {
    if (this.#bare) {
      this.reward.fill(Number.NaN, 0, k);
      this.ends.fill(0, 0, k);
      this.#bare = false;
    }
    this.reward[k] = reward;
    this.ends[k] = ends ? 1 : 0;
    if (!Number.isNaN(reward)) this.ownReward = true;
    if (ends) this.anyEnds = true;
  }

  clear(): void {
    this.count = 0;
    this.#bare = true;
    this.ownReward = false;
    this.anyEnds = false;
  }

  /** The reward of a branch, given its choice's. */
  rewardOf(k: number, choiceReward: number): number {
    const own = this.#bare ? Number.NaN : this.reward[k]!;
    return Number.isNaN(own) ? choiceReward : own;
  }

  endsAt(k: number): boolean {
    return !this.#bare && this.ends[k] === 1;
  }

  /**
   * Whether nothing has to be checked further, merged, divided or left out: distinct successors in range, positive probabilities
   * that clearly sum to 1, one finite reward, no branch that ends. So it is for nearly all choices of nearly all models.
   */
  standAsGiven(states: number, choiceReward: number): boolean {
    const { count, next, probability } = this;
    if (count === 0 || count > FEW || this.anyEnds) return false;
    const common = this.ownReward ? this.rewardOf(0, choiceReward) : choiceReward;
    if (!Number.isFinite(common)) return false;
    let mass = 0;
    let massError = 0;
    for (let k = 0; k < count; k++) {
      const target = next[k]!;
      const p = probability[k]!;
      if (!(target >= 0 && target < states && p > 0) || Math.floor(target) !== target) return false;
      for (let j = 0; j < k; j++) if (next[j] === target) return false;
      const together = mass + p;
      if (this.ownReward) {
        if (this.rewardOf(k, choiceReward) !== common) return false;
        massError += Math.abs(twoSumError(mass, p, together));
      }
      mass = together;
    }
    this.commonReward = common;
    this.mass = mass;
    this.massError = massError;
    return Math.abs(mass - 1) <= SUM_TOLERANCE / 2;
  }

  #grow(): void {
    const size = this.next.length * 2;
    this.next = enlarged(this.next, new Float64Array(size));
    this.probability = enlarged(this.probability, new Float64Array(size));
    this.reward = enlarged(this.reward, new Float64Array(size));
    this.ends = enlarged(this.ends, new Uint8Array(size));
  }
}
