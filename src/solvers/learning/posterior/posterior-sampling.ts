// Posterior sampling: each episode acts optimally in a model drawn from what is known, so that what is not known is tried as often as it may be best.

import type { Env } from "../../../envs/env.ts";
import { EnvProtocolError, FormatError, OptionError } from "../../../errors.ts";
import { ChoiceTable, type Objective } from "../../../mdp/index.ts";
import type { Rng, Seed } from "../../../numeric/index.ts";
import { Pacer } from "../../../platform/pacer.ts";
import { Policy } from "../../../policies/index.ts";
import { solve } from "../../solve.ts";
import { bestOf } from "../control.ts";
import type { LearnHistoryEntry } from "../learn-history.ts";
import { type LearnerState, learnerRng, seedOf } from "../learner-state.ts";
import { checkCount, type LearnProgress, type LearnResult, type LearnStatus, objectiveOf, requireDiscount } from "../options.ts";
import { orientedBounds, type ReturnBounds, returnBounds } from "../return-bounds.ts";
import { Tally } from "../tally.ts";
import { ModelPosterior } from "./model-posterior.ts";
import { type PriorBonusOptions, priorBonus } from "./prior-bonus.ts";

export interface PosteriorSamplingOptions<S, A> extends PriorBonusOptions {
  /** Stop at so many episodes in all, those of a resumed state included. */
  readonly episodes: number;
  /** Stop at so many steps in all, if that comes first: the episode under way is cut off. Default: no limit. */
  readonly steps?: number | undefined;
  /** Names the learner's random stream and the environment's. Default 0. */
  readonly seed?: Seed | undefined;
  /** γ, below 1; by default the environment's own. */
  readonly discount?: number | undefined;
  /** Default: the environment's own, else "maximize". */
  readonly objective?: Objective | undefined;
  /** Bounds of the discounted return from any state, in the reward's own sign; what was never seen is worth the best of it. Default: what the model's rewards allow. */
  readonly returns?: ReturnBounds | undefined;
  /** α0: what an outcome never seen counts in a choice's Dirichlet distribution, in visits. Larger explores longer. Default 0.5. */
  readonly concentration?: number | undefined;
  /** Advice that may be wrong. */
  readonly prior?: Policy<S, A> | { readonly policy: Policy<S, A> } | undefined;
  /** Go on from the `state` of an earlier result. */
  readonly resume?: LearnerState | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LearnProgress) => void) | undefined;
}

const METHOD = "posterior-sampling";

/** Each model is solved to this part of the width of the returns. */
const ACCURACY = 1e-6;

/** The history has about this many entries. */
const HISTORY_POINTS = 100;

/** So many steps are made between two looks at the clock. */
const STEPS_A_LOOK = 64;

/**
 * Learns a model and acts by it (PSRL: Osband, Russo and Van Roy, "(More) efficient reinforcement learning via posterior sampling", 2013): before each episode one
 * model is drawn from the posterior and solved exactly, and the episode follows its optimal policy.
 *
 * @remarks Transitions of a choice follow a Dirichlet process: an outcome seen n times counts n, one never seen `concentration`, and what was never seen is worth the
 *   best of `returns`; rewards of an outcome are their average, give or take a normal standard error. So a choice never tried is worth the best there can be, and every
 *   choice keeps a chance that shrinks with its visits. A prior enters as pseudo-evidence: in a state visited n(s) times a choice is taken to pay
 *   w · log max(prior, floor) · k / (k + n(s)) beside its reward (`priorWeight`, `priorFloor`, `priorVisits`), so that advice decides what is tried first, and is
 *   forgotten where a state is known, good or bad.
 *   `q`, `value` and `policy` of the result are optimal in the model of relative frequencies, but for what was never seen, which now is worth the worst of `returns`:
 *   estimates on the low side, by less with each visit, and a policy that keeps to what has shown its worth.
 *   Models are solved for the discounted infinite horizon, episodes end where the environment ends them. One model is solved an episode: for hundreds of states.
 *   Resumed between two episodes it goes on as if it had never stopped, if the environment can save itself or is seeded by `reset`.
 * @throws OptionError for options out of range, ShapeError for a prior of another model, before the first step; EnvProtocolError; FormatError for a broken `resume`.
 * @example
 * const learned = await posteriorSampling(toEnv(maze, { maxSteps: 100 }), { episodes: 60, seed: 7, prior: prior.policy });
 * (await policyRegret(maze, learned.policy, await solve(maze))).max;
 */
