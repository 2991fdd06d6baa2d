// The transitions a deep learner remembers: the newest ones, in flat arrays, drawn from at random.
// Source: Lin, "Self-improving reactive agents based on reinforcement learning, planning and teaching" (1992); Mnih et al. (2015).
import type { Rng } from "../numeric/index.ts";

/** Transitions drawn together. The arrays are reused by the next draw. */
export interface Batch {
  /** batch × observationSize numbers. */
  readonly observation: Float32Array;
  readonly next: Float32Array;
  readonly action: Int32Array;
  /** The rewards up to `next`, discounted and added up. */
  readonly reward: Float32Array;
  /** What a value of `next` counts: γ^n after n steps, 0 where the episode ended. */
  readonly ahead: Float32Array;
  /** batch × actions flags, 1 where the next observation offers the action; undefined where all always are. */
  readonly feasible: Uint8Array | undefined;
}

export class ReplayBuffer {
  readonly capacity: number;
  readonly #width: number;
  readonly #actions: number;
  readonly #observation: Float32Array;
  readonly #next: Float32Array;
  readonly #action: Int32Array;
  readonly #reward: Float32Array;
  readonly #ahead: Float32Array;
  readonly #feasible: Uint8Array | undefined;
  #size = 0;
  #newest = -1;

  /** @param masked whether feasible actions are kept beside each transition. */
  constructor(capacity: number, width: number, actions: number, masked: boolean) {
    this.capacity = capacity;
    this.#width = width;
    this.#actions = actions;
    this.#observation = new Float32Array(capacity * width);
    this.#next = new Float32Array(capacity * width);
    this.#action = new Int32Array(capacity);
    this.#reward = new Float32Array(capacity);
    this.#ahead = new Float32Array(capacity);
    this.#feasible = masked ? new Uint8Array(capacity * actions) : undefined;
  }

  /** How many transitions are remembered. */
  get size(): number {
    return this.#size;
  }

  /** Remembers a transition; the oldest one is forgotten where there is no room. */
  add(observation: Float32Array, action: number, reward: number, next: Float32Array, ahead: number, feasible: Uint8Array | undefined): void {
    const at = (this.#newest + 1) % this.capacity;
    this.#newest = at;
    if (this.#size < this.capacity) this.#size++;
    this.#observation.set(observation, at * this.#width);
    this.#next.set(next, at * this.#width);
    this.#action[at] = action;
    this.#reward[at] = reward;
    this.#ahead[at] = ahead;
    // Where nothing follows the mask is not looked at, but a maximum over no action at all must not be taken.
    if (this.#feasible !== undefined) {
      if (ahead === 0 || feasible === undefined) this.#feasible.fill(1, at * this.#actions, (at + 1) * this.#actions);
      else this.#feasible.set(feasible, at * this.#actions);
    }
  }

  /** Room for batches of one size. */
  room(batchSize: number): Batch {
    return {
      observation: new Float32Array(batchSize * this.#width),
      next: new Float32Array(batchSize * this.#width),
      action: new Int32Array(batchSize),
      reward: new Float32Array(batchSize),
      ahead: new Float32Array(batchSize),
      feasible: this.#feasible === undefined ? undefined : new Uint8Array(batchSize * this.#actions),
    };
  }

  /** Fills a batch with transitions drawn alike, with replacement. */
  draw(batch: Batch, rng: Rng): void {
    const width = this.#width;
    for (let i = 0; i < batch.action.length; i++) {
      const at = rng.below(this.#size);
      batch.observation.set(this.#observation.subarray(at * width, (at + 1) * width), i * width);
      batch.next.set(this.#next.subarray(at * width, (at + 1) * width), i * width);
      batch.action[i] = this.#action[at]!;
      batch.reward[i] = this.#reward[at]!;
      batch.ahead[i] = this.#ahead[at]!;
      batch.feasible?.set(this.#feasible?.subarray(at * this.#actions, (at + 1) * this.#actions) ?? [], i * this.#actions);
    }
  }
}
