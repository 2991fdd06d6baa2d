// Many environments in step: arrays of actions in, arrays of states out, ended episodes begun anew at once.
import { EnvProtocolError, OptionError, ShapeError } from "../errors.ts";
import type { ChoiceIndex, LabelIndex, Mdp, Objective } from "../mdp/index.ts";
import type { Seed } from "../numeric/index.ts";
import type { Env } from "./env.ts";
import { type ToEnvOptions, toEnv } from "./to-env.ts";

/** What happened to E environments, one entry each. The arrays are reused by the next step: copy what must last. */
export interface VectorStep {
  /** The states to act in next: where an episode ended, the first state of the next one. */
  readonly state: Int32Array;
  readonly reward: Float64Array;
  /** 1 where an episode ended by the model. */
  readonly terminated: Uint8Array;
  /** 1 where an episode was cut off. */
  readonly truncated: Uint8Array;
  /** The last state of an episode that ended in this step, -1 elsewhere. What a learner bootstraps from after a truncation. */
  readonly finalState: Int32Array;
}

/**
 * Environments stepped together. An episode that ends is reset within the same step (Gymnasium's autoreset mode `SAME_STEP`): `state` is then
 * the next episode's first state and `finalState` the one it ended in.
 *
 * @example
 * const env = vectorEnv(Array.from({ length: 8 }, () => toEnv(robot, { maxSteps: 200 })));
 * env.reset({ seed: 7 });
 * env.step(new Int32Array(8)).reward; // 8 rewards
 */
export class VectorEnv<S, A> {
  readonly envs: readonly Env<S, A>[];
  readonly states: LabelIndex<S>;
  readonly actions: LabelIndex<A>;
  readonly choices: ChoiceIndex;
  /** The first environment's. */
  readonly discount: number | undefined;
  readonly objective: Objective | undefined;
  readonly #last: VectorStep;
  #running = false;

  constructor(envs: readonly Env<S, A>[]) {
    const first = envs[0];
    if (first === undefined) throw new OptionError("envs", "an empty list", "at least one environment");
    for (const [i, env] of envs.entries()) {
      if (envs.indexOf(env) !== i) throw new OptionError(`envs[${i}]`, `the environment of envs[${envs.indexOf(env)}]`, "an environment of its own");
      if (env.states.size !== first.states.size || env.actions.size !== first.actions.size) {
        throw new ShapeError(
          `envs[${i}] has ${env.states.size} states and ${env.actions.size} actions, expected ${first.states.size} and ${first.actions.size} as envs[0].`,
        );
      }
    }
    this.envs = envs.slice();
    this.states = first.states;
    this.actions = first.actions;
    this.choices = first.choices;
    this.discount = first.discount;
    this.objective = first.objective;
    const count = envs.length;
    this.#last = {
      state: new Int32Array(count),
      reward: new Float64Array(count),
      terminated: new Uint8Array(count),
      truncated: new Uint8Array(count),
      finalState: new Int32Array(count),
    };
  }

  /** How many environments there are. */
  get size(): number {
    return this.envs.length;
  }

  /** Begins an episode in each. A seed restarts the random numbers, each environment's its own: `seed/0`, `seed/1`, ... */
  reset(options: { readonly seed?: Seed | undefined } = {}): VectorStep {
    const last = this.#last;
    for (const [i, env] of this.envs.entries()) last.state[i] = env.reset(options.seed === undefined ? {} : { seed: `${options.seed}/${i}` }).state;
    last.reward.fill(0);
    last.terminated.fill(0);
    last.truncated.fill(0);
    last.finalState.fill(-1);
    this.#running = true;
    return last;
  }

  /**
   * Takes one action in each environment.
   *
   * @throws ShapeError unless one action an environment; EnvProtocolError before reset, or naming the environment that refused its action.
   */
  step(actions: ArrayLike<number>): VectorStep {
    if (!this.#running) throw new EnvProtocolError("step before reset, expected reset first.");
    if (actions.length !== this.envs.length) throw new ShapeError(`actions has ${actions.length} entries, expected ${this.envs.length}, one an environment.`);
    this.#refuseInfeasible(actions);
    const last = this.#last;
    for (let i = 0; i < this.envs.length; i++) {
      const env = this.envs[i]!;
      const step = env.step(actions[i]!);
      const ended = step.terminated || step.truncated;
      last.reward[i] = step.reward;
      last.terminated[i] = step.terminated ? 1 : 0;
      last.truncated[i] = step.truncated ? 1 : 0;
      last.finalState[i] = ended ? step.state : -1;
      last.state[i] = ended ? env.reset().state : step.state;
    }
    return last;
  }

  /** All actions are looked at before the first is taken, so that a refusal leaves every environment where it was. */
  #refuseInfeasible(actions: ArrayLike<number>): void {
    const { stateChoices, choiceAction } = this.choices;
    for (let i = 0; i < actions.length; i++) {
      const s = this.#last.state[i]!;
      const from = stateChoices[s]!;
      const to = stateChoices[s + 1]!;
      const action = actions[i]!;
      // Most states offer all actions in order.
      if (from + action < to && choiceAction[from + action] === action) continue;
      let c = from;
      while (c < to && choiceAction[c] !== action) c++;
      if (c === to)
        throw new EnvProtocolError(`step got action ${action} for environment ${i} in state ${this.states.quote(s)}, expected an action that state offers.`);
    }
  }
}

/** Environments in step. @throws OptionError for none, or one given twice; ShapeError where they differ in size. */
export function vectorEnv<S, A>(envs: readonly Env<S, A>[]): VectorEnv<S, A> {
  return new VectorEnv(envs);
}

/**
 * `count` environments of one model in step, sharing its tables.
 *
 * @throws OptionError unless count >= 1.
 * @example
 * toVectorEnv(robot, 64, { maxSteps: 200 }).size; // 64
 */
export function toVectorEnv<S, A>(mdp: Mdp<S, A>, count: number, options: ToEnvOptions = {}): VectorEnv<S, A> {
  if (!(Number.isInteger(count) && count >= 1)) throw new OptionError("count", count, "a positive integer");
  return new VectorEnv(Array.from({ length: count }, (_, i) => toEnv(mdp, { ...options, seed: `${options.seed ?? 0}/${i}` })));
}
