// The exact regret of a deterministic policy at the start, cheap enough to ask after every episode.
import { type Mdp, rowOf } from "../../src/mdp/index.ts";

/**
 * V*(start) - V^π(start), by elimination over the states that π reaches from the start: rounding apart exact, in microseconds for some tens of states.
 * A policy that agrees with the last one wherever it comes to costs the walk alone.
 */
export class StartRegret {
  readonly #mdp: Mdp<unknown, unknown>;
  readonly #discount: number;
  readonly #start: number;
  readonly #best: number;
  /** S places in the order of reaching, -1 elsewhere. */
  readonly #place: Int32Array;
  #followed: readonly number[] = [];
  #regret = Number.NaN;

  constructor(mdp: Mdp<unknown, unknown>, discount: number, start: number, best: number) {
    this.#mdp = mdp;
    this.#discount = discount;
    this.#start = start;
    this.#best = best;
    this.#place = new Int32Array(mdp.stateCount).fill(-1);
  }

  /** @param choiceOf the choice π takes in a state index that is not terminal. */
  of(choiceOf: (state: number) => number): number {
    const { reached, followed } = this.#walk(choiceOf);
    if (followed.length !== this.#followed.length || followed.some((c, i) => c !== this.#followed[i])) {
      this.#followed = followed;
      this.#regret = this.#best - this.#valueOf(followed);
    }
    for (const s of reached) this.#place[s] = -1;
    return this.#regret;
  }

  /** The states reached, in breadth-first order, and the choice followed in each. Leaves their places in `#place`. */
  #walk(choiceOf: (state: number) => number): { readonly reached: readonly number[]; readonly followed: readonly number[] } {
    const { storage } = this.#mdp;
    const reached: number[] = [];
    const followed: number[] = [];
    const visit = (s: number): void => {
      if (s >= storage.stateCount || storage.terminal[s] === 1 || this.#place[s]! >= 0) return;
      this.#place[s] = reached.length;
      reached.push(s);
    };
    visit(this.#start);
    for (let i = 0; i < reached.length; i++) {
      const c = choiceOf(reached[i]!);
      followed.push(c);
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) visit(storage.target[b]!);
    }
    return { reached, followed };
  }

  /** V of the first state: (I - γP) v = r, whose rows are diagonally dominant, eliminated from the last state to the first. */
  #valueOf(followed: readonly number[]): number {
    const { storage } = this.#mdp;
    const n = followed.length;
    const a = new Float64Array(n * n);
    const r = new Float64Array(n);
    for (const [i, c] of followed.entries()) {
      a[i * n + i] = 1;
      r[i] = storage.reward[c]!;
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        const t = storage.target[b]!;
        if (t < storage.stateCount && storage.terminal[t] === 0) a[i * n + this.#place[t]!]! -= this.#discount * storage.probability[b]!;
      }
    }
    for (let k = n - 1; k > 0; k--) {
      const pivot = a[k * n + k]!;
      for (let i = 0; i < k; i++) {
        const factor = a[i * n + k]! / pivot;
        if (factor === 0) continue;
        for (let j = 0; j < k; j++) a[i * n + j]! -= factor * a[k * n + j]!;
        r[i]! -= factor * r[k]!;
      }
    }
    return r[0]! / a[0]!;
  }
}
