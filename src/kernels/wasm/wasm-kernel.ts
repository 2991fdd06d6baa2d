// The WebAssembly kernel: the reference kernel's loops compiled, over a model in linear memory, by as many threads as come. Same bits, less time.
import { platform } from "#platform";
import { SHARES_MEMORY, type Storage } from "../../mdp/index.ts";
import type { BellmanKernel, Change } from "../kernel.ts";
import { type BellmanExports, bellmanModule, bellmanOver } from "./bellman.ts";
import { HeldRows } from "./held-rows.ts";
import { type Layout, type Placed, place, VECTORS } from "./layout.ts";
import { callHelpers } from "./team.ts";

/** A chunk of states is worth sharing from about this many branches on: some microseconds of work. */
export const CHUNK_BRANCHES = 4096;

/**
 * The WebAssembly kernel, or undefined where it cannot be had: no WebAssembly, or a model too large for 4 GiB.
 *
 * @param storage the compiled model, its rewards to be maximised.
 * @param discount γ.
 * @param threads how many share a synchronous sweep, at most; 1 where memory cannot be shared.
 * @param grain at least about so many branches are shared out at a time.
 */
export function wasmKernel(storage: Storage, discount: number, threads = 1, grain: number = CHUNK_BRANCHES): BellmanKernel | undefined {
  const placed = place(storage);
  return placed === undefined ? undefined : new LinearMemoryKernel(storage, discount, placed, SHARES_MEMORY ? threads : 1, grain);
}

class LinearMemoryKernel implements BellmanKernel {
  readonly name = "wasm";
  readonly insteadOf = undefined;
  readonly storage: Storage;
  readonly threads: number;
  readonly #placed: Placed;
  readonly #buffer: ArrayBufferLike;
  readonly #layout: Layout;
  readonly #operators: BellmanExports;
  readonly #policy: Int32Array;
  readonly #q: Float64Array;
  /** States a chunk, at least, of sweeps of all choices and of a policy; and rows. */
  readonly #chunk: number;
  readonly #policyChunk: number;
  readonly #rowChunk: number;
  readonly #mostChunks: number;
  /** What helpers had done in this memory before. */
  readonly #helpedBefore: number;
  /** Whose expectations the rows hold, and where that sweep goes on. */
  #expected: { readonly v: Float64Array; readonly to: number } | undefined;
  /** The same for the rows of the policy held; whose expectations stand there, one or the other says. */
  #listed: { readonly v: Float64Array; readonly to: number } | undefined;
  readonly #heldRows: HeldRows | undefined;
  #vectors = 0;
  #policyTaken = false;

  constructor(storage: Storage, discount: number, placed: Placed, threads: number, grain: number) {
    const { layout, memory } = placed;
    this.storage = storage;
    this.threads = threads;
    this.#placed = placed;
    this.#buffer = memory.buffer;
    this.#layout = layout;
    this.#policy = new Int32Array(memory.buffer, layout.policy, storage.stateCount);
    this.#q = new Float64Array(memory.buffer, layout.q, layout.qLength);
    const operators = bellmanOver(bellmanModule(SHARES_MEMORY), memory);
    this.#operators = operators;
    const { stateChoices, choiceRow, rowBranches, target, probability, reward, width } = layout;
    const model = layout.block + Number(operators.MODEL.value);
    new Uint32Array(memory.buffer, model, 7).set([stateChoices, choiceRow, rowBranches, target, probability, reward, width]);
    new Float64Array(memory.buffer, model + 32, 1)[0] = discount;
    const { heldTarget, heldProbability, heldReward, heldChoice, rowExpectation, consecutive } = layout;
    new Uint32Array(memory.buffer, model + 40, 6).set([heldTarget, heldProbability, heldReward, heldChoice, rowExpectation, consecutive ? 1 : 0]);
    operators.join(layout.block);
    if (layout.heldRows !== 0) this.#heldRows = new HeldRows(storage, memory.buffer, layout.heldRows);
    const { branchCount, choiceCount, rowCount } = storage;
    const states = Math.max(1, storage.stateCount);
    const work = layout.rowExpectation === 0 ? branchCount : choiceCount;
    this.#chunk = Math.ceil((grain * states) / Math.max(1, work));
    this.#policyChunk = Math.ceil((grain * choiceCount) / Math.max(choiceCount, branchCount, 1));
    this.#rowChunk = Math.ceil((grain * rowCount) / Math.max(1, storage.target.length));
    this.#mostChunks = Number(operators.MOST_CHUNKS.value);
    this.#helpedBefore = this.#helpedInAll();
    this.#callHelpers();
  }

  get helped(): number {
    return this.#helpedInAll() - this.#helpedBefore;
  }

