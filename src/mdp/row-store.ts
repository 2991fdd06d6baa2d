// The rows of a model being built: branches in flat arrays, equal rows stored once, optional columns only from when they are needed.
import { type Foresee, GrowableFloat64, GrowableInt32 } from "./growable.ts";
import { RowSharing } from "./row-sharing.ts";
import type { Storage } from "./storage.ts";

/** One choice's branches: distinct, valid, positive. */
export interface Row {
  readonly count: number;
  readonly next: Float64Array;
  readonly probability: Float64Array;
  readonly reward: Float64Array;
  readonly ends: Uint8Array;
  /** Whether some branch ends the episode. */
  readonly anyEnds: boolean;
}

/** The part of the storage that is by row and branch. */
export type StoredRows = Pick<Storage, "rowCount" | "branchCount" | "choiceRow" | "rowBranches" | "target" | "probability" | "branchReward" | "arrival">;

export class RowStore {
  readonly #ended: number;
  readonly #foresee: Foresee;
  readonly #sharing = new RowSharing();
  readonly #rowBranches: GrowableInt32;
  readonly #target: GrowableInt32;
  readonly #probability: GrowableFloat64;
  /** Branches that were not stored because an equal row stood already. */
  #sparedBranches = 0;
  #choiceRow: GrowableInt32 | undefined;
  #branchReward: GrowableFloat64 | undefined;
  #arrival: GrowableInt32 | undefined;

  /** `states` is the number of states, which as a target means "ended". */
  constructor(states: number, foresee: Foresee) {
    this.#ended = states;
    this.#foresee = foresee;
    this.#rowBranches = new GrowableInt32(64, foresee);
    this.#target = new GrowableInt32(256, foresee);
    this.#probability = new GrowableFloat64(256, foresee);
    this.#rowBranches.push(0);
  }

  /** Adds the next choice's row. `uniform`: its branches have one reward, which is kept by choice. */
  add(row: Row, uniform: boolean): void {
    const { count, next, probability } = row;
    const from = this.#target.length;
    this.#target.reserve(count);
    this.#probability.reserve(count);
    const targets = this.#target.array;
    const probabilities = this.#probability.array;
    for (let k = 0; k < count; k++) {
      targets[from + k] = next[k]!;
      probabilities[from + k] = probability[k]!;
    }
    this.#target.length = from + count;
    this.#probability.length = from + count;
    if (row.anyEnds || this.#arrival !== undefined) this.#addArrivals(row, from);
    if (!uniform || this.#branchReward !== undefined) this.#addRewards(row, from, uniform);
    if (!(uniform && this.#sharing.active && this.#arrival === undefined && this.#share(from, count))) {
      this.#rowBranches.push(this.#target.length);
      this.#choiceRow?.push(this.#rowBranches.length - 2);
    }
  }

  done(): StoredRows {
    return {
      rowCount: this.#rowBranches.length - 1,
      branchCount: this.#target.length + this.#sparedBranches,
      choiceRow: this.#choiceRow?.done(),
      rowBranches: this.#rowBranches.done(),
      target: this.#target.done(),
      probability: this.#probability.done(),
      branchReward: this.#branchReward?.done(),
      arrival: this.#arrival?.done(),
    };
  }

  /** Takes the branches from `from` on away again if an equal row stands already. */
  #share(from: number, count: number): boolean {
    const same = this.#sharing.find(this.#rowBranches.length - 1, from, count, this.#rowBranches.array, this.#target.array, this.#probability.array);
    if (same < 0) return false;
    this.#choiceRow ??= this.#rowsSoFar();
    this.#choiceRow.push(same);
    this.#sparedBranches += count;
    this.#target.length = from;
    this.#probability.length = from;
    if (this.#branchReward !== undefined) this.#branchReward.length = from;
    return true;
  }

  /** Row = choice until the first shared row. */
  #rowsSoFar(): GrowableInt32 {
    const choices = this.#rowBranches.length - 1;
    const rows = new GrowableInt32(choices + 64, this.#foresee);
    for (let c = 0; c < choices; c++) rows.push(c);
    return rows;
  }

  /** Where branches end the episode, the state they enter is kept beside the target "ended". */
  #addArrivals(row: Row, from: number): void {
    if (this.#arrival === undefined) {
      this.#arrival = new GrowableInt32(this.#target.array.length, this.#foresee);
      for (let b = 0; b < from; b++) this.#arrival.push(this.#target.array[b]!);
    }
    for (let k = 0; k < row.count; k++) {
      this.#arrival.push(row.next[k]!);
      if (row.anyEnds && row.ends[k] === 1) this.#target.array[from + k] = this.#ended;
    }
  }

  /** Where rewards differ within some choice, they are kept by branch; NaN where the choice's holds. */
  #addRewards(row: Row, from: number, uniform: boolean): void {
    if (this.#branchReward === undefined) {
      this.#branchReward = new GrowableFloat64(this.#target.array.length, this.#foresee);
      for (let b = 0; b < from; b++) this.#branchReward.push(Number.NaN);
    }
    for (let k = 0; k < row.count; k++) this.#branchReward.push(uniform ? Number.NaN : row.reward[k]!);
  }
}