export async function posteriorSampling<S, A>(env: Env<S, A>, options: PosteriorSamplingOptions<S, A>): Promise<LearnResult<S, A>> {
  const sampler = new PosteriorSampler(env, options);
  const status = await sampler.run();
  return sampler.result(status);
}

class PosteriorSampler<S, A> {
  private readonly env: Env<S, A>;
  private readonly options: PosteriorSamplingOptions<S, A>;
  private readonly discount: number;
  private readonly objective: Objective;
  private readonly sign: 1 | -1;
  private readonly maxSteps: number;
  private readonly epsilon: number;
  private readonly seed: Seed;
  private readonly rng: Rng;
  private readonly posterior: ModelPosterior<S, A>;
  private readonly bonus: (choice: number) => number;
  private readonly savable: boolean;
  private readonly pacer: Pacer;
  private readonly tally = new Tally();
  private readonly history: LearnHistoryEntry[] = [];
  private steps = 0;

  constructor(env: Env<S, A>, options: PosteriorSamplingOptions<S, A>) {
    const { concentration = 0.5, prior } = options;
    checkCount("episodes", options.episodes, 0);
    if (!(concentration > 0 && concentration < Infinity)) throw new OptionError("concentration", concentration, "a positive finite number");
    this.env = env;
    this.options = options;
    this.maxSteps = options.steps === undefined ? Infinity : checkCount("steps", options.steps, 0);
    this.discount = requireDiscount(env, options.discount);
    if (this.discount === 1) throw new OptionError("discount", 1, "a number from 0, below 1", "drawn models need not end: pass a discount such as 0.999.");
    this.objective = objectiveOf(env, options.objective);
    this.sign = this.objective === "minimize" ? -1 : 1;
    const bounds = orientedBounds(returnBounds(env, options.returns, this.discount, "returns"), this.objective);
    const width = bounds[1] - bounds[0];
    this.epsilon = ACCURACY * width;
    this.posterior = new ModelPosterior(env, { discount: this.discount, bounds, concentration });
    this.bonus = prior === undefined ? () => 0 : priorBonus(env, "policy" in prior ? prior.policy : prior, this.posterior.visits, width, options);
    this.seed = seedOf(options);
    this.rng = learnerRng(options);
    this.savable = env.save !== undefined && env.restore !== undefined;
    this.pacer = new Pacer({ signal: options.signal });
    if (options.resume !== undefined) this.load(options.resume);
  }

  async run(): Promise<LearnStatus> {
    const { tally, pacer } = this;
    const { episodes, signal } = this.options;
    const every = Math.max(1, Math.ceil(episodes / HISTORY_POINTS));
    while (tally.episodes < episodes && this.steps < this.maxSteps) {
      if (pacer.aborted) return "aborted";
      const drawn = this.posterior.sample(this.rng, this.bonus);
      const { policy, status } = await solve(drawn, { epsilon: this.epsilon, device: "cpu", signal });
      if (status === "aborted" || !(await this.episode(policy))) return "aborted";
      if (tally.episodes % every === 0) this.look();
      if (pacer.due) await this.giveWay();
    }
    return "done";
  }

  async result(status: LearnStatus): Promise<LearnResult<S, A>> {
    const { env, objective, discount, posterior, tally, steps } = this;
    const best = await solve(posterior.cautious(), { epsilon: this.epsilon, device: "cpu" });
    const array = new Float64Array(posterior.visits.length);
    for (const [k, q] of best.q.array.entries()) array[posterior.choiceOf(k)] = q === 0 ? 0 : this.sign * q;
    const q = new ChoiceTable(env.states, env.actions, env.choices, array);
    return {
      method: METHOD,
      status,
      objective,
      discount,
      q,
      value: bestOf(q, objective),
      policy: Policy.deterministic({ states: env.states, actions: env.actions, choices: env.choices }, this.own(best.policy)),
      visits: posterior.visits.slice(),
      episodes: tally.episodes,
      steps,
      seconds: this.pacer.seconds,
      history: this.history.slice(),
      state: this.save(),
    };
  }

