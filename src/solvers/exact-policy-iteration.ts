// Policy iteration with in-place improvements in order and evaluation by components: what models are solved by in which values travel far (mazes, queues, wear).
import { chooseKernel } from "../kernels/index.ts";
import { supNorm } from "../numeric/index.ts";
import { gapOf, seriesUp } from "./bounds.ts";
import { differences } from "./differences.ts";
import { evaluate, refine } from "./evaluation/evaluate.ts";
import type { Problem } from "./problem.ts";
import { ProgressGuard } from "./progress-guard.ts";
import { renumber } from "./renumber.ts";
import type { Run } from "./run.ts";
import { solveOutLoops } from "./solve-out-loops.ts";
import { orderOutwards } from "./sweep-order.ts";

/** How it ended: close enough to certify, at the limits of float64, at a limit of the caller's, or slower than the caller expected. */
export type Ending = "close" | "stalled" | "limit" | "slow";

/** In-place sweeps after an improvement, at most. */
const EVALUATIONS = 8;

/** Where they leave more than this part of the improvement's change, policies are evaluated by their linear systems from then on. */
const SLOW = 0.5;

/** An evaluation that leaves more than this part of the residual has failed; so many in a row end the attempt. */
const POOR = 0.5;
const MOST_POOR = 3;

/**
 * Improves v (S+1 numbers, overwritten) and policy until a synchronous sweep puts half the gap at or below `target`.
 *
 * @remarks Howard (1960), with the states renumbered outwards from where the process ends. An improvement is a Gauss-Seidel sweep in that order, self-loops solved out, so
 *   that what one state gains is used by the next; it can only raise the value of the policy evaluated before. Nothing is promised about evaluations that had to be
 *   iterated, so the gap alone decides; "slow" where they do not get anywhere.
 */
export async function exactPolicyIteration(run: Run, whole: Problem, v: Float64Array, policy: Int32Array, target: number): Promise<Ending> {
  const { stateCount } = whole.storage;
  const order = await orderOutwards(whole.storage, run.breathe);
  const { storage, oldChoice } = await renumber(whole.storage, order, run.breathe);
  solveOutLoops(storage, whole.discount);
  // Without its loops the model contracts no less: the whole one's row sums bound it.
  const problem: Problem = { ...whole, storage, kernel: chooseKernel(storage, whole.discount, whole.where), largestReward: supNorm(storage.reward) };
  const newChoice = new Int32Array(oldChoice.length);
  for (let i = 0; i < oldChoice.length; i++) newChoice[oldChoice[i]!] = i;
  const x = problem.kernel.vector();
  const choice = problem.kernel.policy();
  for (let i = 0; i < stateCount; i++) {
    const s = order[i]!;
    x[i] = v[s]!;
    if (policy[s]! >= 0) choice[i] = newChoice[policy[s]!]!;
  }
  run.switchTo(problem);
  const ending = await iterate(run, problem, x, choice, target);
  run.switchTo(whole);
  for (let i = 0; i < stateCount; i++) {
    v[order[i]!] = x[i]!;
    policy[order[i]!] = choice[i]! < 0 ? -1 : oldChoice[choice[i]!]!;
  }
  return ending;
}

async function iterate(run: Run, problem: Problem, v: Float64Array, policy: Int32Array, target: number): Promise<Ending> {
  const next = problem.kernel.vector();
  const before = new Int32Array(policy.length);
  // The change of an improvement at which the bounds may be close enough: found by trying.
  let tryAt = target / Math.max(1, seriesUp(problem));
  let exactly = false;
  const guard = new ProgressGuard(problem);
  let poor = 0;
  let least = Infinity;
  let settled = 0;
  for (;;) {
    before.set(policy);
    const change = await run.gaussSeidel(v, policy);
    const size = Math.max(-change.min, change.max);
    const switched = differences(before, policy);
    run.record("improve in order", change, Infinity, `${switched} states switched`);
    const stalled = guard.stalled(size, v);
    if (size <= tryAt || stalled || (exactly && switched === 0)) {
      const seen = await run.sweep(v, next, policy);
      const gap = gapOf(problem, seen);
      run.record("synchronous check", seen, gap);
      if (0.5 * gap * problem.discount <= target) {
        v.set(next);
        // A fixed point in floats comes no closer, however close the caller wants it.
        return stalled ? "stalled" : "close";
      }
      tryAt = size / 4;
      // Evaluated again and again to no avail: rounding is all that is left.
      settled = gap < 0.5 * least ? 0 : settled + 1;
      least = Math.min(least, gap);
      if (settled === 2) {
        if (exactly) return "stalled";
        exactly = true;
        settled = 0;
      }
    }
    if (run.limit !== undefined) return "limit";
    exactly ||= !(await sweepsEvaluate(run, v, policy, size));
    if (!exactly) continue;
    const { left, how } = await (switched === 0 ? refine(run, problem, policy, v) : evaluate(run, problem, policy, v));
    run.record("evaluate", { min: 0, max: size * left }, Infinity, how);
    poor = left > POOR ? poor + 1 : 0;
    if (poor === MOST_POOR) return "slow";
  }
}

/** Evaluates a policy by in-place sweeps until they move less than a tenth of `size`; false where they do not bring it down by much. */
async function sweepsEvaluate(run: Run, v: Float64Array, policy: Int32Array, size: number): Promise<boolean> {
  let moved = size;
  for (let i = 0; i < EVALUATIONS && moved > 0.1 * size && run.limit === undefined; i++) {
    const change = await run.policyGaussSeidel(v, policy);
    moved = Math.max(-change.min, change.max);
  }
  return moved <= SLOW * size || run.limit !== undefined;
}
