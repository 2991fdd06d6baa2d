// The WebGPU kernel: the model stays on the GPU in slabs, one fused program a slab and operator, values never leave unless read.
import { BackendError } from "../../../errors.ts";
import type { Storage } from "../../../mdp/index.ts";
import { cutIntoSlabs, type Slab } from "../slabs.ts";
import type { TensorKernel, TensorKernelOptions } from "../tensor-kernel.ts";
import { onBackend, type TensorLike, type Tfjs } from "../tfjs.ts";
import { isWebGpuBackend, type WebGpuBackend } from "./backend.ts";
import { WORKGROUP } from "./programs.ts";
import { type ChangeAttributes, registerBellmanKernels, type SlabAttributes, type SlabCall } from "./register.ts";

/** Longer arrays are cut, whatever the device allows: positions are int32. */
const LONGEST_BINDING = 2 ** 30;

/** Workgroups that share a reduction over the states, at most. */
const MOST_PARTS = 1024;

/** A slab on the device. */
interface Placed {
  readonly slab: Slab;
  readonly target: TensorLike;
  readonly probability: TensorLike | undefined;
  readonly items: TensorLike | undefined;
  readonly rowStart: TensorLike | undefined;
  /** The discounts, then the rewards of its choices. */
  reward: TensorLike | undefined;
}

/**
 * Places a model on the GPU.
 *
 * @param storage the compiled model, its rewards to be maximised.
 * @param tf tfjs with its WebGPU backend started (see `startWebGpu`).
 * @throws BackendError where it does not fit the device.
 */
export function webGpuKernel(tf: Tfjs, storage: Storage, discount: number, options: TensorKernelOptions = {}): TensorKernel {
  const backend = tf.findBackend("webgpu");
  if (!isWebGpuBackend(backend)) throw new BackendError("tfjs has no WebGPU backend started, expected one.", { hint: 'await tf.setBackend("webgpu") first.' });
  registerBellmanKernels(tf);
  return new WebGpuKernel(tf, backend, storage, discount, options);
}

class WebGpuKernel implements TensorKernel {
  readonly device = "webgpu";
  readonly backend = "webgpu";
  readonly tf: Tfjs;
  readonly stateCount: number;
  readonly choiceCount: number;
  readonly batch: number;
  readonly evaluatesCheaply: boolean;
  readonly #gpu: WebGpuBackend;
  readonly #discounts: Float32Array;
  readonly #rowCount: number;
  /** States with their choices; and, where rows are shared, the rows. */
  readonly #states: readonly Placed[];
  readonly #rows: readonly Placed[];
  readonly #shared: boolean;
  #columns = 1;
  /** What went wrong on the device since it was last asked. */
  #faults: Promise<{ readonly message: string } | null>[] = [];
  #lost: BackendError | undefined;
  readonly #failure: Promise<never>;
  /** Programs that have run once: what the device refuses, it refuses the first time. */
  readonly #seen = new Set<string>();
  /** Arrays have been handed over that are not on the device yet. */
  #uploading = true;

