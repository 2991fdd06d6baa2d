// The one loop behind all learners: episodes of an environment, in slices that give way, with looks, limits and a state to resume.

import type { Env } from "../../envs/env.ts";
import { EnvProtocolError, FormatError, OptionError } from "../../errors.ts";
import type { Objective } from "../../mdp/index.ts";
import type { Rng, Seed } from "../../numeric/index.ts";
import { Pacer } from "../../platform/pacer.ts";
import type { Agent, Clock } from "./agent.ts";
import type { LearnHistoryEntry } from "./learn-history.ts";
import { type LearnerState, seedOf } from "./learner-state.ts";
import { checkCount, type Evaluate, type LearnStatus, type LoopOptions } from "./options.ts";
import { Tally } from "./tally.ts";

/** What one learner brings to the loop. */
export interface LoopPart<Snapshot> {
  readonly method: string;
  readonly agent: Agent;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Where it is to minimise, the agent sees negated rewards. */
  readonly objective: Objective;
  snapshot(steps: number, episodes: number): Snapshot;
  /** The same steps by other code, where there is any. */
  readonly compiled?: CompiledSteps | undefined;
}

/** Code that does what the loop, the environment and the agent do together. */
export interface CompiledSteps {
  /**
   * Makes at most `steps` steps (one at least), fewer if the episode count reaches `untilEpisode`, and leaves environment,
   * tables, tally, clock and stream as the loop would. False where it cannot, having done nothing: then the loop makes them.
   */
  advance(tally: Tally, steps: number, untilEpisode: number, clock: Clock, rng: Rng): boolean;
}

export interface LoopResult {
  readonly status: LearnStatus;
  readonly steps: number;
  readonly episodes: number;
  readonly seconds: number;
  readonly history: readonly LearnHistoryEntry[];
  readonly state: LearnerState;
}

/** A slice of steps is made longer or shorter until it takes about this many milliseconds. */
const SLICE_MS = 5;
const MAX_SLICE = 16384;

/** So many episodes in a row that end before their first step are taken for a broken environment. */
const MAX_EMPTY_EPISODES = 1000;

/** Without an evaluation the history has about this many entries. */
const HISTORY_POINTS = 100;

export async function runLoop<S, A, Snapshot>(env: Env<S, A>, part: LoopPart<Snapshot>, options: LoopOptions<Snapshot>): Promise<LoopResult> {
  const loop = new Loop(env, part, options);
  const status = await loop.run();
  return { status, steps: part.clock.step, episodes: loop.tally.episodes, seconds: loop.seconds, history: loop.history.slice(), state: loop.save() };
}

class Loop<S, A, Snapshot> {
  readonly history: LearnHistoryEntry[] = [];
  readonly tally: Tally = new Tally();
  private readonly env: Env<S, A>;
  private readonly part: LoopPart<Snapshot>;
  private readonly options: LoopOptions<Snapshot>;
  private readonly evaluate: Evaluate<Snapshot>;
  private readonly seed: Seed;
  /** Whether the environment can save itself. */
  private readonly savable: boolean;
  private readonly pacer: Pacer;
  private readonly maxEpisodes: number;

  constructor(env: Env<S, A>, part: LoopPart<Snapshot>, options: LoopOptions<Snapshot>) {
    checkCount("steps", options.steps, 0);
    this.maxEpisodes = options.episodes === undefined ? Infinity : checkCount("episodes", options.episodes, 0);
    if (options.evaluate !== undefined) checkCount("evaluate.every", options.evaluate.every, 1);
    this.env = env;
    this.part = part;
    this.options = options;
    this.evaluate = options.evaluate ?? { every: Math.max(1, Math.ceil(options.steps / HISTORY_POINTS)) };
    this.seed = seedOf(options);
    this.savable = env.save !== undefined && env.restore !== undefined;
    this.pacer = new Pacer({ signal: options.signal });
    if (options.resume !== undefined) this.load(options.resume);
  }

  get seconds(): number {
    return this.pacer.seconds;
  }

  async run(): Promise<LearnStatus> {
    const { clock } = this.part;
    const { tally } = this;
    const perEpisode = this.evaluate.per === "episode";
    const every = this.evaluate.every;
    let slice = 16;
    while (clock.step < this.options.steps && tally.episodes < this.maxEpisodes) {
      if (this.pacer.aborted) return "aborted";
      const before = performance.now();
      // Never past the next look or limit: where looks fall does not depend on how fast the machine is.
      const untilLook = perEpisode ? Infinity : every - (clock.step % every);
      const untilEpisode = Math.min(this.maxEpisodes, perEpisode ? tally.episodes + every - (tally.episodes % every) : Infinity);
      const episodesBefore = tally.episodes;
      this.advance(Math.min(slice, this.options.steps - clock.step, untilLook), untilEpisode);
      const spent = performance.now() - before;
      if (spent < SLICE_MS / 2 && slice < MAX_SLICE) slice *= 2;
      else if (spent > 2 * SLICE_MS && slice > 1) slice >>= 1;
      const look = perEpisode ? tally.episodes > episodesBefore && tally.episodes % every === 0 : clock.step % every === 0;
      if (look && (await this.look())) return "done";
      if (this.pacer.due) {
        const episodeReward = tally.windowMean(tally.windowReward);
        this.options.onProgress?.({ steps: clock.step, episodes: tally.episodes, episodeReward, seconds: this.seconds });
        await this.pacer.giveWay();
      }
    }
    return "done";
  }

