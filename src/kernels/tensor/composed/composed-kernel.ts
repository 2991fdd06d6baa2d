// Bellman operators out of tfjs's own operations, on any backend: all but the sum over branches, which comes from outside.
import { BackendError } from "../../../errors.ts";
import type { Storage } from "../../../mdp/index.ts";
import type { TensorDevice, TensorKernel, TensorKernelOptions } from "../tensor-kernel.ts";
import { onBackend, type TensorLike, type Tfjs } from "../tfjs.ts";

/** Σ p v of every row: [R] or [R, B] of [S] or [S, B]. */
export interface Expectation {
  /** Called within a tidy. */
  of(v: TensorLike): TensorLike;
  dispose(): void;
}

export interface ComposedParts {
  readonly device: TensorDevice;
  readonly backend: string;
  readonly expectation: Expectation;
}

/** Less than any value, and finite: WebGL need not have infinities. */
const NEVER = -3e38;

/** @param storage the compiled model, its rewards to be maximised. */
export function composedKernel(tf: Tfjs, storage: Storage, discount: number, parts: ComposedParts, options: TensorKernelOptions = {}): TensorKernel {
  return new ComposedKernel(tf, storage, discount, parts, options);
}

class ComposedKernel implements TensorKernel {
  readonly device: TensorDevice;
  readonly backend: string;
  readonly tf: Tfjs;
  readonly stateCount: number;
  readonly choiceCount: number;
  readonly batch: number;
  /** A policy's backup is a gather from all of Q. */
  readonly evaluatesCheaply = false;
  readonly #expectation: Expectation;
  /** [1] or [1, B]. */
  readonly #discount: TensorLike;
  readonly #choiceRow: TensorLike | undefined;
  /** [S, A]: the choices of each state, then the place of a number below all; of a terminal state the place of a zero. None where all have A choices. */
  readonly #places: TensorLike | undefined;
  /** [S] or [S, 1]: 1 where there are choices; and the first of them. */
  readonly #alive: TensorLike;
  readonly #firstChoice: TensorLike;
  /** What stands behind Q: [2] or [2, B]. */
  readonly #tail: TensorLike;
  #reward: TensorLike | undefined;