  vector(): Float64Array {
    if (this.#vectors === VECTORS) return new Float64Array(this.storage.stateCount + 1);
    return this.#slot(this.#vectors++).fill(0);
  }

  policy(): Int32Array {
    const { stateCount } = this.storage;
    if (this.#policyTaken) return new Int32Array(stateCount).fill(-1);
    this.#policyTaken = true;
    return new Int32Array(this.#buffer, this.#layout.policies, stateCount).fill(-1);
  }

  sweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void {
    const { sweep, SWEEP } = this.#operators;
    this.#operate(policy, from, to, change, (choices) => {
      const x = this.#in(v);
      this.#expect(v, x, from, to);
      this.#into([out], from, to, (first, end, [y = 0]) => {
        if (!this.#share(SWEEP, x, y, choices, first, end, this.#chunk)) sweep(x, y, choices, first, end);
      });
    });
  }

  policySweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void {
    const { policySweep, POLICY_SWEEP } = this.#operators;
    this.#operate(policy, from, to, change, (choices) => {
      const x = this.#in(v);
      this.#into([out], from, to, (first, end, [y = 0]) => {
        if (!this.#share(POLICY_SWEEP, x, y, choices, first, end, this.#policyChunk)) policySweep(x, y, choices, first, end);
      });
    });
  }

  hold(policy: Int32Array, from: number, to: number): void {
    this.#heldRows?.list(policy, from, to);
    if (this.#layout.heldTarget === 0) return;
    const { hold, HOLD } = this.#operators;
    this.#operate(policy, from, to, { min: 0, max: 0 }, (choices) => {
      if (!this.#share(HOLD, 0, 0, choices, from, to, this.#policyChunk)) hold(choices, from, to);
    });
  }

  heldSweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void {
    if (this.#heldRows !== undefined) {
      this.#expectedPolicySweep(this.#heldRows, v, out, policy, from, to, change);
      return;
    }
    if (this.#layout.heldTarget === 0) {
      this.policySweep(v, out, policy, from, to, change);
      return;
    }
    const { heldSweep, HELD_SWEEP } = this.#operators;
    this.#operate(policy, from, to, change, (choices) => {
      const x = this.#in(v);
      this.#into([out], from, to, (first, end, [y = 0]) => {
        if (!this.#share(HELD_SWEEP, x, y, choices, first, end, this.#policyChunk)) heldSweep(x, y, choices, first, end);
      });
    });
  }

  /** The expectations of the policy's rows first, with the first slice of a sweep: most rows serve many states. */
  #expectedPolicySweep(rows: HeldRows, v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void {
    const { listedExpectations, expectedPolicySweep, LISTED_EXPECTATIONS, EXPECTED_POLICY_SWEEP } = this.#operators;
    this.#operate(policy, from, to, change, (choices) => {
      const x = this.#in(v);
      const goesOn = from > 0 && from === this.#listed?.to && v === this.#listed.v;
      this.#listed = { v, to };
      this.#expected = undefined;
      const { address, length } = rows;
      if (!goesOn && !this.#share(LISTED_EXPECTATIONS, x, 0, address, 0, length, this.#rowChunk)) listedExpectations(address, x, 0, length);
      this.#into([out], from, to, (first, end, [y = 0]) => {
        if (!this.#share(EXPECTED_POLICY_SWEEP, x, y, choices, first, end, this.#policyChunk)) expectedPolicySweep(x, y, choices, first, end);
      });
    });
  }

  gaussSeidel(v: Float64Array, policy: Int32Array, from: number, to: number, change: Change, backwards: boolean): void {
    this.#operate(policy, from, to, change, (choices) => {
      this.#operators.gaussSeidel(this.#in(v), choices, from, to, backwards ? 1 : 0);
      if (v.buffer !== this.#buffer) v.set(this.#slot(VECTORS).subarray(from, to), from);
    });
  }

  policyGaussSeidel(v: Float64Array, policy: Int32Array, from: number, to: number, change: Change, backwards: boolean): void {
    this.#operate(policy, from, to, change, (choices) => {
      this.#operators.policyGaussSeidel(this.#in(v), choices, from, to, backwards ? 1 : 0);
      if (v.buffer !== this.#buffer) v.set(this.#slot(VECTORS).subarray(from, to), from);
    });
  }

  q(v: Float64Array, out: Float64Array, from: number, to: number): void {
    const { stateChoices } = this.storage;
    const { choiceValues, CHOICE_VALUES } = this.#operators;
    const x = this.#in(v);
    const first = stateChoices[from]!;
    this.#expect(v, x, from, to);
    // As many states at a time as there is room for.
    for (let s = from; s < to; ) {
      let end = s + 1;
      while (end < to && stateChoices[end + 1]! - stateChoices[s]! <= this.#layout.qLength) end++;
      if (!this.#share(CHOICE_VALUES, x, this.#layout.q, 0, s, end, this.#chunk)) choiceValues(x, this.#layout.q, s, end);
      out.set(this.#q.subarray(0, stateChoices[end]! - stateChoices[s]!), stateChoices[s]! - first);
      s = end;
    }
  }

  greedyWithin(
    v: Float64Array,
    tolerance: number,
    best: Float64Array,
    chosen: Float64Array,
    policy: Int32Array,
    from: number,
    to: number,
    change: Change,
  ): void {
    const { greedyWithin, GREEDY_WITHIN, TASK } = this.#operators;
    const task = this.#layout.block + Number(TASK.value);
    this.#operate(policy, from, to, change, (choices) => {
      const x = this.#in(v);
      this.#expect(v, x, from, to);
      this.#into([best, chosen], from, to, (first, end, [y = 0, z = 0]) => {
        new Uint32Array(this.#buffer, task + 32, 1)[0] = z;
        new Float64Array(this.#buffer, task + 40, 1)[0] = tolerance;
        if (!this.#share(GREEDY_WITHIN, x, y, choices, first, end, this.#chunk)) greedyWithin(x, tolerance, y, z, choices, first, end);
      });
    });
  }

  release(): void {
    if (this.#placed.arena !== undefined) this.#placed.arena.busy = false;
  }

  /** Where rows serve many choices: their expectations under v, unless the slice before this one of the same sweep has left them. */
  #expect(v: Float64Array, at: number, from: number, to: number): void {
    if (this.#layout.rowExpectation === 0) return;
    const goesOn = from > 0 && from === this.#expected?.to && v === this.#expected.v;
    this.#expected = { v, to };
    this.#listed = undefined;
    if (goesOn) return;
    const { rowCount } = this.storage;
    if (!this.#share(this.#operators.EXPECTATIONS, at, 0, 0, 0, rowCount, this.#rowChunk)) this.#operators.expectations(at, 0, rowCount);
  }

  #helpedInAll(): number {
    return Atomics.load(new Int32Array(this.#buffer, this.#layout.block + Number(this.#operators.HELPED.value), 1), 0);
  }

  /** Shares an operator among the threads; false where it is too little to share. */
  #share(operator: WebAssembly.Global, v: number, out: number, policy: number, from: number, to: number, least: number): boolean {
    if (this.threads === 1) return false;
    const size = Math.max(1, least, Math.ceil((to - from) / this.#mostChunks));
    if (to - from <= size) return false;
    this.#callHelpers();
    this.#operators.share(operator.value, v, out, policy, from, to, size, platform.maySleep ? 1 : 0);
    return true;
  }

  #callHelpers(): void {
    if (this.threads > 1) callHelpers(this.threads - 1, this.#placed.memory, this.#layout.block);
  }

  /** Calls `work` with the address of the policy: a policy that lives outside is copied in and back, the slice swept only. */
  #operate(policy: Int32Array, from: number, to: number, change: Change, work: (choices: number) => void): void {
    const outside = policy.buffer !== this.#buffer;
    if (outside) this.#policy.set(policy.subarray(from, to), from);
    this.#operators.setChange(change.min, change.max);
    work(outside ? this.#layout.policy : policy.byteOffset);
    if (outside) policy.set(this.#policy.subarray(from, to), from);
    change.min = this.#operators.changeMin.value;
    change.max = this.#operators.changeMax.value;
  }

  #slot(k: number): Float64Array {
    return new Float64Array(this.#buffer, this.#layout.vectors + k * this.#layout.vectorBytes, this.storage.stateCount + 1);
  }

  /** The address of a vector whose numbers are needed: one that lies outside is copied in. */
  #in(v: Float64Array): number {
    if (v.buffer === this.#buffer) return v.byteOffset;
    const copy = this.#slot(VECTORS);
    copy.set(v);
    return copy.byteOffset;
  }

  /**
   * Calls `write` with where to write the entries from .. to of some vectors. For vectors that lie outside these are stretches of ours, addressed as if
   * the whole vector lay around them; what stands in the vectors is copied in first, since not every entry need be written.
   */
  #into(vectors: readonly Float64Array[], from: number, to: number, write: (from: number, to: number, addresses: readonly number[]) => void): void {
    if (vectors.every((vector) => vector.buffer === this.#buffer)) {
      write(
        from,
        to,
        vectors.map((vector) => vector.byteOffset),
      );
      return;
    }
    const { staged, stagedLength } = this.#layout;
    const stretches = vectors.map((_, k) => new Float64Array(this.#buffer, staged + 8 * stagedLength * k, stagedLength));
    for (let first = from; first < to; first += stagedLength) {
      const end = Math.min(to, first + stagedLength);
      for (const [k, vector] of vectors.entries()) stretches[k]?.set(vector.subarray(first, end));
      write(
        first,
        end,
        stretches.map((stretch) => stretch.byteOffset - 8 * first),
      );
      for (const [k, vector] of vectors.entries()) vector.set(stretches[k]?.subarray(0, end - first) ?? [], first);
    }
  }
}
