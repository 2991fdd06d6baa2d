// The environment protocol: reset and step with terminated and truncated apart, as Gymnasium means them.
import type { ChoiceIndex, LabelIndex, Objective } from "../mdp/index.ts";
import type { Seed } from "../numeric/index.ts";

/** What a reset or step answers. The object is reused by the next step: copy what must last. */
export interface Step {
  /** The state index entered. */
  state: number;
  reward: number;
  /** The episode ended by the model: nothing follows, the value from here is 0. */
  terminated: boolean;
  /** The episode was cut off from outside (a step limit): the value from here is not 0, learners bootstrap. */
  truncated: boolean;
}

/** One way an action may go. */
export interface Outcome {
  readonly probability: number;
  readonly next: number;
  readonly reward: number;
  readonly terminated: boolean;
}

/**
 * An environment over indexed states and actions. Labels are in `states` and `actions`.
 *
 * @example
 * const env = toEnv(robot, { maxSteps: 200 });
 * let { state } = env.reset({ seed: 7 });
 * const step = env.step(env.actions.indexOf("search"));
 */
export interface Env<S, A> {
  readonly states: LabelIndex<S>;
  readonly actions: LabelIndex<A>;
  /** The actions each state offers. A terminal state has none. */
  readonly choices: ChoiceIndex;
  /** The discount the environment's model carries, if any. */
  readonly discount: number | undefined;
  /** Whether rewards are to be maximised (the default) or, as costs, minimised. */
  readonly objective?: Objective | undefined;
  /** Starts an episode. A seed also restarts the random numbers; without one they go on. */
  reset(options?: { readonly seed?: Seed }): Step;
  /** @throws EnvProtocolError before reset, after the end, or for an action the state does not offer. */
  step(action: number): Step;
  /** The model, where the environment knows it: what `toMdp` reads. An infeasible action answers an empty list. */
  outcomes?(state: number, action: number): readonly Outcome[];
  /** Where episodes start, where the environment knows it: pairs [state, probability]. */
  readonly starts?: readonly (readonly [state: number, probability: number])[];
  /** The current state as text. */
  render?(): string;
  /** Where the environment is, its random stream included, as plain JSON data; also in the middle of an episode. */
  save?(): unknown;
  /** Goes on from what `save` answered, as if nothing had happened in between. */
  restore?(saved: unknown): void;
}
