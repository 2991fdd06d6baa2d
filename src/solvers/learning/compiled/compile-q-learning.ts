// Whether a run of Q-learning is one that the compiled learner can make, and the compiled learner for it.
import { type Env, ModelEnv } from "../../../envs/index.ts";
import { type Explorer, explorerForm } from "../../../policies/explorer.ts";
import type { Schedule } from "../../../policies/index.ts";
import { scheduleForm } from "../../../policies/schedule.ts";
import { CompiledQLearning } from "./compiled-q-learning.ts";
import { modelMemory, noneBeyond } from "./model-memory.ts";

/** What a run of Q-learning is made of. */
export interface QLearningRun {
  readonly explore: Explorer;
  readonly rate: Schedule;
  readonly discount: number;
  /** 1, or -1 where rewards are to be minimised. */
  readonly sign: number;
  /** C starting values, oriented. */
  readonly q: Float64Array;
  /** Steps to be made, as far as is known. */
  readonly steps: number;
}

/** Below this, and below this part of the model's size, making the copy takes longer than the steps. */
const FEWEST_STEPS = 500;
const STEPS_PER_BRANCH = 1 / 16;

/**
 * The compiled learner of a run, to be released after it, or undefined where the run needs the generic loop: another
 * environment than a plain `toEnv(mdp)`, an explorer or a learning rate that is not known here, numbers or a model too large.
 *
 * @remarks What is compiled makes the same run, bit for bit; only the sign of a 0 may differ.
 */
export function compileQLearning<S, A>(env: Env<S, A>, run: QLearningRun): CompiledQLearning<S, A> | undefined {
  if (!isPlain(env)) return undefined;
  const explorer = explorerForm(run.explore);
  const rate = scheduleForm(run.rate);
  if (explorer === undefined || rate === undefined) return undefined;
  const epsilon = explorer.epsilon === undefined ? undefined : scheduleForm(explorer.epsilon);
  if (explorer.epsilon !== undefined && (epsilon === undefined || epsilon.kind === "harmonic")) return undefined;
  // Rates outside [0, 1] let values grow without limit.
  if (rate.kind === "constant" && !(rate.value >= 0 && rate.value <= 1)) return undefined;
  if (rate.kind === "by-step" && !(rate.min >= 0 && rate.max <= 1)) return undefined;
  if (!(run.steps >= Math.max(FEWEST_STEPS, env.mdp.storage.target.length * STEPS_PER_BRANCH))) return undefined;
  if (!noneBeyond(run.q)) return undefined;
  const memory = modelMemory(env.mdp);
  if (memory === undefined) return undefined;
  return new CompiledQLearning(env, memory, {
    q: run.q,
    discount: run.discount,
    sign: run.sign,
    epsilon: explorer.epsilon,
    epsilonVaries: epsilon?.kind === "by-step",
    tiesAtRandom: explorer.tiesAtRandom,
    rate: run.rate,
    rateVaries: rate.kind === "by-step",
    harmonic: rate.kind === "harmonic" ? rate.scale : 0,
  });
}

/** Whether an environment is what `toEnv` makes, with nothing changed about it. */
function isPlain<S, A>(env: Env<S, A>): env is ModelEnv<S, A> {
  if (!(env instanceof ModelEnv) || Object.getPrototypeOf(env) !== ModelEnv.prototype) return false;
  return !["reset", "step", "save", "restore"].some((name) => Object.hasOwn(env, name));
}
