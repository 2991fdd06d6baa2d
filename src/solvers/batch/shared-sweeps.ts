// Modified policy iteration on all columns of a batch at once; columns drop out as they are done, and the matrices close up.
import { type BatchKernel, chooseBatchKernel, type Device } from "../../kernels/index.ts";
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

/** The matrices close up once the columns at work fill no more than this share of them: closing up copies the model. */
const CLOSE_UP = 0.75;

export class SharedSweeps<S, A> {
  readonly #storage: Storage;
  readonly #sameReward: boolean;
  readonly #device: Device;
  readonly #pacer: Pacer = new Pacer();
  /** The column at each place of the matrices; undefined where it has left. */
  #places: readonly (Column<S, A> | undefined)[];
  #kernel: BatchKernel;
  #now: Float64Array;
  #next: Float64Array;
  sweeps = 0;

  /** @param sameReward whether all columns have one reward function, and differ in their discounts alone. */
  constructor(storage: Storage, columns: readonly Column<S, A>[], sameReward: boolean, device: Device) {
    this.#storage = storage;
    this.#sameReward = sameReward;
    this.#device = device;
    this.#places = columns;
    this.#kernel = this.#kernelOf(columns);
    [this.#now, this.#next] = this.#kernel.values;
  }

  /** The columns still at work. */
  get columns(): readonly Column<S, A>[] {
    return this.#places.filter((column) => column !== undefined);
  }

  /** Which kernel sweeps. */
  get device(): string {
    return this.#kernel.name;
  }

  /** One improving sweep of every column, and evaluation sweeps of those that stay; answers those that leave. */
  async improve(tooSlow: (left: number) => boolean): Promise<readonly Leaving<S, A>[]> {
    const kernel = this.#kernel;
    kernel.clearChange();
    await this.#eachSlice((from, to) => kernel.sweep(this.#now, this.#next, from, to));
    this.#turn();
    const leaving: Leaving<S, A>[] = [];
    for (const [j, column] of this.#places.entries()) {
      if (column === undefined) continue;
      column.swept(kernel.change.min[j]!, kernel.change.max[j]!, this.sweeps);
      const why = column.close ? "close" : column.run.limit !== undefined ? "limit" : tooSlow(column.left) ? "slow" : undefined;
      if (why !== undefined) leaving.push({ column, why, value: this.#columnOf(this.#now, j), choice: this.#columnOf(kernel.policy, j) });
    }
    this.#places = this.#places.map((column) => (leaving.some((left) => left.column === column) ? undefined : column));
    const staying = this.columns;
    if (staying.length > 0 && staying.length <= CLOSE_UP * this.#places.length) this.#closeUp(staying);
    for (let i = 0; i < EVALUATIONS && staying.length > 0; i++) {
      await this.#eachSlice((from, to) => this.#kernel.policySweep(this.#now, this.#next, from, to));
      this.#turn();
    }
    return leaving;
  }

  #turn(): void {
    [this.#now, this.#next] = [this.#next, this.#now];
    this.sweeps++;
  }

  /** Goes on with some of the columns alone. */
  #closeUp(columns: readonly Column<S, A>[]): void {
    const from = columns.map((column) => this.#places.indexOf(column));
    const { width: before, policy } = this.#kernel;
    const now = this.#now;
    this.#places = columns;
    this.#kernel = this.#kernelOf(columns);
    [this.#now, this.#next] = this.#kernel.values;
    const { width } = this.#kernel;
    for (let s = 0; s < this.#storage.stateCount; s++) {
      for (let j = 0; j < from.length; j++) {
        this.#now[s * width + j] = now[s * before + from[j]!]!;
        this.#kernel.policy[s * width + j] = policy[s * before + from[j]!]!;
      }
    }
  }

  #kernelOf(columns: readonly Column<S, A>[]): BatchKernel {
    const size = columns.length;
    const { choiceCount } = this.#storage;
    const discount = Float64Array.from(columns, ({ run }) => run.problem.discount);
    const first = columns[0];
    if (this.#sameReward && first !== undefined) return chooseBatchKernel(this.#storage, { reward: first.reward, discount }, this.#device);
    const reward = new Float64Array(choiceCount * size);
    for (const [j, column] of columns.entries()) for (let c = 0; c < choiceCount; c++) reward[c * size + j] = column.reward[c]!;
    return chooseBatchKernel(this.#storage, { reward, discount }, this.#device);
  }

  #columnOf<T extends Float64Array | Int32Array>(matrix: T, j: number): T {
    const { width } = this.#kernel;
    const column = matrix.slice(0, matrix.length / width) as T;
    for (let s = 0; s < column.length; s++) column[s] = matrix[s * width + j]!;
    return column;
  }

  async #eachSlice(operate: (from: number, to: number) => void): Promise<void> {
    const { stateCount, branchCount } = this.#storage;
    const slice = Math.max(1, Math.floor((stateCount * SLICE_PRODUCTS) / Math.max(1, (branchCount + stateCount) * this.#kernel.width)));
    for (let from = 0; from < stateCount; from += slice) {
      operate(from, Math.min(stateCount, from + slice));
      if (this.#pacer.due) await this.#pacer.giveWay();
    }
  }
}