  /** At most `steps` steps, fewer if the episode count reaches `untilEpisode`. */
  private advance(steps: number, untilEpisode: number): void {
    const { tally } = this;
    // The first episode's beginning seeds the environment; from then on all that happens is known.
    if (tally.resets === 0) tally.choice = this.begin();
    const { agent, clock, compiled, rng } = this.part;
    if (compiled?.advance(tally, steps, untilEpisode, clock, rng) === true) agent.goOn?.(tally.choice);
    else this.step(steps, untilEpisode);
  }

  /** The hot loop: no allocation, no labels, no clock. */
  private step(steps: number, untilEpisode: number): void {
    const { agent, clock, objective } = this.part;
    const { tally } = this;
    const sign = objective === "minimize" ? -1 : 1;
    const env = this.env;
    const { choiceAction } = env.choices;
    let choice = tally.choice;
    for (let i = 0; i < steps; i++) {
      if (choice < 0) choice = this.begin();
      const step = env.step(choiceAction[choice]!);
      const { reward, state, terminated, truncated } = step;
      if (!(Math.abs(reward) < Infinity)) throw badReward(reward);
      clock.step++;
      tally.reward += reward;
      tally.length++;
      const over = terminated || truncated;
      choice = agent.observe(sign * reward, state, terminated, over);
      if (over) {
        choice = -1;
        tally.end();
        if (tally.episodes >= untilEpisode) break;
      } else if (choice < 0) throw noChoice(env, state);
    }
    tally.choice = choice;
  }

  /** Resets the environment until an episode has a first step to take. */
  private begin(): number {
    const { stateChoices } = this.env.choices;
    for (let empty = 0; empty < MAX_EMPTY_EPISODES; empty++) {
      // One seed for all episodes where the environment can save its stream, else one an episode: both can be resumed.
      const first = this.env.reset(
        this.savable ? (this.tally.resets === 0 ? { seed: `${this.seed}:env` } : {}) : { seed: `${this.seed}:env:${this.tally.resets}` },
      );
      this.tally.resets++;
      if (!first.terminated && stateChoices[first.state]! < stateChoices[first.state + 1]!) return this.part.agent.begin(first.state);
    }
    throw new EnvProtocolError(`reset answered an ended episode ${MAX_EMPTY_EPISODES} times in a row, expected a state with choices.`, {
      hint: "is the initial state terminal?",
    });
  }

  /** Adds an entry to the history; whether learning may end. */
  private async look(): Promise<boolean> {
    const { tally } = this;
    const steps = this.part.clock.step;
    const snapshot = this.part.snapshot(steps, tally.episodes);
    const score = await this.evaluate.run?.(snapshot);
    const entry: LearnHistoryEntry = {
      steps,
      episodes: tally.episodes,
      episodeReward: tally.windowMean(tally.windowReward),
      episodeLength: tally.windowMean(tally.windowLength),
      ...(score === undefined ? {} : { score }),
      seconds: this.seconds,
    };
    this.history.push(entry);
    tally.clearWindow();
    return this.evaluate.until?.(entry, snapshot) ?? false;
  }

  save(): LearnerState {
    const { tally } = this;
    return {
      version: 1,
      method: this.part.method,
      objective: this.part.objective,
      seed: this.seed,
      steps: this.part.clock.step,
      episodes: tally.episodes,
      resets: tally.resets,
      rng: this.part.rng.state,
      agent: this.part.agent.save(),
      ...(this.savable && tally.resets > 0 ? { env: this.env.save?.() } : {}),
      episode: tally.choice < 0 ? null : { choice: tally.choice, reward: tally.reward, length: tally.length },
      window: { episodes: tally.windowEpisodes, reward: tally.windowReward, length: tally.windowLength },
      history: this.history.slice(),
    };
  }

  private load(state: LearnerState): void {
    const { agent, clock, method, objective } = this.part;
    const { tally } = this;
    if (state.version !== 1) throw new FormatError(`resume.version is ${state.version}, expected 1.`);
    if (state.method !== method) throw new OptionError("resume.method", state.method, JSON.stringify(method));
    if (state.objective !== objective) throw new OptionError("resume.objective", state.objective, JSON.stringify(objective));
    agent.load(state.agent);
    clock.step = checkCount("resume.steps", state.steps, 0);
    tally.episodes = checkCount("resume.episodes", state.episodes, 0);
    tally.resets = checkCount("resume.resets", state.resets, 0);
    tally.windowEpisodes = state.window.episodes;
    tally.windowReward = state.window.reward;
    tally.windowLength = state.window.length;
    this.history.push(...state.history);
    if (this.savable && state.env !== undefined) {
      this.env.restore?.(state.env);
      if (state.episode !== null) ({ choice: tally.choice, reward: tally.reward, length: tally.length } = state.episode);
    } else if (state.episode !== null) agent.abandon();
  }
}

function badReward(reward: number): EnvProtocolError {
  return new EnvProtocolError(`step answered the reward ${reward}, expected a finite number.`);
}

function noChoice<S, A>(env: Env<S, A>, state: number): EnvProtocolError {
  return new EnvProtocolError(`the episode goes on in state ${env.states.quote(state)}, which has no choices, expected terminated or truncated there.`);
}