  constructor(tf: Tfjs, storage: Storage, discount: number, parts: ComposedParts, { batch = 1, discounts }: TensorKernelOptions) {
    const { stateCount, choiceCount, stateChoices, choiceRow } = storage;
    this.tf = tf;
    this.device = parts.device;
    this.backend = parts.backend;
    this.#expectation = parts.expectation;
    this.stateCount = stateCount;
    this.choiceCount = choiceCount;
    this.batch = batch;
    this.#discount = this.#tensor(Float32Array.from(discounts ?? new Array<number>(batch).fill(discount)), batch === 1 ? [1] : [1, batch]);
    this.#choiceRow = choiceRow === undefined ? undefined : this.#tensor(choiceRow, [choiceCount]);
    let widest = 1;
    for (let s = 0; s < stateCount; s++) widest = Math.max(widest, stateChoices[s + 1]! - stateChoices[s]!);
    const places = new Int32Array(stateCount * widest).fill(choiceCount);
    const alive = new Float32Array(stateCount);
    for (let s = 0; s < stateCount; s++) {
      const first = stateChoices[s]!;
      const end = stateChoices[s + 1]!;
      for (let c = first; c < end; c++) places[s * widest + c - first] = c;
      if (first === end) places[s * widest] = choiceCount + 1;
      else alive[s] = 1;
    }
    const alike = stateCount * widest === choiceCount;
    this.#places = alike ? undefined : this.#tensor(places, [stateCount, widest]);
    const byState = batch === 1 ? [stateCount] : [stateCount, 1];
    this.#alive = this.#tensor(alive, byState);
    this.#firstChoice = this.#tensor(stateChoices.slice(0, stateCount), byState);
    this.#tail = this.#tensor(
      Float32Array.from({ length: 2 * batch }, (_, i) => (i < batch ? NEVER : 0)),
      batch === 1 ? [2] : [2, batch],
    );
    this.setReward(storage.reward);
  }

  values(from?: Float64Array): TensorLike {
    const { stateCount, batch } = this;
    return this.#tensor(from === undefined ? new Float32Array(stateCount * batch) : Float32Array.from(from), batch === 1 ? [stateCount] : [stateCount, batch]);
  }

  setReward(reward: Float64Array, scale = 1): void {
    const columns = reward.length / this.choiceCount;
    const numbers = Float32Array.from(reward, (r) => Math.max(NEVER, r * scale));
    this.#reward?.dispose();
    this.#reward = this.#tensor(numbers, this.batch === 1 ? [this.choiceCount] : [this.choiceCount, columns]);
  }

  sweep(v: TensorLike, shift = 0): TensorLike {
    return this.#compute(() => this.#shifted(this.tf.max(this.#byState(this.#q(v)), 1), shift));
  }

  q(v: TensorLike): TensorLike {
    return this.#compute(() => this.#q(v));
  }

  greedy(v: TensorLike, incumbent?: TensorLike): TensorLike {
    const { tf } = this;
    return this.#compute(() => {
      const q = this.#q(v);
      const byState = this.#byState(q);
      const lowest = tf.add(tf.argMax(byState, 1), this.#firstChoice);
      const chosen = incumbent === undefined ? lowest : tf.where(tf.greaterEqual(this.#chosen(q, incumbent), tf.max(byState, 1)), incumbent, lowest);
      return tf.cast(tf.where(this.#isAlive(chosen), chosen, tf.fill(chosen.shape, -1, "int32")), "int32");
    });
  }

  policySweep(v: TensorLike, policy: TensorLike, shift = 0): TensorLike {
    return this.#compute(() => this.#shifted(this.#chosen(this.#q(v), policy), shift));
  }

  change(v: TensorLike, next: TensorLike): TensorLike {
    const { tf } = this;
    return this.#compute(() => {
      const d = tf.sub(next, v);
      return tf.stack([tf.min(d, 0), tf.max(d, 0)], 0);
    });
  }

  async read(tensor: TensorLike): Promise<Float32Array | Int32Array> {
    const numbers = await tensor.data();
    if (!(numbers instanceof Float32Array || numbers instanceof Int32Array)) throw new BackendError("a tensor of values holds no numbers.");
    return numbers;
  }

  dispose(): void {
    this.#expectation.dispose();
    for (const tensor of [this.#discount, this.#choiceRow, this.#places, this.#alive, this.#firstChoice, this.#tail, this.#reward]) tensor?.dispose();
  }

  #q(v: TensorLike): TensorLike {
    const { tf } = this;
    if (this.#reward === undefined) throw new BackendError("a kernel without rewards was asked for Q.");
    const byRow = this.#expectation.of(v);
    const byChoice = this.#choiceRow === undefined ? byRow : tf.gather(byRow, this.#choiceRow);
    return tf.add(this.#reward, tf.mul(this.#discount, byChoice));
  }

  #withTail(q: TensorLike): TensorLike {
    return this.tf.concat([q, this.#tail], 0);
  }

  /** Q as [S, A] or [S, A, B]. */
  #byState(q: TensorLike): TensorLike {
    const { tf, batch, stateCount } = this;
    if (this.#places !== undefined) return tf.gather(this.#withTail(q), this.#places);
    const width = this.choiceCount / stateCount;
    return tf.reshape(q, batch === 1 ? [stateCount, width] : [stateCount, width, batch]);
  }

  /** Q of a policy's choices. */
  #chosen(bare: TensorLike, policy: TensorLike): TensorLike {
    const { tf, batch, stateCount } = this;
    const q = this.#withTail(bare);
    const place = tf.where(tf.less(policy, tf.zerosLike(policy)), tf.fill(policy.shape, this.choiceCount + 1, "int32"), policy);
    if (batch === 1) return tf.gather(q, place);
    const lane = this.tf.tensor(
      Int32Array.from({ length: batch }, (_, b) => b),
      [1, batch],
      "int32",
    );
    const flat = tf.add(tf.mul(place, tf.fill([1, 1], batch, "int32")), lane);
    return tf.reshape(tf.gather(tf.reshape(q, [-1]), tf.reshape(flat, [-1])), [stateCount, batch]);
  }

  #isAlive(like: TensorLike): TensorLike {
    const { tf } = this;
    return tf.greater(tf.add(this.#alive, tf.zeros(like.shape)), tf.zeros(like.shape));
  }

  #shifted(v: TensorLike, shift: number): TensorLike {
    return shift === 0 ? v : this.tf.add(v, this.tf.mul(this.#alive, shift));
  }

  #tensor(numbers: Float32Array | Int32Array, shape: number[]): TensorLike {
    return onBackend(this.tf, this.backend, () => this.tf.tensor(numbers, shape, numbers instanceof Int32Array ? "int32" : "float32"));
  }

  #compute(work: () => TensorLike): TensorLike {
    try {
      return onBackend(this.tf, this.backend, () => this.tf.tidy(work));
    } catch (error) {
      if (error instanceof BackendError) throw error;
      throw new BackendError(`tfjs's ${this.backend} backend failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
        details: { reason: "failed" },
      });
    }
  }
}