  /** Plays one episode by a drawn model's policy; false where it was aborted. */
  private async episode(policy: Policy<S, A>): Promise<boolean> {
    const { env, tally, posterior, sign } = this;
    const choices = this.own(policy);
    let { state, terminated } = this.reset();
    for (let over = terminated; !over && this.steps < this.maxSteps; ) {
      const choice = choices[state]!;
      if (choice < 0) throw new EnvProtocolError(`the episode goes on in state ${env.states.quote(state)}, which has no choices, expected it to end there.`);
      const step = env.step(env.choices.choiceAction[choice]!);
      if (!Number.isFinite(step.reward)) throw new EnvProtocolError(`step answered the reward ${step.reward}, expected a finite number.`);
      posterior.observe(choice, sign * step.reward, step.state, step.terminated);
      this.steps++;
      tally.reward += step.reward;
      tally.length++;
      ({ state, terminated } = step);
      over = terminated || step.truncated;
      if (this.steps % STEPS_A_LOOK !== 0 || !this.pacer.due) continue;
      await this.giveWay();
      if (this.pacer.aborted && !over) return false;
    }
    tally.end();
    return true;
  }

  /** The environment's choices, by state, of a policy of a drawn model. */
  private own({ choice }: Policy<S, A>): Int32Array {
    return Int32Array.from(choice ?? [], (c) => (c < 0 ? -1 : this.posterior.choiceOf(c)));
  }

  /** One seed for all episodes where the environment can save its stream, else one an episode: both can be resumed. */
  private reset(): { state: number; terminated: boolean } {
    const resets = this.tally.resets++;
    const { state, terminated } = this.env.reset(this.savable ? (resets === 0 ? { seed: `${this.seed}:env` } : {}) : { seed: `${this.seed}:env:${resets}` });
    return { state, terminated };
  }

  private look(): void {
    const { tally } = this;
    this.history.push({
      steps: this.steps,
      episodes: tally.episodes,
      episodeReward: tally.windowMean(tally.windowReward),
      episodeLength: tally.windowMean(tally.windowLength),
      seconds: this.pacer.seconds,
    });
    tally.clearWindow();
  }

  private async giveWay(): Promise<void> {
    const { tally, pacer, steps } = this;
    this.options.onProgress?.({ steps, episodes: tally.episodes, episodeReward: tally.windowMean(tally.windowReward), seconds: pacer.seconds });
    await pacer.giveWay();
  }

  /** An episode under way is not part of it: it is given up, what it taught is not. */
  private save(): LearnerState {
    const { tally } = this;
    return {
      version: 1,
      method: METHOD,
      objective: this.objective,
      seed: this.seed,
      steps: this.steps,
      episodes: tally.episodes,
      resets: tally.resets,
      rng: this.rng.state,
      agent: this.posterior.save(),
      ...(this.savable && tally.resets > 0 ? { env: this.env.save?.() } : {}),
      episode: null,
      window: { episodes: tally.windowEpisodes, reward: tally.windowReward, length: tally.windowLength },
      history: this.history.slice(),
    };
  }

  private load(state: LearnerState): void {
    const { tally } = this;
    if (state.version !== 1) throw new FormatError(`resume.version is ${state.version}, expected 1.`);
    if (state.method !== METHOD) throw new OptionError("resume.method", state.method, JSON.stringify(METHOD));
    if (state.objective !== this.objective) throw new OptionError("resume.objective", state.objective, JSON.stringify(this.objective));
    this.posterior.load(state.agent);
    this.steps = checkCount("resume.steps", state.steps, 0);
    tally.episodes = checkCount("resume.episodes", state.episodes, 0);
    tally.resets = checkCount("resume.resets", state.resets, 0);
    ({ episodes: tally.windowEpisodes, reward: tally.windowReward, length: tally.windowLength } = state.window);
    this.history.push(...state.history);
    if (this.savable && state.env !== undefined) this.env.restore?.(state.env);
  }
}
