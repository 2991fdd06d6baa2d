// The WebAssembly kernel: the reference kernel's loops compiled, over a model copied into linear memory. Same numbers, about half the time.
import type { Storage } from "../../mdp/index.ts";
import type { BellmanKernel, Change } from "../kernel.ts";
import { BELLMAN_WASM } from "./bellman-module.ts";

/** What the module exports; pointers are byte offsets. */
interface BellmanExports {
  readonly changeMin: WebAssembly.Global;
  readonly changeMax: WebAssembly.Global;
  setChange(min: number, max: number): void;
  setModel(choices: number, rows: number, branches: number, targets: number, probabilities: number, rewards: number, gamma: number, wide: number): void;
  sweep(v: number, out: number, policy: number, from: number, to: number): void;
  policySweep(v: number, out: number, policy: number, from: number, to: number): void;
  gaussSeidel(v: number, policy: number, from: number, to: number, backwards: number): void;
  policyGaussSeidel(v: number, policy: number, from: number, to: number, backwards: number): void;
  choiceValues(v: number, out: number, from: number, to: number): void;
}

/** Vectors that fit beside the model; more than any iteration holds at once. Later ones live outside and are copied in and out. */
const VECTORS = 6;

const PAGE = 65536;

/** A 32-bit memory ends at 4 GiB. */
const MOST_PAGES = 65536;

let compiled: WebAssembly.Module | undefined;

/**
 * The WebAssembly kernel, or undefined where it cannot be had: no WebAssembly, or a model too large for 4 GiB.
 *
 * @param storage the compiled model, its rewards to be maximised.
 * @param discount γ.
 */
export function wasmKernel(storage: Storage, discount: number): BellmanKernel | undefined {
  const layout = layoutOf(storage);
  if (layout.pages > MOST_PAGES || typeof WebAssembly === "undefined") return undefined;
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages });
  } catch {
    return undefined; // the address space asked for is not to be had
  }
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(BELLMAN_WASM), (c) => c.charCodeAt(0)));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  return new LinearMemoryKernel(storage, discount, memory.buffer, layout, instance.exports as unknown as BellmanExports);
}

/** Byte offsets of everything in memory. */
interface Layout {
  readonly stateChoices: number;
  readonly choiceRow: number;
  readonly rowBranches: number;
  readonly target: number;
  readonly probability: number;
  readonly reward: number;
  readonly policy: number;
  readonly q: number;
  readonly vectors: number;
  readonly vectorBytes: number;
  /** The number of branches of every row, or 0 where they differ: offsets need not be read then. */
  readonly width: number;
  readonly pages: number;
}

function layoutOf(storage: Storage): Layout {
  let at = 64; // 0 means "no array"
  const take = (bytes: number) => {
    const here = at;
    at += Math.ceil(bytes / 16) * 16;
    return here;
  };
  const vectorBytes = Math.ceil(((storage.stateCount + 1) * 8) / 64) * 64;
  const parts = {
    stateChoices: take(storage.stateChoices.length * 4),
    choiceRow: storage.choiceRow === undefined ? 0 : take(storage.choiceCount * 4),
    rowBranches: take(storage.rowBranches.length * 4),
    target: take(storage.target.length * 4),
    probability: take(storage.probability.length * 8),
    reward: take(storage.choiceCount * 8),
    policy: take(storage.stateCount * 4),
    q: take(storage.choiceCount * 8),
    vectors: take((VECTORS + 2) * vectorBytes),
  };
  return { ...parts, vectorBytes, width: widthOf(storage), pages: Math.ceil(at / PAGE) };
}

function widthOf(storage: Storage): number {
  const { rowBranches, rowCount } = storage;
  const width = rowCount === 0 ? 0 : rowBranches[1]!;
  for (let row = 0; row < rowCount; row++) if (rowBranches[row + 1]! - rowBranches[row]! !== width) return 0;
  return width;
}

class LinearMemoryKernel implements BellmanKernel {
  readonly name = "wasm";
  readonly storage: Storage;
  readonly #buffer: ArrayBuffer;
  readonly #layout: Layout;
  readonly #operators: BellmanExports;
  readonly #policy: Int32Array;
  readonly #q: Float64Array;
  #vectors = 0;

