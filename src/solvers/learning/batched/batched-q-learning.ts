// Q-learning of many environments in step, with one table: the algorithm of a device, and its reference on the CPU.
import { OptionError } from "../../../errors.ts";
import { ChoiceTable, checkObjective, type Mdp, type Objective, type StateTable } from "../../../mdp/index.ts";
import { Rng, type Seed } from "../../../numeric/index.ts";
import { Pacer } from "../../../platform/pacer.ts";
import { greedyPolicy, type Policy, type Schedule } from "../../../policies/index.ts";
import { asSchedule } from "../../../policies/schedule.ts";
import { requireDiscount } from "../../options.ts";
import { rewardRange } from "../ceiling.ts";
import { bestOf } from "../control.ts";
import { defaultLearningRate } from "../learning-rate.ts";
import { checkCount, type LearnStatus } from "../options.ts";
import { type BatchedLearner, type BatchedRule, type BatchedState, CpuBatchedLearner } from "./batched-learner.ts";
import { toFraction, toUnits, unitFor } from "./fixed-point.ts";
import { samplingModel } from "./sampling-model.ts";
import { WebGpuBatchedLearner } from "./webgpu-batched-learner.ts";

/** What `onProgress` is told, about every 40 ms. */
export interface BatchedProgress {
  /** Synchronous steps, and the steps of all environments together. */
  readonly steps: number;
  readonly transitions: number;
  readonly seconds: number;
}

export interface BatchedQLearningOptions {
  /** Synchronous steps: each is one step of every environment. */
  readonly steps: number;
  /** E, at most 32,768. Default 256. */
  readonly envs?: number | undefined;
  /** Names the draws. Default 0. */
  readonly seed?: Seed | undefined;
  /** γ; by default the model's own. */
  readonly discount?: number | undefined;
  readonly objective?: Objective | undefined;
  /** Episodes are cut off after so many steps. Default: no limit. */
  readonly maxSteps?: number | undefined;
  /** The chance of a random choice, by synchronous step. Default 0.1. */
  readonly explore?: number | Schedule | undefined;
  /** α in (0, 1], or by the choice's updates, this one included, from 1 to 65,536, and held from there. Default `defaultLearningRate(discount)`. */
  readonly learningRate?: number | ((updates: number) => number) | undefined;
  /** Where Q starts. Default 0. */
  readonly initialQ?: number | undefined;
  /** No value is larger than this. Default: the largest |reward| / (1 - discount), or times `maxSteps` at discount 1. It sets the unit of the integers. */
  readonly bound?: number | undefined;
  /** A `GPUDevice` to learn on, such as `tf.backend().device` of tfjs's WebGPU backend. Default: the CPU. The run is the same. */
  readonly gpu?: object | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BatchedProgress) => void) | undefined;
}

/** The answer of batched Q-learning. It is an estimate: no bounds, no certificate. */
export interface BatchedQResult<S, A> {
  readonly method: "batched-q-learning";
  readonly status: LearnStatus;
  readonly objective: Objective;
  readonly discount: number;
  readonly device: string;
  /** C values, multiples of `unit`, in the reward's own sign. */
  readonly q: ChoiceTable<S, A>;
  readonly value: StateTable<S>;
  readonly policy: Policy<S, A>;
  /** C counts: in how many synchronous steps a choice was taken by some environment. */
  readonly updates: Uint32Array;
  /** The resolution of values: a power of two. */
  readonly unit: number;
  readonly envs: number;
  readonly steps: number;
  /** steps × envs. */
  readonly transitions: number;
  readonly episodes: number;
  readonly seconds: number;
}

/** More environments would overflow the sums of errors on a device. */
const MOST_ENVS = 32_768;

/** Learning rates are tabulated for so many updates of a choice. */
const RATES = 65_536;

/** Environment steps between two looks at the clock. */
const SLICE = 50_000;

/**
 * Learns the optimal Q from E environments of a model stepped together: all act on the same Q, then every choice taken is updated once, by the mean of its
 * environments' errors.
 *
 * @remarks Q-learning (Watkins, 1989) with synchronous parallel actors, as Mnih et al. (2016) have them asynchronously. Branches are drawn from alias tables (Walker, 1977;
 *   Vose, 1991) by counter-based random numbers (Philox4x32-10, Salmon et al., 2011): the draw of environment e at step t is a function of (seed, t, e) alone. Values are
 *   integers of a fixed unit, about 2^-29 of the largest value, since integers add up to the same bits in any order: the same seed gives the same run on every device.
 *   A cut-off episode bootstraps, a terminated one does not. Ties are broken at random.
 * @throws OptionError; UnsupportedModelError where no episode can start; BackendError where the GPU cannot hold the model.
 * @example
 * const learned = await batchedQLearning(robot, { envs: 64, steps: 20_000, seed: 7 });
 * learned.q.at("high", "search"); // about 2500/59
 */
export async function batchedQLearning<S, A>(mdp: Mdp<S, A>, options: BatchedQLearningOptions): Promise<BatchedQResult<S, A>> {
  const plan = batchedPlan(mdp, options);
  return runBatched(mdp, await learnerOn(options.gpu, plan), plan, options);
}

async function learnerOn(gpu: object | undefined, { model, rule, initialQ }: BatchedPlan): Promise<BatchedLearner> {
  if (gpu === undefined) return new CpuBatchedLearner(model, rule, initialQ);
  if (!isGpuDevice(gpu)) throw new OptionError("gpu", gpu, "a GPUDevice", "of tfjs's WebGPU backend it is tf.backend().device.");
  return WebGpuBatchedLearner.start(gpu, model, rule, initialQ);
}

