// Q-learning in WebAssembly: slices of the loop's steps, taken up where the loop stands and left where it would.
import type { ModelEnv } from "../../../envs/index.ts";
import { arrivalOf } from "../../../mdp/index.ts";
import type { Rng } from "../../../numeric/index.ts";
import type { Schedule } from "../../../policies/index.ts";
import type { Clock } from "../agent.ts";
import type { Tally } from "../tally.ts";
import { type ModelMemory, noneBeyond, noneNegative, noneUndefined, SCHEDULED_STEPS } from "./model-memory.ts";

/** The rule that is followed, of parts known to the compiled code. */
export interface Rule {
  /** C starting values, oriented. */
  readonly q: Float64Array;
  readonly discount: number;
  /** 1, or -1 where rewards are to be minimised. */
  readonly sign: number;
  /** How often any choice is taken; undefined for a greedy explorer, which draws nothing for it. */
  readonly epsilon: Schedule | undefined;
  readonly epsilonVaries: boolean;
  readonly tiesAtRandom: boolean;
  readonly rate: Schedule;
  readonly rateVaries: boolean;
  /** The scale of a harmonic rate, else 0. */
  readonly harmonic: number;
}

/** One of 2^32 draws: probabilities are compared in this unit. */
const DRAWS = 4294967296;

/** Where the float64 registers begin, and the int32 ones for choice and branch. */
const NUMBERS = 40;
const CHOICE = 8;
const BRANCH = 9;

/** The compiled learner of one run. Its tables are the run's own until `release`. */
export class CompiledQLearning<S, A> {
  /** C values, oriented, and C counts. */
  readonly q: Float64Array;
  readonly visits: Float64Array;
  private readonly env: ModelEnv<S, A>;
  private readonly memory: ModelMemory;
  private readonly rule: Rule;
  private readonly words: Int32Array;
  private readonly numbers: Float64Array;
  private readonly cuts: Float64Array;
  private readonly rates: Float64Array;
  private checked = false;
  private usable = true;

  constructor(env: ModelEnv<S, A>, memory: ModelMemory, rule: Rule) {
    memory.busy = true;
    this.env = env;
    this.memory = memory;
    this.rule = rule;
    this.q = memory.q;
    this.visits = memory.visits;
    this.q.set(rule.q);
    this.visits.fill(0);
    memory.exports.setRule(rule.discount, rule.sign, env.maxSteps, rule.harmonic, rule.epsilon !== undefined, rule.tiesAtRandom);
    this.words = new Int32Array(memory.buffer, memory.registers, NUMBERS / 4);
    this.numbers = new Float64Array(memory.buffer, memory.registers + NUMBERS, 6);
    this.cuts = new Float64Array(memory.buffer, memory.cuts, SCHEDULED_STEPS + 1);
    this.rates = new Float64Array(memory.buffer, memory.rates, SCHEDULED_STEPS);
  }

  /** See `CompiledSteps`. */
  advance(tally: Tally, steps: number, untilEpisode: number, clock: Clock, rng: Rng): boolean {
    const { env, memory, words, numbers } = this;
    const { storage } = env.mdp;
    const before = env.save();
    if (!this.canGoOn(before.state, tally.choice)) return false;
    const running = tally.choice < 0 ? 0 : 1;
    words.set(rng.state);
    words.set(before.rng, 4);
    words[CHOICE] = tally.choice;
    words[BRANCH] = -1;
    numbers.set([before.elapsed, tally.reward, tally.length, tally.windowReward, tally.windowLength]);

    const { cutStride, rateStride } = this.strides();
    let left = steps;
    let ended = 0;
    while (left > 0 && tally.episodes + ended < untilEpisode) {
      const n = Math.min(left, SCHEDULED_STEPS);
      this.schedule(clock.step, n);
      const done = memory.exports.run(memory.registers, n, untilEpisode - tally.episodes - ended, memory.cuts, cutStride, memory.rates, rateStride);
      clock.step += done;
      left -= done;
      ended += numbers[5]!;
    }

    const choice = words[CHOICE]!;
    const branch = words[BRANCH]!;
    rng.state = [words[0]!, words[1]!, words[2]!, words[3]!];
    env.restore({
      state: choice < 0 ? -1 : storage.target[branch]!,
      elapsed: numbers[0]!,
      entered: arrivalOf(storage, branch),
      rng: [words[4]!, words[5]!, words[6]!, words[7]!],
    });
    // An episode that began has ended or is under way.
    tally.resets += ended + (choice < 0 ? 0 : 1) - running;
    tally.episodes += ended;
    tally.windowEpisodes += ended;
    tally.choice = choice;
    tally.reward = numbers[1]!;
    tally.length = numbers[2]!;
    tally.windowReward = numbers[3]!;
    tally.windowLength = numbers[4]!;
    return true;
  }

  /** Lets another run have the memory. */
  release(): void {
    this.memory.busy = false;
  }

  /** Not where somebody else moved the environment, nor from resumed tables with numbers that could become infinite or undefined. */
  private canGoOn(state: number, choice: number): boolean {
    if (!this.checked) {
      this.checked = true;
      this.usable = noneBeyond(this.q) && noneUndefined(this.q) && noneNegative(this.visits);
    }
    const { stateChoices } = this.env.choices;
    return this.usable && (choice < 0 || (state >= 0 && stateChoices[state]! <= choice && choice < stateChoices[state + 1]!));
  }

  private strides(): { readonly cutStride: number; readonly rateStride: number } {
    return { cutStride: this.rule.epsilonVaries ? 8 : 0, rateStride: this.rule.rateVaries ? 8 : 0 };
  }

  /** Writes out the schedules of the `n` steps after step `from`, and of the choice that follows them. */
  private schedule(from: number, n: number): void {
    const { epsilon, epsilonVaries, rate, rateVaries, harmonic } = this.rule;
    if (epsilon !== undefined) for (let i = 0; i <= (epsilonVaries ? n : 0); i++) this.cuts[i] = epsilon(from + i, 1) * DRAWS;
    if (harmonic === 0) for (let i = 0; i < (rateVaries ? n : 1); i++) this.rates[i] = rate(from + i, 1);
  }
}