  constructor(storage: Storage, discount: number, buffer: ArrayBuffer, layout: Layout, operators: BellmanExports) {
    this.storage = storage;
    this.#buffer = buffer;
    this.#layout = layout;
    this.#operators = operators;
    this.#policy = new Int32Array(buffer, layout.policy, storage.stateCount);
    this.#q = new Float64Array(buffer, layout.q, storage.choiceCount);
    const copy = (source: Int32Array, at: number) => new Int32Array(buffer, at, source.length).set(source);
    copy(storage.stateChoices, layout.stateChoices);
    if (storage.choiceRow !== undefined) copy(storage.choiceRow, layout.choiceRow);
    copy(storage.rowBranches, layout.rowBranches);
    copy(storage.target, layout.target);
    new Float64Array(buffer, layout.probability, storage.probability.length).set(storage.probability);
    new Float64Array(buffer, layout.reward, storage.choiceCount).set(storage.reward);
    const { stateChoices, choiceRow, rowBranches, target, probability, reward, width } = layout;
    operators.setModel(stateChoices, choiceRow, rowBranches, target, probability, reward, discount, width);
  }

  vector(): Float64Array {
    const n = this.storage.stateCount + 1;
    if (this.#vectors === VECTORS) return new Float64Array(n);
    return this.#slot(this.#vectors++);
  }

  sweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void {
    this.#operate(policy, from, to, change, () => {
      this.#operators.sweep(this.#in(v, VECTORS), this.#place(out, VECTORS + 1), this.#layout.policy, from, to);
      this.#out(out, VECTORS + 1, from, to);
    });
  }

  policySweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void {
    this.#operate(policy, from, to, change, () => {
      this.#operators.policySweep(this.#in(v, VECTORS), this.#place(out, VECTORS + 1), this.#layout.policy, from, to);
      this.#out(out, VECTORS + 1, from, to);
    });
  }

  gaussSeidel(v: Float64Array, policy: Int32Array, from: number, to: number, change: Change, backwards: boolean): void {
    this.#operate(policy, from, to, change, () => {
      this.#operators.gaussSeidel(this.#in(v, VECTORS), this.#layout.policy, from, to, backwards ? 1 : 0);
      this.#out(v, VECTORS, from, to);
    });
  }

  policyGaussSeidel(v: Float64Array, policy: Int32Array, from: number, to: number, change: Change, backwards: boolean): void {
    this.#operate(policy, from, to, change, () => {
      this.#operators.policyGaussSeidel(this.#in(v, VECTORS), this.#layout.policy, from, to, backwards ? 1 : 0);
      this.#out(v, VECTORS, from, to);
    });
  }

  q(v: Float64Array, out: Float64Array, from: number, to: number): void {
    const first = this.storage.stateChoices[from]!;
    const end = this.storage.stateChoices[to]!;
    this.#operators.choiceValues(this.#in(v, VECTORS), this.#layout.q, from, to);
    out.set(this.#q.subarray(first, end), first);
  }

  /** Policies live outside: the slice swept is copied in and back, a small part of a sweep's traffic. */
  #operate(policy: Int32Array, from: number, to: number, change: Change, work: () => void): void {
    this.#policy.set(policy.subarray(from, to), from);
    this.#operators.setChange(change.min, change.max);
    work();
    policy.set(this.#policy.subarray(from, to), from);
    change.min = this.#operators.changeMin.value;
    change.max = this.#operators.changeMax.value;
  }

  #slot(k: number): Float64Array {
    return new Float64Array(this.#buffer, this.#layout.vectors + k * this.#layout.vectorBytes, this.storage.stateCount + 1);
  }

  /** The address of a vector: its own, or that of staging slot k. */
  #place(v: Float64Array, k: number): number {
    return v.buffer === this.#buffer ? v.byteOffset : this.#layout.vectors + k * this.#layout.vectorBytes;
  }

  /** The address of a vector whose numbers are needed. */
  #in(v: Float64Array, k: number): number {
    if (v.buffer !== this.#buffer) this.#slot(k).set(v);
    return this.#place(v, k);
  }

  /** Copies what was written to a staging slot back to its vector. */
  #out(v: Float64Array, k: number, from: number, to: number): void {
    if (v.buffer !== this.#buffer) v.set(this.#slot(k).subarray(from, to), from);
  }
}