function isGpuDevice(device: object): device is GPUDevice {
  return "createComputePipeline" in device && "queue" in device;
}

/** What a learner is made of, checked. */
export interface BatchedPlan {
  readonly model: ReturnType<typeof samplingModel>;
  readonly rule: BatchedRule;
  readonly initialQ: Int32Array;
  readonly discount: number;
  readonly objective: Objective;
  readonly unit: number;
  readonly explore: Schedule;
}

/** @throws OptionError, UnsupportedModelError */
export function batchedPlan<S, A>(mdp: Mdp<S, A>, options: BatchedQLearningOptions): BatchedPlan {
  checkCount("steps", options.steps, 0);
  const envs = checkCount("envs", options.envs ?? 256, 1);
  if (envs > MOST_ENVS) throw new OptionError("envs", envs, `at most ${MOST_ENVS}`);
  const discount = requireDiscount(mdp, options.discount);
  const objective = options.objective === undefined ? mdp.objective : checkObjective(options.objective);
  const sign = objective === "minimize" ? -1 : 1;
  const maxSteps = options.maxSteps === undefined ? 0 : checkCount("maxSteps", options.maxSteps, 1);
  const bound = boundOf(mdp, discount, objective, maxSteps, options.bound);
  const unit = unitFor(bound);
  const initial = options.initialQ ?? 0;
  if (!(Math.abs(initial) <= bound)) throw new OptionError("initialQ", initial, `a number within ±${bound}`, "pass bound, the largest value there can be.");
  const model = samplingModel(mdp, unit, sign);
  const source = new Rng(options.seed ?? 0);
  return {
    model,
    rule: { envs, maxSteps, discount: toFraction(discount), rates: ratesOf(options.learningRate, discount), key: [source.uint32(), source.uint32()] },
    initialQ: new Int32Array(model.choiceCount).fill(toUnits(sign * initial, unit)),
    discount,
    objective,
    unit,
    explore: asSchedule(options.explore ?? 0.1, "explore", 0, 1),
  };
}

/** Steps the learner to the end, or until it is aborted, and reads its tables. */
export async function runBatched<S, A>(
  mdp: Mdp<S, A>,
  learner: BatchedLearner,
  plan: BatchedPlan,
  options: BatchedQLearningOptions,
): Promise<BatchedQResult<S, A>> {
  const { rule, objective, discount, unit, explore } = plan;
  const pacer = new Pacer({ signal: options.signal });
  const slice = Math.max(1, Math.floor(SLICE / rule.envs));
  let steps = 0;
  try {
    while (steps < options.steps && !pacer.aborted) {
      const cuts = Uint32Array.from({ length: Math.min(slice, options.steps - steps) }, (_, i) => cutOf(explore(steps + i, 1)));
      await learner.advance(cuts);
      steps += cuts.length;
      if (!pacer.due) continue;
      options.onProgress?.({ steps, transitions: steps * rule.envs, seconds: pacer.seconds });
      await pacer.giveWay();
    }
    const state = await learner.read();
    const q = tableOf(mdp, state, unit, objective);
    return {
      method: "batched-q-learning",
      status: steps < options.steps ? "aborted" : "done",
      objective,
      discount,
      device: learner.device,
      q,
      value: bestOf(q, objective),
      policy: greedyPolicy(q, { objective }),
      updates: state.updates.slice(),
      unit,
      envs: rule.envs,
      steps,
      transitions: steps * rule.envs,
      episodes: state.episodes,
      seconds: pacer.seconds,
    };
  } finally {
    learner.release();
  }
}

function tableOf<S, A>(mdp: Mdp<S, A>, state: BatchedState, unit: number, objective: Objective): ChoiceTable<S, A> {
  const sign = objective === "minimize" ? -1 : 1;
  const q = Float64Array.from(state.q, (x) => (x === 0 ? 0 : sign * x * unit));
  return new ChoiceTable(mdp.states, mdp.actions, mdp.storage, q);
}

function boundOf<S, A>(mdp: Mdp<S, A>, discount: number, objective: Objective, maxSteps: number, given: number | undefined): number {
  if (given !== undefined) {
    if (!(given > 0 && given < Infinity)) throw new OptionError("bound", given, "a positive finite number");
    return given;
  }
  const { scale } = rewardRange(mdp, discount, objective);
  if (scale === 0) return 1;
  if (discount === 1 && maxSteps === 0) throw new OptionError("bound", undefined, "the largest value there can be, at discount 1 without maxSteps");
  return discount === 1 ? scale * maxSteps : scale / (1 - discount);
}

function ratesOf(given: BatchedQLearningOptions["learningRate"], discount: number): Uint32Array {
  const usual = defaultLearningRate(discount);
  const at = (updates: number): number => (given === undefined ? usual(0, updates) : typeof given === "number" ? given : given(updates));
  return Uint32Array.from({ length: RATES }, (_, n) => {
    const alpha = at(n + 1);
    if (!(alpha > 0 && alpha <= 1)) throw new OptionError(`learningRate at update ${n + 1}`, alpha, "a number in (0, 1]");
    return toFraction(alpha);
  });
}

/** A chance as what a 32-bit draw is compared with. */
function cutOf(chance: number): number {
  return Math.min(4294967295, Math.round(chance * 4294967296));
}
