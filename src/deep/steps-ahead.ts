// Multi-step targets: a transition is remembered with the rewards of its next n steps, and the observation after them.
// Source: Sutton and Barto, section 7.1; in deep Q-learning: Hessel et al., "Rainbow" (2018).
import type { ObservationStep } from "../envs/index.ts";
import type { ReplayBuffer } from "./replay-buffer.ts";

/** The last few steps of one environment, until they have gone on long enough to be remembered. */
export class StepsAhead {
  readonly #replay: ReplayBuffer;
  readonly #width: number;
  /** γ^0, ..., γ^n. */
  readonly #power: Float64Array;
  /** Room for n steps, the oldest at `#first`. */
  readonly #observation: Float32Array;
  readonly #action: Int32Array;
  readonly #total: Float64Array;
  #first = 0;
  #count = 0;

  constructor(replay: ReplayBuffer, width: number, n: number, discount: number) {
    this.#replay = replay;
    this.#width = width;
    this.#power = Float64Array.from({ length: n + 1 }, (_, k) => discount ** k);
    this.#observation = new Float32Array(n * width);
    this.#action = new Int32Array(n);
    this.#total = new Float64Array(n);
  }

  /** Takes down a step: what was seen, what was done, and what came of it. An episode's end brings all steps under way to memory. */
  add(observation: Float32Array, action: number, reward: number, after: ObservationStep): void {
    const n = this.#action.length;
    const place = (this.#first + this.#count) % n;
    this.#observation.set(observation, place * this.#width);
    this.#action[place] = action;
    this.#total[place] = 0;
    this.#count++;
    for (let k = 0; k < this.#count; k++) this.#total[(this.#first + k) % n]! += this.#power[this.#count - 1 - k]! * reward;
    const over = after.terminated || after.truncated;
    while (this.#count > 0 && (over || this.#count === n)) this.#remember(after);
  }

  /** Hands the oldest step over. */
  #remember(after: ObservationStep): void {
    const at = this.#first;
    const observation = this.#observation.subarray(at * this.#width, (at + 1) * this.#width);
    const ahead = after.terminated ? 0 : this.#power[this.#count]!;
    this.#replay.add(observation, this.#action[at]!, this.#total[at]!, after.observation, ahead, after.feasible);
    this.#first = (at + 1) % this.#action.length;
    this.#count--;
  }
}
