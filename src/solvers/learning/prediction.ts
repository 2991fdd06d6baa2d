// What the predictions of V^π share: options, snapshot, and the result.

import type { Env } from "../../envs/env.ts";
import { ShapeError } from "../../errors.ts";
import { StateTable } from "../../mdp/index.ts";
import type { Rng } from "../../numeric/index.ts";
import type { Policy } from "../../policies/index.ts";
import { type Agent, Clock } from "./agent.ts";
import { checkSpace } from "./check-space.ts";
import type { LearnHistoryEntry } from "./learn-history.ts";
import { type LearnerState, learnerRng } from "./learner-state.ts";
import { runLoop } from "./loop.ts";
import { type LearnStatus, type LoopOptions, requireDiscount } from "./options.ts";

/** What the evaluation of a prediction sees: a copy, made when asked for. */
export interface PredictionSnapshot<S> {
  readonly steps: number;
  readonly episodes: number;
  readonly value: StateTable<S>;
}

export interface PredictionOptions<S> extends LoopOptions<PredictionSnapshot<S>> {
  /** Where V starts: one number, or one a state. Copied. Terminal states are 0 whatever it says. Default 0. */
  readonly initialValue?: number | StateTable<S> | undefined;
}

/** The answer of a prediction: an estimate of V^π, without bounds. */
export interface Prediction<S> {
  readonly method: string;
  readonly status: LearnStatus;
  readonly discount: number;
  /** S values; states never visited keep their initial value. */
  readonly value: StateTable<S>;
  /** S counts: how often each state was updated. */
  readonly visits: Float64Array;
  readonly episodes: number;
  readonly steps: number;
  readonly seconds: number;
  readonly history: readonly LearnHistoryEntry[];
  readonly state: LearnerState;
}

/** What a prediction's agent is made of. */
export interface PredictionContext<S, A> {
  readonly policy: Policy<S, A>;
  /** S values, terminal states 0; the agent's to change. */
  readonly value: Float64Array;
  readonly visits: Float64Array;
  readonly discount: number;
  readonly rng: Rng;
  readonly clock: Clock;
}

/** @throws OptionError, ShapeError for options that do not fit, before the first step. */
export async function predict<S, A>(
  env: Env<S, A>,
  policy: Policy<S, A>,
  method: string,
  options: PredictionOptions<S>,
  make: (context: PredictionContext<S, A>) => Agent,
): Promise<Prediction<S>> {
  const discount = requireDiscount(env, options.discount);
  checkSpace(env, policy);
  const value = startingValue(env, options.initialValue);
  const visits = new Float64Array(value.length);
  const clock = new Clock();
  const rng = learnerRng(options);
  const agent = make({ policy, value, visits, discount, rng, clock });
  const table = (): StateTable<S> => new StateTable(env.states, value.slice());
  const snapshot = (steps: number, episodes: number) => ({
    steps,
    episodes,
    get value() {
      return table();
    },
  });
  const { status, steps, episodes, seconds, history, state } = await runLoop(env, { method, objective: "maximize", agent, clock, rng, snapshot }, options);
  return { method, status, discount, value: table(), visits, episodes, steps, seconds, history, state };
}

function startingValue<S, A>(env: Env<S, A>, given: number | StateTable<S> | undefined): Float64Array {
  const value = new Float64Array(env.states.size);
  if (given === undefined) return value;
  if (typeof given !== "number" && given.array.length !== value.length)
    throw new ShapeError(`initialValue has ${given.array.length} entries, expected ${value.length}, one a state.`);
  const { stateChoices } = env.choices;
  for (let s = 0; s < value.length; s++) {
    if (stateChoices[s]! < stateChoices[s + 1]!) value[s] = typeof given === "number" ? given : given.array[s]!;
  }
  return value;
}
