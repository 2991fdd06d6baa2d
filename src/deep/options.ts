// What deep Q-learning may be told, what it answers, and the checks on it.
import type { ObservationEnv } from "../envs/index.ts";
import { OptionError, ShapeError } from "../errors.ts";
import { checkDiscount, checkObjective, type Objective } from "../mdp/index.ts";
import type { Seed } from "../numeric/index.ts";
import { linearDecay, type Schedule } from "../policies/index.ts";
import { asSchedule } from "../policies/schedule.ts";
import type { Evaluate, LearnHistoryEntry, LearnProgress } from "../solvers/index.ts";
import type { QNetwork } from "./q-network.ts";

/** What an evaluation sees: the network as it is now, as numbers of its own. */
export interface DeepQSnapshot {
  readonly steps: number;
  readonly episodes: number;
  readonly network: QNetwork;
}

export interface DeepQOptions {
  /** Stop at so many steps, those of all environments together. */
  readonly steps: number;
  /** Names every random stream: first weights, exploration, replay, environments. Default 0. */
  readonly seed?: Seed | undefined;
  /** γ; by default the environment's own. */
  readonly discount?: number | undefined;
  /** Default: the environment's own, else "maximize". */
  readonly objective?: Objective | undefined;
  /** Widths of the hidden layers. Default [64, 64]. */
  readonly hidden?: readonly number[] | undefined;
  /** Adam's step size. Default 0.001. */
  readonly learningRate?: number | undefined;
  /** Transitions an update. Default 64. */
  readonly batchSize?: number | undefined;
  /** The newest so many transitions are remembered. Default 50,000. */
  readonly memory?: number | undefined;
  /** Steps before the first update. Default 1000, at least `batchSize`. */
  readonly warmUp?: number | undefined;
  /** Steps an update. Default 4. */
  readonly trainEvery?: number | undefined;
  /** Updates after which the target network takes over the learning one's weights. Default 250. */
  readonly targetEvery?: number | undefined;
  /**
   * Rewards of so many steps are added up before a value is looked up. More than 1 spreads rewards faster; what was explored on the way is then held against
   * the policy a little. Default 1.
   */
  readonly stepsAhead?: number | undefined;
  /** The chance of a random action, by step. Default: 1 falling to 0.05 over the first quarter of the steps. */
  readonly explore?: number | Schedule | undefined;
  /** Whether the learning network picks the next action and the target network values it. Default true; false is the plain maximum, which overestimates. */
  readonly double?: boolean | undefined;
  /** Errors beyond this count linearly, not squared (Huber's loss), in units of scaled reward. Default 1. */
  readonly clip?: number | undefined;
  /** Rewards are multiplied by this within the learner, so that values are of a size networks learn well. Answers are in the rewards' own units. Default 1. */
  readonly rewardScale?: number | undefined;
  /** Looking at the learner while it learns; looking changes nothing. */
  readonly evaluate?: Omit<Evaluate<DeepQSnapshot>, "per"> | undefined;
  /** Which network is answered: the last one, or of those looked at the one of the best score (the first of equals). Default "last". */
  readonly keep?: "last" | "best" | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LearnProgress) => void) | undefined;
  /** The TensorFlow.js to use, where it is not to be imported as `@tensorflow/tfjs-core`: a page's global `tf`, or tfjs-node. */
  readonly tf?: object | undefined;
}

/** The answer of deep Q-learning: an estimate. It has no bounds, and nothing is proven of it. */
export interface DeepQResult {
  readonly method: "deep-q-learning";
  /** Never anything else: no certificate is claimed. What a table's policy is worth, `evaluatePolicy` can prove; see `networkPolicy`. */
  readonly certified: false;
  /** "diverged": weights stopped being numbers; the last network whose weights were is answered. */
  readonly status: "done" | "aborted" | "diverged";
  readonly objective: Objective;
  readonly discount: number;
  /** What tfjs computed on: "cpu", "webgpu", "tensorflow", ... */
  readonly backend: string;
  readonly network: QNetwork;
  readonly steps: number;
  readonly episodes: number;
  readonly updates: number;
  readonly seconds: number;
  readonly history: readonly LearnHistoryEntry[];
}