  constructor(tf: Tfjs, gpu: WebGpuBackend, storage: Storage, discount: number, { batch = 1, discounts, bindingLimit = Infinity }: TensorKernelOptions) {
    this.tf = tf;
    this.#gpu = gpu;
    this.stateCount = storage.stateCount;
    this.choiceCount = storage.choiceCount;
    this.batch = batch;
    this.#rowCount = storage.rowCount;
    this.#discounts = Float32Array.from(discounts ?? new Array<number>(batch).fill(discount));
    this.#failure = gpu.device.lost.then(({ reason, message }) => {
      this.#lost = new BackendError(`the GPU was lost (${reason}${message === "" ? "" : `: ${message}`}) during a solve.`, { details: { reason: "lost" } });
      forgetBackend(tf, gpu);
      throw this.#lost;
    });
    // Who reads is told; where nobody reads any more, nothing went wrong.
    this.#failure.catch(() => undefined);
    const limit = Math.min(bindingLimit, gpu.device.limits.maxStorageBufferBindingSize, gpu.device.limits.maxBufferSize, LONGEST_BINDING);
    const { stateCount, stateChoices, choiceRow, rowBranches, target, probability, rowCount } = storage;
    this.#shared = choiceRow !== undefined;
    this.evaluatesCheaply = !this.#shared;
    for (const [what, count] of [
      ["states", stateCount],
      ["rows", this.#shared ? rowCount : 0],
    ] as const) {
      if (4 * count * batch > limit)
        throw new BackendError(`${count} ${what} times ${batch} values need an array of ${4 * count * batch} bytes, the device binds ${limit} at most.`, {
          hint: 'use device: "auto".',
        });
    }
    const rows = { rowBranches, target, probability, ended: stateCount };
    const placed: Placed[] = [];
    if (choiceRow === undefined) {
      for (const slab of cutIntoSlabs({ ...rows, itemCount: stateCount, itemRows: stateChoices }, limit, batch === 1)) placed.push(this.#place(slab, false));
      this.#rows = [];
    } else {
      // A choice is a row of one branch that leads to the row it shares.
      const single = Int32Array.from({ length: storage.choiceCount + 1 }, (_, c) => c);
      const choices = { itemCount: stateCount, itemRows: stateChoices, rowBranches: single, target: choiceRow, probability: NO_NUMBERS, ended: Infinity };
      for (const slab of cutIntoSlabs(choices, limit, false)) placed.push(this.#place(slab, true));
      this.#rows = cutIntoSlabs({ ...rows, itemCount: rowCount, itemRows: undefined }, limit, batch === 1).map((slab) => this.#place(slab, false));
    }
    this.#states = placed;
    this.setReward(storage.reward);
  }

  values(from?: Float64Array): TensorLike {
    const { stateCount, batch } = this;
    return this.#tensor(from === undefined ? new Float32Array(stateCount * batch) : Float32Array.from(from), this.#shape(stateCount));
  }

  setReward(reward: Float64Array, scale = 1): void {
    const { batch } = this;
    const columns = reward.length / this.choiceCount;
    this.#columns = columns;
    for (const placed of this.#states) {
      const from = placed.slab.firstRow * columns;
      const to = from + placed.slab.rowCount * columns;
      const numbers = new Float32Array(batch + to - from);
      numbers.set(this.#discounts);
      for (let i = from; i < to; i++) numbers[batch + i - from] = reward[i]! * scale;
      placed.reward?.dispose();
      placed.reward = this.#tensor(numbers, [numbers.length]);
    }
  }

  sweep(v: TensorLike, shift = 0): TensorLike {
    return this.#operate("MdpkitSweep", this.stateCount, { v }, shift);
  }

  q(v: TensorLike): TensorLike {
    return this.#operate("MdpkitQ", this.choiceCount, { v }, 0);
  }

  greedy(v: TensorLike, incumbent?: TensorLike): TensorLike {
    return this.#operate("MdpkitGreedy", this.stateCount, incumbent === undefined ? { v } : { v, incumbents: incumbent }, 0);
  }

  policySweep(v: TensorLike, policy: TensorLike, shift = 0): TensorLike {
    return this.#operate("MdpkitPolicySweep", this.stateCount, { v, incumbents: policy }, shift);
  }

  change(v: TensorLike, next: TensorLike): TensorLike {
    const { stateCount, batch } = this;
    const parts = Math.min(MOST_PARTS, Math.ceil(stateCount / WORKGROUP));
    const pairs = (count: number): number[] => (batch === 1 ? [2 * count] : [2 * count, batch]);
    const all: ChangeAttributes = { count: stateCount, batch, parts, outputShape: pairs(parts) };
    const partial = this.#run("MdpkitChange", { v, next }, all);
    if (parts === 1) return partial;
    const total: ChangeAttributes = { count: parts, batch, parts: 1, outputShape: pairs(1) };
    const change = this.#run("MdpkitChangeAgain", { v: partial }, total);
    partial.dispose();
    return change;
  }

  async read(tensor: TensorLike): Promise<Float32Array | Int32Array> {
    const numbers = await Promise.race([tensor.data(), this.#failure]).catch((error: unknown) => {
      throw asFailure(error);
    });
    const fault = (await Promise.all(this.#faults.splice(0))).find((found) => found !== null);
    if (fault != null) throw new BackendError(`the GPU refused the model: ${fault.message}`, { details: { reason: "refused" } });
    if (!(numbers instanceof Float32Array || numbers instanceof Int32Array)) throw new BackendError("a tensor of values holds no numbers.");
    return numbers;
  }

  dispose(): void {
    for (const { target, probability, items, rowStart, reward } of [...this.#states, ...this.#rows]) {
      for (const tensor of [target, probability, items, rowStart, reward]) tensor?.dispose();
    }
  }

  #shape(count: number): number[] {
    return this.batch === 1 ? [count] : [count, this.batch];
  }

  #tensor(numbers: Float32Array | Int32Array, shape: number[]): TensorLike {
    this.#uploading = true;
    return onBackend(this.tf, this.backend, () => this.tf.tensor(numbers, shape, numbers instanceof Int32Array ? "int32" : "float32"));
  }

  #place(slab: Slab, shared: boolean): Placed {
    const { items, rowStart, target, probability, width } = slab;
    const fixed = width > 0;
    const place = (numbers: Float32Array | Int32Array) => this.#tensor(numbers, [numbers.length]);
    return {
      // Without its arrays: they need not stay in memory twice.
      slab: { ...slab, items: NO_OFFSETS, rowStart: NO_OFFSETS, target: NO_OFFSETS, probability: NO_FLOATS },
      target: place(target),
      probability: shared ? undefined : place(probability),
      items: fixed ? undefined : place(items),
      rowStart: fixed || shared ? undefined : place(rowStart),
      reward: undefined,
    };
  }

  #operate(kernel: string, count: number, given: Readonly<Record<string, TensorLike>>, shift: number): TensorLike {
    const { v, ...rest } = given;
    if (!this.#shared) return this.#runOver(this.#states, kernel, this.#shape(count), given, shift, false);
    const expected = this.#runOver(this.#rows, "MdpkitExpectation", this.#shape(this.#rowCount), v === undefined ? {} : { v }, 0, false);
    const result = this.#runOver(this.#states, kernel, this.#shape(count), { expected, ...rest }, shift, true);
    expected.dispose();
    return result;
  }

  /** Runs a kernel over slabs, each with its own arrays and what all are given. */
  #runOver(
    placed: readonly Placed[],
    kernel: string,
    outputShape: number[],
    given: Readonly<Record<string, TensorLike>>,
    shift: number,
    shared: boolean,
  ): TensorLike {
    const inputs: Record<string, TensorLike> = { ...given };
    const calls: SlabCall[] = placed.map(({ slab, target, probability, items, rowStart, reward }, k) => {
      const variables: Record<string, string> = Object.fromEntries(Object.keys(given).map((name) => [name, name]));
      // A program is given what it reads, and nothing else: a policy's choice has its shared row, whichever item it belongs to.
      const read = { items: shared && kernel === "MdpkitPolicySweep" ? undefined : items, rowStart, target_: target, probability, reward };
      for (const [variable, tensor] of Object.entries(read)) {
        if (tensor === undefined) continue;
        variables[variable] = `${variable}${k}`;
        inputs[`${variable}${k}`] = tensor;
      }
      const { firstItem, itemCount, firstRow, rowsEach, width, lanes } = slab;
      const uniforms = { firstItem, itemCount, firstRow, rowsEach, width, lanes, batch: this.batch, columns: this.#columns, shift };
      return { shape: { fixed: width > 0, shared }, variables, uniforms };
    });
    const attributes: SlabAttributes = { outputShape, calls };
    return this.#run(kernel, inputs, attributes);
  }

  #run(kernel: string, inputs: Record<string, TensorLike>, attributes: object): TensorLike {
    if (this.#lost !== undefined) throw this.#lost;
    const { device } = this.#gpu;
    const watched = this.#uploading || !this.#seen.has(kernel);
    this.#uploading = false;
    this.#seen.add(kernel);
    if (watched) for (const filter of ["validation", "out-of-memory"] as const) device.pushErrorScope(filter);
    try {
      return onBackend(this.tf, this.backend, () => this.tf.engine().runKernel(kernel, inputs, attributes) as TensorLike);
    } catch (error) {
      throw asFailure(error);
    } finally {
      if (watched) this.#faults.push(device.popErrorScope(), device.popErrorScope());
    }
  }
}

/** A backend whose device is gone is of no use: the next who asks for WebGPU gets a new one. */
function forgetBackend(tf: Tfjs, gpu: WebGpuBackend): void {
  const factory = tf.findBackendFactory("webgpu");
  if (tf.findBackend("webgpu") !== gpu || factory === undefined) return;
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", factory);
}

/** Whatever tfjs or the device throw is a failure of the device. */
function asFailure(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  return new BackendError(`the GPU failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error, details: { reason: "failed" } });
}

const NO_NUMBERS = new Float64Array(0);
const NO_FLOATS = new Float32Array(0);
const NO_OFFSETS = new Int32Array(0);
