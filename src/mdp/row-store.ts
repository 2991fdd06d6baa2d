// The rows of a model being built: branches in flat arrays, equal rows stored once, optional columns only from when they are needed.
import { expandRows } from "./expand-rows.ts";
import { FEW, type GivenBranches } from "./given-branches.ts";
import { GrowableFloat64, GrowableInt32, type Growth } from "./growable.ts";
import type { ModelRegions } from "./model-arena.ts";
import type { Row } from "./row.ts";
import { RowSharing, sharingPays } from "./row-sharing.ts";
import type { Storage } from "./storage.ts";

/** The part of the storage that is by row and branch. */
export type StoredRows = Pick<Storage, "rowCount" | "branchCount" | "choiceRow" | "rowBranches" | "target" | "probability" | "branchReward" | "arrival">;

export class RowStore {
  readonly #ended: number;
  readonly #growth: Growth;
  /** Of the optional columns, which lie outside an arena and may grow there. */
  readonly #growthOutside: Growth;
  readonly #sharing = new RowSharing();
  readonly #rowBranches: GrowableInt32;
  /** Whether rows have nothing but branches, and are not looked up. */
  #plain = false;
  readonly #target: GrowableInt32;
  readonly #probability: GrowableFloat64;
  /** Branches that were not stored because an equal row stood already. */
  #sparedBranches = 0;
  #choiceRow: GrowableInt32 | undefined;
  /** Where `#choiceRow` goes if it begins after the rows have moved. */
  #choiceRowRegion: Int32Array | undefined;
  #branchReward: GrowableFloat64 | undefined;
  #arrival: GrowableInt32 | undefined;

  /** `states` is the number of states, which as a target means "ended". */
  constructor(states: number, growth: Growth) {
    this.#ended = states;
    this.#growth = growth;
    this.#growthOutside = { foresee: growth.foresee, grown: () => undefined };
    this.#rowBranches = new GrowableInt32(64, growth);
    this.#target = new GrowableInt32(256, growth);
    this.#probability = new GrowableFloat64(256, growth);
    this.#rowBranches.push(0);
  }

  /** Branches stored so far. */
  get stored(): number {
    return this.#target.length;
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
    this.#addColumns(row, from, uniform);
  }

  /** Adds the next choice's row, if it stands as given. */
  addPlain(given: GivenBranches, choiceReward: number): boolean {
    const target = this.#target;
    const probability = this.#probability;
    const from = target.length;
    if (from + FEW > target.array.length) target.reserve(FEW);
    if (from + FEW > probability.array.length) probability.reserve(FEW);
    if (!given.writePlain(this.#ended, choiceReward, target.array, probability.array, from)) return false;
    target.length = from + given.count;
    probability.length = from + given.count;
    if (this.#plain) this.#rowBranches.push(from + given.count);
    else this.#addColumns(given, from, true);
    return true;
  }

  /** The rows. The store is used up. */
  done(): StoredRows {
    if (this.#choiceRow !== undefined && !sharingPays(this.#sparedBranches, this.#target.length + this.#sparedBranches)) this.#expand();
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

  /** Goes on in an arena. Optional columns stay where they are. */
  moveTo(regions: ModelRegions): void {
    this.#rowBranches.moveTo(regions.rowBranches);
    this.#target.moveTo(regions.target);
    this.#probability.moveTo(regions.probability);
    this.#choiceRow?.moveTo(regions.choiceRow);
    this.#choiceRowRegion = regions.choiceRow;
  }

  /** Goes on in memory of its own. */
  leave(buffer: ArrayBufferLike): void {
    this.#choiceRowRegion = undefined;
    for (const array of [this.#rowBranches, this.#target, this.#probability, this.#choiceRow]) array?.leave(buffer);
  }

  /** What belongs to the branches from `from` on beside themselves: optional columns, and their row. */
  #addColumns(row: Row, from: number, uniform: boolean): void {
    const { count } = row;
    if (row.anyEnds || this.#arrival !== undefined) this.#addArrivals(row, from);
    if (!uniform || this.#branchReward !== undefined) this.#addRewards(row, from, uniform);
    if (uniform && this.#sharing.active && this.#arrival === undefined) this.#addShared(from, count);
    else this.#addRow();
    this.#plain = !this.#sharing.active && this.#choiceRow === undefined && this.#arrival === undefined && this.#branchReward === undefined;
  }

  #addRow(): void {
    this.#rowBranches.push(this.#target.length);
    if (this.#choiceRow !== undefined) this.#choiceRow.push(this.#rowBranches.length - 2);
  }

  /** Takes the branches from `from` on away again if an equal row stands already. */
  #addShared(from: number, count: number): void {
    const row = this.#rowBranches.length - 1;
    const same = this.#sharing.find(row, from, count, this.#rowBranches.array, this.#target.array, this.#probability.array);
    if (same < 0) this.#addRow();
    else {
      this.#choiceRow ??= this.#rowsSoFar();
      this.#choiceRow.push(same);
      this.#sparedBranches += count;
      this.#target.length = from;
      this.#probability.length = from;
      if (this.#branchReward !== undefined) this.#branchReward.length = from;
    }
    // From here on every row would be stored: what little was shared is not worth the indirection.
    if (!this.#sharing.active && this.#choiceRow !== undefined) this.#expand();
  }

  /** Row = choice until the first shared row. */
  #rowsSoFar(): GrowableInt32 {
    const choices = this.#rowBranches.length - 1;
    const rows = new GrowableInt32(choices + 64, this.#growth);
    if (this.#choiceRowRegion !== undefined) rows.moveTo(this.#choiceRowRegion);
    for (let c = 0; c < choices; c++) rows.push(c);
    return rows;
  }

  /** Row = choice again. */
  #expand(): void {
    if (this.#choiceRow === undefined) return;
    const choices = this.#choiceRow.length;
    const total = this.#target.length + this.#sparedBranches;
    this.#rowBranches.reserve(choices + 1 - this.#rowBranches.length);
    const columns = [this.#target, this.#probability, this.#branchReward, this.#arrival];
    for (const column of columns) column?.reserve(this.#sparedBranches);
    expandRows(
      choices,
      this.#choiceRow.array,
      this.#rowBranches.array,
      total,
      columns.map((column) => column?.array),
    );
    this.#rowBranches.length = choices + 1;
    for (const column of columns) if (column !== undefined) column.length = total;
    this.#sparedBranches = 0;
    this.#choiceRow = undefined;
  }

  /** Where branches end the episode, the state they enter is kept beside the target "ended". */
  #addArrivals(row: Row, from: number): void {
    if (this.#arrival === undefined) {
      this.#arrival = new GrowableInt32(this.#target.length + 64, this.#growthOutside);
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
      this.#branchReward = new GrowableFloat64(this.#target.length + 64, this.#growthOutside);
      for (let b = 0; b < from; b++) this.#branchReward.push(Number.NaN);
    }
    for (let k = 0; k < row.count; k++) this.#branchReward.push(uniform ? Number.NaN : row.reward[k]!);
  }
}
