// What learners may be told, what they answer, and the checks on it.

import type { Env } from "../../envs/env.ts";
import { OptionError } from "../../errors.ts";
import { type ChoiceTable, checkDiscount, checkObjective, type Objective, type StateTable } from "../../mdp/index.ts";
import type { Seed } from "../../numeric/index.ts";
import type { Explorer, Policy, Schedule } from "../../policies/index.ts";
import type { LearnHistoryEntry } from "./learn-history.ts";
import type { LearnerState } from "./learner-state.ts";
import type { PriorGateOptions, PriorGateReport } from "./prior-gate.ts";

/** What `onProgress` is told, about every 40 ms. */
export interface LearnProgress {
  readonly steps: number;
  readonly episodes: number;
  /** Mean sum of rewards of the episodes ended since the last entry of the history; null if none has. */
  readonly episodeReward: number | null;
  readonly seconds: number;
}

/** Looking at the learner while it learns. Looking changes nothing: it draws from no stream of the learner. */
export interface Evaluate<Snapshot> {
  /** A look every so many steps (or episodes). */
  readonly every: number;
  /** Default "step". */
  readonly per?: "step" | "episode" | undefined;
  /** Scores the learner; recorded in the history. `greedyRollouts(env, ...)` makes one that plays episodes. */
  readonly run?: ((snapshot: Snapshot) => number | Promise<number>) | undefined;
  /** Ends the learning when it answers true; asked after each look. */
  readonly until?: ((entry: LearnHistoryEntry, snapshot: Snapshot) => boolean) | undefined;
}

/** What every learner takes. `Snapshot` is what its evaluation sees. */
export interface LoopOptions<Snapshot> {
  /** Stop at so many steps in all, those of a resumed state included. */
  readonly steps: number;
  /** Stop at so many episodes in all, if that comes first. Default: no limit. */
  readonly episodes?: number | undefined;
  /** Names every random stream: the learner's and the environment's. Default 0. */
  readonly seed?: Seed | undefined;
  /** γ; by default the environment's own. */
  readonly discount?: number | undefined;
  /** Go on from here; see `LearnerState`. */
  readonly resume?: LearnerState | undefined;
  readonly evaluate?: Evaluate<Snapshot> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LearnProgress) => void) | undefined;
}

/** What the evaluation of a control method sees: copies, made when first asked for, so ask before the evaluation's promise is settled. */
export interface LearnSnapshot<S, A> {
  readonly steps: number;
  readonly episodes: number;
  readonly q: ChoiceTable<S, A>;
  /** Greedy for q, lowest index among exact ties. */
  readonly policy: Policy<S, A>;
}

export interface LearnOptions<S, A> extends LoopOptions<LearnSnapshot<S, A>> {
  /** Default: the environment's own (`env.objective`), else "maximize". */
  readonly objective?: Objective | undefined;
  /** How choices are picked while learning. Default `epsilonGreedy(0.1)`. */
  readonly explore?: Explorer | undefined;
  /** α in (0, 1], or a schedule by step and by visits of the choice. Default `defaultLearningRate(discount)`. */
  readonly learningRate?: number | Schedule | undefined;
  /** Where Q starts, in units of reward: one number, or one a choice. Copied. Default 0. */
  readonly initialQ?: number | ChoiceTable<S, A> | undefined;
  /** Advice from outside that may be wrong. It seeds Q as `priorSeed` says, so instead of `initialQ`. */
  readonly prior?: Policy<S, A> | { readonly policy: Policy<S, A> } | undefined;
  /** How much the prior weighs, in units of reward; see `priorSeed`. */
  readonly priorWeight?: number | undefined;
  /** The most an episode can be worth (the least, when minimising), where you know it; see `priorSeed`. */
  readonly ceiling?: number | undefined;
  /**
   * Lets every other episode follow a prior until returns prove that this does worse than the learner's own way; then it is dropped for good, and the result's `gate`
   * says when and why. What Q has learned by then stays. A prior as good as anything the learner does is ever dropped with a probability of at most
   * `errorProbability`, however long the run, if episodes start alike and states are Markov; an `explore` or `initialQ` made from the same prior is not gated.
   */
  readonly gate?: PriorGateOptions<S, A> | undefined;
}

export type LearnStatus = "done" | "aborted";

/** The answer of a learner of Q. It is an estimate: no bounds, no certificate. */
export interface LearnResult<S, A> {
  readonly method: string;
  /** "done": the steps, episodes or `until` asked for were reached. */
  readonly status: LearnStatus;
  readonly objective: Objective;
  readonly discount: number;
  /** C values, in the reward's own sign. Choices never tried keep their initial value. */
  readonly q: ChoiceTable<S, A>;
  /** The best q of each state; 0 in terminal states. */
  readonly value: StateTable<S>;
  /** Greedy for q, lowest index among exact ties. */
  readonly policy: Policy<S, A>;
  /** C counts: how often each choice was updated. */
  readonly visits: Float64Array;
  /** Episodes that ended. */
  readonly episodes: number;
  readonly steps: number;
  /** Of this run, without what was resumed. */
  readonly seconds: number;
  readonly history: readonly LearnHistoryEntry[];
  readonly state: LearnerState;
  /** What came of the `gate`, where one was asked for. */
  readonly gate?: PriorGateReport;
}

/** The discount of the options, else of the environment. @throws OptionError if neither has one. */
export function requireDiscount<S, A>(env: Env<S, A>, discount: number | undefined): number {
  const found = discount ?? env.discount;
  if (found === undefined) throw new OptionError("discount", undefined, "a number from 0 to 1", "the environment carries none: pass discount.");
  return checkDiscount(found);
}

/** The objective of the options, else of the environment, else maximize. @throws OptionError */
export function objectiveOf<S, A>(env: Env<S, A>, objective: Objective | undefined): Objective {
  if (objective !== undefined) return checkObjective(objective);
  return env.objective ?? "maximize";
}

/** @throws OptionError unless `value` is a whole number of at least `min`. */
export function checkCount(where: string, value: number, min: number): number {
  if (!(Number.isSafeInteger(value) && value >= min)) throw new OptionError(where, value, `an integer of at least ${min}`);
  return value;
}
