// The environment protocol for states too many to number: reset and step answer a vector of numbers instead of a state index.
import type { LabelIndex, Objective } from "../mdp/index.ts";
import type { Seed } from "../numeric/index.ts";

/** What a reset or step answers. The object and its arrays are reused by the next step: copy what must last. */
export interface ObservationStep {
  /** The numbers seen, `observationSize` of them; float32, as networks read them. */
  readonly observation: Float32Array;
  reward: number;
  /** The episode ended by the environment: nothing follows, the value from here is 0. */
  terminated: boolean;
  /** The episode was cut off from outside (a step limit): the value from here is not 0, learners bootstrap. */
  truncated: boolean;
  /** One flag an action, 1 where it can be taken now; left out where all always can. */
  readonly feasible?: Uint8Array | undefined;
}

/**
 * An environment that shows a vector of numbers. One over numbered states becomes one by `withFeatures`.
 *
 * @example
 * const env = cartPole();
 * env.reset({ seed: 7 }).observation;         // 4 numbers near 0
 * env.step(env.actions.indexOf("right")).reward; // 1
 */
export interface ObservationEnv<A> {
  readonly observationSize: number;
  readonly actions: LabelIndex<A>;
  /** The discount the environment carries, if any. */
  readonly discount: number | undefined;
  /** Whether rewards are to be maximised (the default) or, as costs, minimised. */
  readonly objective?: Objective | undefined;
  /** Starts an episode. A seed also restarts the random numbers; without one they go on. */
  reset(options?: { readonly seed?: Seed | undefined }): ObservationStep;
  /** @throws EnvProtocolError before reset, after the end, or for an action that cannot be taken now. */
  step(action: number): ObservationStep;
}