/** Options with their defaults filled in. */
export interface CheckedDeepQOptions {
  readonly observationSize: number;
  readonly actionCount: number;
  readonly steps: number;
  readonly seed: Seed;
  readonly discount: number;
  readonly objective: Objective;
  readonly hidden: readonly number[];
  readonly learningRate: number;
  readonly batchSize: number;
  readonly memory: number;
  readonly warmUp: number;
  readonly trainEvery: number;
  readonly targetEvery: number;
  readonly stepsAhead: number;
  readonly explore: Schedule;
  readonly double: boolean;
  readonly clip: number;
  readonly rewardScale: number;
  readonly evaluate: Omit<Evaluate<DeepQSnapshot>, "per"> | undefined;
  readonly keepBest: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: LearnProgress) => void) | undefined;
}

/** @throws OptionError, ShapeError */
export function checkDeepQOptions<A>(envs: readonly ObservationEnv<A>[], options: DeepQOptions): CheckedDeepQOptions {
  const env = checkEnvs(envs);
  const discount = options.discount ?? env.discount;
  if (discount === undefined) throw new OptionError("discount", undefined, "a number from 0 to 1", "the environment carries none: pass discount.");
  const batchSize = count("batchSize", options.batchSize ?? 64);
  const memory = count("memory", options.memory ?? 50_000);
  const warmUp = count("warmUp", options.warmUp ?? Math.max(1000, batchSize));
  if (warmUp < batchSize) throw new OptionError("warmUp", warmUp, `at least batchSize ${batchSize}`);
  if (memory < batchSize) throw new OptionError("memory", memory, `at least batchSize ${batchSize}`);
  const hidden = options.hidden ?? [64, 64];
  for (const [i, width] of hidden.entries()) count(`hidden[${i}]`, width);
  const keep = options.keep ?? "last";
  if (keep !== "last" && keep !== "best") throw new OptionError("keep", keep, '"last" or "best"');
  if (keep === "best" && options.evaluate?.run === undefined)
    throw new OptionError("keep", keep, '"last" where there is no evaluate.run', "pass evaluate: { every, run } to score networks.");
  if (options.evaluate !== undefined) count("evaluate.every", options.evaluate.every);
  const steps = count("steps", options.steps);
  return {
    observationSize: env.observationSize,
    actionCount: env.actions.size,
    steps,
    seed: options.seed ?? 0,
    discount: checkDiscount(discount),
    objective: options.objective === undefined ? (env.objective ?? "maximize") : checkObjective(options.objective),
    hidden,
    learningRate: positive("learningRate", options.learningRate ?? 1e-3),
    batchSize,
    memory,
    warmUp,
    trainEvery: count("trainEvery", options.trainEvery ?? 4),
    targetEvery: count("targetEvery", options.targetEvery ?? 250),
    stepsAhead: count("stepsAhead", options.stepsAhead ?? 1),
    explore: asSchedule(options.explore ?? linearDecay({ from: 1, to: 0.05, steps: Math.max(1, steps / 4) }), "explore", 0, 1),
    double: options.double ?? true,
    clip: positive("clip", options.clip ?? 1),
    rewardScale: positive("rewardScale", options.rewardScale ?? 1),
    evaluate: options.evaluate,
    keepBest: keep === "best",
    signal: options.signal,
    onProgress: options.onProgress,
  };
}

/** The first of them. @throws OptionError for none, or one given twice; ShapeError where they differ in size. */
function checkEnvs<A>(envs: readonly ObservationEnv<A>[]): ObservationEnv<A> {
  const first = envs[0];
  if (first === undefined) throw new OptionError("env", "an empty list", "at least one environment");
  for (const [i, env] of envs.entries()) {
    if (envs.indexOf(env) !== i) throw new OptionError(`env[${i}]`, `the environment of env[${envs.indexOf(env)}]`, "an environment of its own");
    if (env.observationSize !== first.observationSize || env.actions.size !== first.actions.size)
      throw new ShapeError(
        `env[${i}] has ${env.observationSize} numbers and ${env.actions.size} actions, expected ${first.observationSize} and ${first.actions.size} as env[0].`,
      );
  }
  return first;
}

function count(where: string, value: number): number {
  if (!(Number.isSafeInteger(value) && value >= 1)) throw new OptionError(where, value, "a positive integer");
  return value;
}

function positive(where: string, value: number): number {
  if (!(value > 0 && value < Infinity)) throw new OptionError(where, value, "a positive finite number");
  return value;
}
