// Modified policy iteration on all columns of a batch at once; columns drop out as they are done, and the matrices close up.
import { type BatchChange, type BatchKernel, cpuBatchKernel } from "../../kernels/index.ts";
import type { Storage } from "../../mdp/index.ts";
import { Pacer } from "../../platform/pacer.ts";
import type { Column } from "./column.ts";

/** Evaluation sweeps after each improving one. */
const EVALUATIONS = 5;

/** About this many products of a probability and a value are made between two looks at the clock. */
const SLICE_PRODUCTS = 2_000_000;

/** A column that leaves: why, its value (S+1 numbers) and its incumbent choices. */
export interface Leaving<S, A> {
  readonly column: Column<S, A>;
  readonly why: "close" | "slow" | "limit";
  readonly value: Float64Array;
  readonly choice: Int32Array;
}

export class SharedSweeps<S, A> {
  readonly #storage: Storage;
  readonly #sameReward: boolean;
  readonly #pacer: Pacer = new Pacer();
  #columns: readonly Column<S, A>[];
  #kernel: BatchKernel;
  #now: Float64Array;
  #next: Float64Array;
  #policy: Int32Array;
  sweeps = 0;

  /** @param sameReward whether all columns have one reward function, and differ in their discounts alone. */
  constructor(storage: Storage, columns: readonly Column<S, A>[], sameReward: boolean) {
    this.#storage = storage;
    this.#sameReward = sameReward;
    this.#columns = columns;
    this.#kernel = this.#kernelOf(columns);
    this.#now = this.#kernel.values();
    this.#next = this.#kernel.values();
    this.#policy = this.#kernel.policy();
  }

  /** The columns still at work. */
  get columns(): readonly Column<S, A>[] {
    return this.#columns;
  }

  /** One improving sweep of every column, and evaluation sweeps of those that stay; answers those that leave. */
  async improve(tooSlow: (left: number) => boolean): Promise<readonly Leaving<S, A>[]> {
    const size = this.#columns.length;
    const change: BatchChange = { min: new Float64Array(size).fill(Infinity), max: new Float64Array(size).fill(-Infinity) };
    await this.#eachSlice((from, to) => this.#kernel.sweep(this.#now, this.#next, this.#policy, from, to, change));
    this.#turn();
    const leaving: Leaving<S, A>[] = [];
    for (const [j, column] of this.#columns.entries()) {
      column.swept(change.min[j]!, change.max[j]!, this.sweeps);
      const why = column.close ? "close" : column.run.limit !== undefined ? "limit" : tooSlow(column.left) ? "slow" : undefined;
      if (why !== undefined) leaving.push({ column, why, value: this.#columnOf(this.#now, j), choice: this.#columnOf(this.#policy, j) });
    }
    if (leaving.length > 0) this.#keep(this.#columns.filter((column) => !leaving.some((left) => left.column === column)));
    for (let i = 0; i < EVALUATIONS && this.#columns.length > 0; i++) {
      await this.#eachSlice((from, to) => this.#kernel.policySweep(this.#now, this.#next, this.#policy, from, to));
      this.#turn();
    }
    return leaving;
  }

  #turn(): void {
    [this.#now, this.#next] = [this.#next, this.#now];
    this.sweeps++;
  }

  /** Goes on with some of the columns alone. */
  #keep(columns: readonly Column<S, A>[]): void {
    const places = columns.map((column) => this.#columns.indexOf(column));
    const before = this.#columns.length;
    const [now, policy] = [this.#now, this.#policy];
    this.#columns = columns;
    if (columns.length === 0) return;
    this.#kernel = this.#kernelOf(columns);
    this.#now = this.#kernel.values();
    this.#next = this.#kernel.values();
    this.#policy = this.#kernel.policy();
    const size = columns.length;
    for (let s = 0; s < this.#storage.stateCount; s++) {
      for (let j = 0; j < size; j++) {
        this.#now[s * size + j] = now[s * before + places[j]!]!;
        this.#policy[s * size + j] = policy[s * before + places[j]!]!;
      }
    }
  }

  #kernelOf(columns: readonly Column<S, A>[]): BatchKernel {
    const size = columns.length;
    const { choiceCount } = this.#storage;
    const discount = Float64Array.from(columns, ({ run }) => run.problem.discount);
    const first = columns[0];
    if (this.#sameReward && first !== undefined) return cpuBatchKernel(this.#storage, { reward: first.reward, discount });
    const reward = new Float64Array(choiceCount * size);
    for (const [j, column] of columns.entries()) for (let c = 0; c < choiceCount; c++) reward[c * size + j] = column.reward[c]!;
    return cpuBatchKernel(this.#storage, { reward, discount });
  }

  #columnOf<T extends Float64Array | Int32Array>(matrix: T, j: number): T {
    const size = this.#columns.length;
    const column = matrix.slice(0, matrix.length / size) as T;
    for (let s = 0; s < column.length; s++) column[s] = matrix[s * size + j]!;
    return column;
  }

  async #eachSlice(operate: (from: number, to: number) => void): Promise<void> {
    const { stateCount, branchCount } = this.#storage;
    const slice = Math.max(1, Math.floor((stateCount * SLICE_PRODUCTS) / Math.max(1, (branchCount + stateCount) * this.#columns.length)));
    for (let from = 0; from < stateCount; from += slice) {
      operate(from, Math.min(stateCount, from + slice));
      if (this.#pacer.due) await this.#pacer.giveWay();
    }
  }
}
