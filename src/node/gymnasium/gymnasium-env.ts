// One Gymnasium environment in a Python child: what the agent acts in.
import type { AsyncEnv, Step } from "../../envs/index.ts";
import { EnvProtocolError } from "../../errors.ts";
import type { ChoiceIndex, Label, LabelIndex, Mdp } from "../../mdp/index.ts";
import type { Seed } from "../../numeric/index.ts";
import { type GymnasiumOptions, type GymnasiumVectorEnv, startEnvironments } from "./gymnasium-vector-env.ts";

/**
 * Starts one environment.
 *
 * @throws As `gymnasiumVector`.
 * @example
 * await using env = await gymnasiumEnv("FrozenLake-v1", { actions: ["left", "down", "right", "up"], discount: 0.99 });
 * await runAgent({ env, planner, seed: 7 });
 */
export async function gymnasiumEnv(id: string, options: GymnasiumOptions = {}): Promise<GymnasiumEnv> {
  return new GymnasiumEnv(await startEnvironments(id, options, { count: 1, processes: 1, autoreset: false }));
}

/** `AsyncEnv` over a child of its own. An episode that ended waits for `reset`, as Gymnasium's does. */
export class GymnasiumEnv implements AsyncEnv<Label, Label> {
  readonly id: string;
  readonly states: LabelIndex<Label>;
  readonly actions: LabelIndex<Label>;
  readonly choices: ChoiceIndex;
  readonly discount: number | undefined;
  readonly maxSteps: number | undefined;
  readonly #vector: GymnasiumVectorEnv;
  #phase: "fresh" | "running" | "over" = "fresh";

  /** Made by `gymnasiumEnv`. */
  constructor(vector: GymnasiumVectorEnv) {
    this.id = vector.id;
    this.states = vector.states;
    this.actions = vector.actions;
    this.choices = vector.choices;
    this.discount = vector.discount;
    this.maxSteps = vector.maxSteps;
    this.#vector = vector;
  }

  /** Starts an episode. A seed is a whole number: Gymnasium's `reset(seed=...)`. */
  async reset(options: { readonly seed?: Seed } = {}): Promise<Step> {
    const { state } = await this.#vector.reset(options);
    this.#phase = "running";
    return { state: state[0]!, reward: 0, terminated: false, truncated: false };
  }

  /** @throws EnvProtocolError before reset, after the end, and for what is no action; BackendError where the child is gone. */
  async step(action: number): Promise<Step> {
    if (this.#phase !== "running")
      throw new EnvProtocolError(
        this.#phase === "fresh" ? "step before reset, expected reset first." : "step after the end of the episode, expected reset first.",
      );
    const { state, reward, terminated, truncated } = await this.#vector.step([action]);
    const step = { state: state[0]!, reward: reward[0]!, terminated: terminated[0] === 1, truncated: truncated[0] === 1 };
    if (step.terminated || step.truncated) this.#phase = "over";
    return step;
  }

  /** The environment's model, where it has a table. @throws EnvProtocolError */
  model(options: { readonly discount?: number | undefined } = {}): Promise<Mdp<Label, Label>> {
    return this.#vector.model(options);
  }

  /** Text, with `kwargs: { render_mode: "ansi" }`; else empty. */
  render(): Promise<string> {
    return this.#vector.render();
  }

  close(): Promise<void> {
    return this.#vector.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
