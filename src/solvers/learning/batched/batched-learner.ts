// The reference of batched Q-learning: what any device does with E environments in step, as plain loops over integers.
import { multiplyHigh, philox4x32 } from "../../../numeric/index.ts";
import { LARGEST, scaled } from "./fixed-point.ts";
import { AS_CHOICE, type SamplingModel } from "./sampling-model.ts";

/** What the four words of a draw are for, by the last word of the counter. */
export const DRAW_STEP = 0;
export const DRAW_START = 1;

export interface BatchedRule {
  readonly envs: number;
  /** Steps after which an episode is cut off; 0 for none. */
  readonly maxSteps: number;
  /** The discount as a fraction of 2^31. */
  readonly discount: number;
  /** Learning rates by updates of the choice so far, as fractions of 2^31; the last one holds from there on. */
  readonly rates: Uint32Array;
  /** The key of all draws. */
  readonly key: readonly [number, number];
}

/** Tables and environments; plain arrays, so that a device's can be compared word by word. */
export interface BatchedState {
  /** C values in units. */
  readonly q: Int32Array;
  /** C counts of updates. */
  readonly updates: Uint32Array;
  /** E states, and steps of the episode. */
  readonly state: Int32Array;
  readonly elapsed: Int32Array;
  /** Synchronous steps so far. */
  step: number;
  episodes: number;
}

/** Advances all environments by some synchronous steps. */
export interface BatchedLearner {
  readonly device: string;
  /** `cuts[i]`: in the i-th of these steps an environment explores where its draw is below it; 2^32 - 1 at most. */
  advance(cuts: Uint32Array): Promise<void>;
  /** The tables as they are now. */
  read(): Promise<BatchedState>;
  release(): void;
}

/** The plain TypeScript learner: every other device is compared with it, bit by bit. */
export class CpuBatchedLearner implements BatchedLearner {
  readonly device = "cpu";
  readonly #model: SamplingModel;
  readonly #rule: BatchedRule;
  readonly #state: BatchedState;
  readonly #draws = new Uint32Array(4);
  /** By choice: environments that took it in this step, and the sum of their errors. */
  readonly #takers: Int32Array;
  readonly #errors: Float64Array;
  /** The choices taken in this step. */
  readonly #touched: Int32Array;

  constructor(model: SamplingModel, rule: BatchedRule, initialQ: Int32Array) {
    this.#model = model;
    this.#rule = rule;
    this.#state = {
      q: initialQ.slice(),
      updates: new Uint32Array(model.choiceCount),
      state: new Int32Array(rule.envs),
      elapsed: new Int32Array(rule.envs),
      step: 0,
      episodes: 0,
    };
    this.#takers = new Int32Array(model.choiceCount);
    this.#errors = new Float64Array(model.choiceCount);
    this.#touched = new Int32Array(Math.min(rule.envs, model.choiceCount));
    for (let e = 0; e < rule.envs; e++) this.#state.state[e] = this.#startState(0, e);
  }

  async advance(cuts: Uint32Array): Promise<void> {
    for (const cut of cuts) this.#step(cut);
  }

  async read(): Promise<BatchedState> {
    return this.#state;
  }

  release(): void {
    // Nothing is held but ordinary arrays.
  }

  /** One step of every environment by the same Q, then one update of every choice taken, by the mean of its errors. */
  #step(cut: number): void {
    const { q, updates, state, elapsed } = this.#state;
    const { envs, discount, maxSteps } = this.#rule;
    const model = this.#model;
    const t = this.#state.step;
    let touched = 0;
    for (let e = 0; e < envs; e++) {
      this.#draw(t, e, DRAW_STEP);
      const s = state[e]!;
      const c = this.#choose(s, cut);
      const branch = this.#branchOf(c);
      const next = model.next[branch]!;
      let target = model.reward[c]!;
      const own = model.branchReward === undefined ? AS_CHOICE : model.branchReward[branch]!;
      if (own !== AS_CHOICE) target = own;
      if (next >= 0) target += scaled(this.#best(next), discount);
      target = Math.max(-LARGEST, Math.min(LARGEST, target));
      if (this.#takers[c] === 0) this.#touched[touched++] = c;
      this.#takers[c]!++;
      this.#errors[c]! += target - q[c]!;
      const steps = elapsed[e]! + 1;
      if (next < 0 || steps === maxSteps) {
        this.#state.episodes++;
        state[e] = this.#startState(t + 1, e);
        elapsed[e] = 0;
      } else {
        state[e] = next;
        elapsed[e] = steps;
      }
    }
    for (let i = 0; i < touched; i++) {
      const c = this.#touched[i]!;
      // Floored: the division of exact integers, as a device does it.
      const mean = Math.floor(this.#errors[c]! / this.#takers[c]!);
      q[c] = q[c]! + scaled(mean, this.#rateAt(updates[c]!));
      updates[c]!++;
      this.#takers[c] = 0;
      this.#errors[c] = 0;
    }
    this.#state.step++;
  }

  #draw(t: number, e: number, use: number): void {
    const [k0, k1] = this.#rule.key;
    philox4x32(t, Math.floor(t / 4294967296), e, use, k0, k1, this.#draws);
  }

  #startState(t: number, e: number): number {
    this.#draw(t, e, DRAW_START);
    const { state, threshold, alias } = this.#model.start;
    const k = multiplyHigh(this.#draws[0]!, state.length);
    return state[this.#draws[1]! < threshold[k]! ? k : alias[k]!]!;
  }

  /** Any choice alike where the first word is below the cut, else one of the best alike; the second word picks. */
  #choose(s: number, cut: number): number {
    const { stateChoices } = this.#model;
    const from = stateChoices[s]!;
    const to = stateChoices[s + 1]!;
    const [explore, pick] = [this.#draws[0]!, this.#draws[1]!];
    if (explore < cut) return from + multiplyHigh(pick, to - from);
    const { q } = this.#state;
    let best = q[from]!;
    let ties = 1;
    for (let c = from + 1; c < to; c++) {
      if (q[c]! > best) {
        best = q[c]!;
        ties = 1;
      } else if (q[c] === best) ties++;
    }
    let skip = multiplyHigh(pick, ties);
    let c = from;
    while (q[c]! < best || skip-- > 0) c++;
    return c;
  }

  /** The third word is the alias table's column, the fourth its coin. */
  #branchOf(c: number): number {
    const { firstBranch, branchCount, threshold, alias } = this.#model;
    const k = firstBranch[c]! + multiplyHigh(this.#draws[2]!, branchCount[c]!);
    return this.#draws[3]! < threshold[k]! ? k : alias[k]!;
  }

  #best(s: number): number {
    const { stateChoices } = this.#model;
    const { q } = this.#state;
    let best = q[stateChoices[s]!]!;
    for (let c = stateChoices[s]! + 1; c < stateChoices[s + 1]!; c++) if (q[c]! > best) best = q[c]!;
    return best;
  }

  #rateAt(updates: number): number {
    const { rates } = this.#rule;
    return rates[Math.min(updates, rates.length - 1)]!;
  }
}
