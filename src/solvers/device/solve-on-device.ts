// A discounted solve on a device: float32 sweeps there, corrections computed in float64, and the same certificate as on the CPU.
import { platform } from "#platform";
import { BackendError } from "../../errors.ts";
import { openTensorKernel, type TensorKernel } from "../../kernels/tensor/index.ts";
import type { Mdp } from "../../mdp/index.ts";
import { assemble } from "../assemble.ts";
import { gapOf, requireFiniteTotals } from "../bounds.ts";
import { type Certificate, certify } from "../certify.ts";
import { allChanges, plainChanges } from "../choice-changes.ts";
import type { CheckedOptions } from "../options.ts";
import { makeProblem } from "../problem.ts";
import { type Run, solving } from "../run.ts";
import type { Method, Solution, Status } from "../solution.ts";
import { startingPolicy, startingValue } from "../start.ts";
import { chooseDevice } from "./choose-device.ts";
import { float32Sweeps } from "./float32-sweeps.ts";

/** How a solve is ended on the CPU, from the values (S+1) and choices it has come to. */
export type FinishOnCpu = (run: Run, v: Float64Array, policy: Int32Array) => Promise<[Certificate, Status]>;

/** What a device runs for a method. */
export interface DeviceMethod {
  readonly method: Method;
  /** Sweeps of the greedy policy after each improving one. */
  readonly evaluations: number;
  readonly finish: FinishOnCpu;
}

/**
 * Solves on the device asked for, or that "auto" expects to win by; undefined where that is the CPU.
 *
 * @remarks Iterative refinement: with d(s,a) = Q(s,a) - v(s) in float64, V* - v is the optimal value of the same model with rewards d. It is of the size of the
 *   error, so float32 holds seven digits of the error, and each stage takes some five off it. Where stages no longer contract (γ near 1) or the device fails, the
 *   CPU goes on from the values reached.
 * @throws BackendError where the device cannot be had; UnsupportedModelError at discount 1.
 */
export async function solveOnDevice<S, A>(mdp: Mdp<S, A>, checked: CheckedOptions, how: DeviceMethod): Promise<Solution<S, A> | undefined> {
  const device = await chooseDevice(mdp.storage, checked);
  if (device === undefined) return undefined;
  const problem = makeProblem(mdp.storage, checked.objective, checked.discount, { ...checked, device: "auto" });
  return solving(problem, checked, how.method, async (run) => {
    requireFiniteTotals(problem);
    // Nothing to sweep: nothing to place on a device.
    if (mdp.choiceCount === 0) return assemble(mdp, run, ...(await how.finish(run, startingValue(problem, checked), startingPolicy(problem, checked))));
    const kernel = await openTensorKernel(device, problem.storage, problem.discount);
    run.device = kernel.backend;
    const v = startingValue(problem, checked);
    const outcome = await refine(run, kernel, v, how).finally(() => kernel.dispose());
    if (outcome !== undefined) return assemble(mdp, run, ...outcome);
    run.device = `${kernel.backend}+${problem.kernel.name}`;
    return assemble(mdp, run, ...(await how.finish(run, v, startingPolicy(problem, checked))));
  });
}

/** A stage must take at least this off the gap, or the next one is left to the CPU. */
const CONTRACTS = 0.25;

/** Stages until the certificate holds; undefined where the CPU should go on from v. */
async function refine(run: Run, kernel: TensorKernel, v: Float64Array, how: DeviceMethod): Promise<[Certificate, Status] | undefined> {
  const { problem, options } = run;
  const { epsilon } = options;
  const evaluations = kernel.evaluatesCheaply ? how.evaluations : 0;
  let target = epsilon;
  let gap = Infinity;
  // From zero values, Q - v is the reward.
  let reward: Float64Array = problem.storage.reward;
  let scale = problem.largestReward;
  if (options.initialValue !== undefined) {
    reward = await allChanges(run, plainChanges(problem, v));
    scale = largestBest(run, reward).size;
  }
  for (let stage = 1; ; stage++) {
    if (scale > 0) {
      try {
        kernel.setReward(reward, 1 / scale);
        const name = stage === 1 ? `float32 sweep (${kernel.backend})` : `float32 correction (${kernel.backend})`;
        const { values, ending } = await float32Sweeps(run, kernel, { name, scale, target: 0.5 * target, evaluations });
        for (let s = 0; s < values.length; s++) v[s]! += values[s]!;
        if (ending === "slow") return leaveToCpu(run, "sweeps foretell too many more");
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        platform.warn(`${error.message} The CPU goes on from where it came to; the answer is as certain.`);
        return leaveToCpu(run, error.message);
      }
    }
    reward = await allChanges(run, plainChanges(problem, v));
    run.sweeps++;
    const { size, change } = largestBest(run, reward);
    const before = gap;
    gap = gapOf(problem, change);
    run.record("float64 residual", change, gap, `stage ${stage}`);
    const { limit } = run;
    if (limit !== undefined || 0.5 * gap <= target || size === 0) {
      const certificate = await certify(run, v, epsilon);
      run.record("float64 certificate", change, certificate.gap, `stage ${stage}`);
      if (certificate.error <= epsilon) return [certificate, "converged"];
      if (limit !== undefined) return [certificate, limit];
      target = Math.min(target, 0.5 * gap) / 4;
    }
    if (!(gap <= CONTRACTS * before)) {
      // What is left may be rounding of the residual, which certificates see through.
      const certificate = await certify(run, v, epsilon);
      if (certificate.error <= epsilon) return [certificate, "converged"];
      return leaveToCpu(run, "corrections no longer contract");
    }
    scale = size;
  }
}

function leaveToCpu(run: Run, why: string): undefined {
  run.record("device", { min: 0, max: 0 }, Infinity, `${why}: the CPU goes on from here`);
}

/** The smallest and largest best change of a state, and the larger size of the two. */
function largestBest(run: Run, changes: Float64Array): { readonly size: number; readonly change: { min: number; max: number } } {
  const { stateCount, stateChoices } = run.problem.storage;
  const change = { min: Infinity, max: -Infinity };
  for (let s = 0; s < stateCount; s++) {
    let best = -Infinity;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (changes[c]! > best) best = changes[c]!;
    if (best === -Infinity) best = 0;
    if (best < change.min) change.min = best;
    if (best > change.max) change.max = best;
  }
  return { size: Math.max(-change.min, change.max), change };
}
