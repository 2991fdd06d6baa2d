// Modified policy iteration: one improving sweep, then a few cheap sweeps of the policy it found.
import { OptionError } from "../errors.ts";
import type { Mdp } from "../mdp/index.ts";
import { assemble } from "./assemble.ts";
import { gapOf, recentre, requireFiniteTotals } from "./bounds.ts";
import { type Certificate, certify } from "./certify.ts";
import { type FinishOnCpu, solveOnDevice } from "./device/solve-on-device.ts";
import { evaluateMultilevel } from "./multilevel/evaluate.ts";
import { checkOptions, type SolveOptions } from "./options.ts";
import { REMEMBERED, sweepsLeft } from "./ordered-sweeps.ts";
import { makeProblem } from "./problem.ts";
import { ProgressGuard } from "./progress-guard.ts";
import { type Run, solving } from "./run.ts";
import type { Solution, Status } from "./solution.ts";
import { startingPolicy, startingValue } from "./start.ts";
import { solveTotalReward } from "./total-reward/solve-total-reward.ts";

export interface ModifiedPolicyIterationOptions<S, A> extends SolveOptions<S, A> {
  /** Evaluation sweeps after each improving one. Default 5; 0 is value iteration. */
  readonly evaluationSweeps?: number | undefined;
}

/**
 * Solves by modified policy iteration, to proven bounds.
 *
 * @remarks Puterman and Shin (1978); Puterman (1994), section 6.5. It converges from any start at a discount below 1 (Scherrer et al. 2012). A tie keeps
 *   the incumbent action.
 * @throws OptionError; UnsupportedModelError at discount 1 where the total is not defined.
 * @example
 * const best = await modifiedPolicyIteration(robot);
 */
export async function modifiedPolicyIteration<S, A>(mdp: Mdp<S, A>, options: ModifiedPolicyIterationOptions<S, A> = {}): Promise<Solution<S, A>> {
  const evaluations = options.evaluationSweeps ?? 5;
  if (!(Number.isInteger(evaluations) && evaluations >= 0)) throw new OptionError("evaluationSweeps", evaluations, "an integer >= 0");
  const checked = checkOptions(mdp, options);
  if (checked.discount === 1) return solveTotalReward(mdp, checked, "modified-policy-iteration");
  const goOn = goOnBySweeps(evaluations);
  const onDevice = await solveOnDevice(mdp, checked, { method: "modified-policy-iteration", evaluations, finish: goOn });
  if (onDevice !== undefined) return onDevice;
  return solving(makeProblem(mdp.storage, checked.objective, checked.discount, checked), checked, "modified-policy-iteration", async (run) => {
    requireFiniteTotals(run.problem);
    return assemble(mdp, run, ...(await goOn(run, startingValue(run.problem, checked), startingPolicy(run.problem, checked))));
  });
}

/** The iteration to its end, from wherever it is given. */
export function goOnBySweeps(evaluations: number): FinishOnCpu {
  return async (run, v, policy) => {
    const { certificate, ending } = await improvingSweeps(run, v, policy, evaluations);
    return [certificate ?? (await certify(run, v, run.options.epsilon)), ending === "slow" ? "max-sweeps" : ending];
  };
}

/**
 * The iteration itself: v (S+1 numbers) and policy are overwritten with where it came to.
 *
 * @param tooSlow is told the sweeps still to come as the last gaps foretell; true ends with "slow", without a certificate.
 */
export async function improvingSweeps(
  run: Run,
  v: Float64Array,
  policy: Int32Array,
  evaluations: number,
  tooSlow: (sweepsLeft: number) => boolean = () => false,
): Promise<{ readonly certificate: Certificate | undefined; readonly ending: Status | "slow" }> {
  const { problem } = run;
  const { epsilon } = run.options;
  let now = v;
  let next = problem.kernel.vector();
  const guard = new ProgressGuard(problem);
  const gaps: { size: number; sweep: number }[] = [];
  let target = epsilon;
  let stalledAt = Infinity;
  const end = (certificate: Certificate | undefined, ending: Status | "slow") => {
    if (now !== v) v.set(now);
    return { certificate, ending };
  };
  for (;;) {
    const change = await run.sweep(now, next, policy);
    [now, next] = [next, now];
    const gap = gapOf(problem, change);
    run.record("improve", change, gap);
    gaps.push({ size: gap, sweep: run.sweeps });
    if (gaps.length > REMEMBERED) gaps.shift();
    const limit = run.limit;
    const stalled = guard.stalled(problem.ends ? Math.max(-change.min, change.max) : change.max - change.min, now);
    // The bounds of this backup shrink by γ once more in the next: v has moved on by one sweep already.
    if (limit !== undefined || stalled || 0.5 * gap * problem.discount <= target) {
      const certificate = await certify(run, now, epsilon);
      if (certificate.error <= epsilon) return end(certificate, "converged");
      if (limit !== undefined) return end(certificate, limit);
      if (stalled && !(certificate.error < 0.5 * stalledAt)) return end(certificate, "precision");
      if (stalled) {
        // Plain sweeps stand still where γ times the change rounds to the change; a residual in twice the precision shows what is still wrong.
        stalledAt = certificate.error;
        await evaluateMultilevel(run, problem, policy, now);
      }
      target /= 4;
    } else recentre(problem, change, now);
    if (tooSlow(sweepsLeft(gaps, target))) return end(undefined, "slow");
    if (evaluations > 0) await run.hold(policy);
    for (let i = 0; i < evaluations && run.limit === undefined; i++) {
      await run.heldSweep(now, next, policy);
      [now, next] = [next, now];
    }
  }
}
