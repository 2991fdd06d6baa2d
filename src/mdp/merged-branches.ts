// Branches of one choice after merging: equal successors added up, zero probabilities left out, each rounding error counted.
import { CompensatedSum, twoSumError, UNIT_ROUNDOFF } from "../numeric/index.ts";
import type { GivenBranches } from "./given-branches.ts";
import { enlarged } from "./growable.ts";
import type { Row } from "./row.ts";
import { SeenTargets } from "./seen-targets.ts";

/** What a choice's given branches come to. Filled by `merge`, read at once, used again for the next choice. */
export class MergedBranches implements Row {
  count = 0;
  next: Float64Array = new Float64Array(64);
  ends: Uint8Array = new Uint8Array(64);
  probability: Float64Array = new Float64Array(64);
  /** Each branch's reward; where branches of different rewards were added up, their mean by probability. */
  reward: Float64Array = new Float64Array(64);
  anyEnds = false;
  /** Whether one reward holds for all branches. */
  uniform = true;
  /** Σ p r, and a bound on its error. */
  expectedReward = 0;
  rewardError = 0;
  /** Σ p, plainly summed, and a bound on its error. */
  mass = 0;
  massError = 0;
  /** A bound on what adding up equal successors rounded off the probabilities. */
  probabilityError = 0;

  /** By merged branch: Σ p r, and whether its rewards differ. */
  #weighted = new Float64Array(64);
  #differ = new Uint8Array(64);
  readonly #states: number;
  #going: SeenTargets | undefined;
  #ending: SeenTargets | undefined;
  #run = 0;
  readonly #expected = new CompensatedSum();

  constructor(states: number) {
    this.#states = states;
  }

  /** Merges branches that are valid each by itself; `divisor` turns counts into probabilities. */
  merge(given: GivenBranches, choiceReward: number, divisor: number): void {
    this.#begin();
    let size = 0;
    for (let k = 0; k < given.count; k++) {
      const p = given.probability[k]! / divisor;
      if (p === 0) continue;
      const r = given.rewardOf(k, choiceReward);
      if (this.count === 0) this.reward[0] = r;
      else if (r !== this.reward[0]) this.uniform = false;
      const together = this.mass + p;
      this.massError += Math.abs(twoSumError(this.mass, p, together));
      this.mass = together;
      size += Math.abs(p * r);
      this.#expected.addProduct(p, r);
      this.#put(given.next[k]!, given.endsAt(k), p, r);
    }
    if (this.uniform) this.expectedReward = this.reward[0]!;
    else this.#conclude(given.count + 2, size);
  }

  #begin(): void {
    this.#run++;
    this.count = 0;
    this.anyEnds = false;
    this.uniform = true;
    this.expectedReward = this.rewardError = 0;
    this.mass = this.massError = this.probabilityError = 0;
    this.#expected.reset();
  }

  #put(next: number, ends: boolean, p: number, r: number): void {
    const seen = this.#tableOf(ends);
    const slot = seen.find(next, this.#run);
    if (slot < 0) {
      seen.set(next, this.#run, this.count);
      this.#append(next, ends, p, r);
      return;
    }
    const before = this.probability[slot]!;
    const together = before + p;
    this.probabilityError += Math.abs(twoSumError(before, p, together));
    this.probability[slot] = together;
    this.#weighted[slot] = this.#weighted[slot]! + p * r;
    if (r !== this.reward[slot]) this.#differ[slot] = 1;
  }

  /** Terminated branches are told apart from those that go on. */
  #tableOf(ends: boolean): SeenTargets {
    if (ends) {
      this.#ending ??= new SeenTargets(this.#states);
      return this.#ending;
    }
    this.#going ??= new SeenTargets(this.#states);
    return this.#going;
  }

  #append(next: number, ends: boolean, p: number, r: number): void {
    const slot = this.count++;
    if (slot === this.next.length) this.#grow();
    this.next[slot] = next;
    this.ends[slot] = ends ? 1 : 0;
    if (ends) this.anyEnds = true;
    this.probability[slot] = p;
    this.reward[slot] = r;
    this.#weighted[slot] = p * r;
    this.#differ[slot] = 0;
  }

  /** The expected reward where rewards differ: n products in twice the working precision. */
  #conclude(n: number, size: number): void {
    this.expectedReward = this.#expected.value;
    // Dot2's bound (Ogita, Rump, Oishi, proposition 5.5), doubled; the last term is for products that underflow.
    this.rewardError = 2 * UNIT_ROUNDOFF * Math.abs(this.expectedReward) + 8 * n * n * UNIT_ROUNDOFF * UNIT_ROUNDOFF * size + 8 * n * Number.MIN_VALUE;
    for (let slot = 0; slot < this.count; slot++) if (this.#differ[slot] === 1) this.reward[slot] = this.#weighted[slot]! / this.probability[slot]!;
  }

  #grow(): void {
    const size = this.next.length * 2;
    this.next = enlarged(this.next, new Float64Array(size));
    this.ends = enlarged(this.ends, new Uint8Array(size));
    this.probability = enlarged(this.probability, new Float64Array(size));
    this.reward = enlarged(this.reward, new Float64Array(size));
    this.#weighted = enlarged(this.#weighted, new Float64Array(size));
    this.#differ = enlarged(this.#differ, new Uint8Array(size));
  }
}
