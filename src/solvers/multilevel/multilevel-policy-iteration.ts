// Policy iteration with multilevel evaluation: what models are solved by in which errors are smooth and die slowly (queues, chains, wear).
import { gapOf } from "../bounds.ts";
import type { Ending } from "../ordered-sweeps.ts";
import type { Problem } from "../problem.ts";
import type { Run } from "../run.ts";
import { evaluateMultilevel } from "./evaluate.ts";

/** An evaluation that leaves more than this part of the residual has failed; so many in a row end the attempt. */
const POOR = 0.5;
const MOST_POOR = 3;

/**
 * Improves v (S+1 numbers, overwritten) and policy until a synchronous sweep puts half the gap at or below `target`.
 *
 * @remarks Inexact policy iteration: each policy is evaluated to a thousandth of its residual. Nothing is promised about the evaluations, so the gap alone
 *   decides; "slow" where they do not get anywhere within about `budget` sweeps' time.
 */
export async function multilevelPolicyIteration(
  run: Run,
  problem: Problem,
  v: Float64Array,
  policy: Int32Array,
  target: number,
  budget: number,
): Promise<Ending> {
  const next = problem.kernel.vector();
  const before = problem.kernel.policy();
  const started = run.sweeps;
  let poor = 0;
  let least = Infinity;
  let settled = 0;
  for (;;) {
    before.set(policy);
    const change = await run.sweep(v, next, policy);
    const gap = gapOf(problem, change);
    run.record("improve", change, gap);
    v.set(next);
    if (0.5 * gap * problem.discount <= target) return "close";
    if (run.limit !== undefined) return "limit";
    // The same policy, evaluated again and again to no avail: rounding is all that is left.
    settled = gap < 0.5 * least || !same(before, policy) ? 0 : settled + 1;
    least = Math.min(least, gap);
    if (settled === 2) return "stalled";
    if (run.sweeps - started > budget) return "slow";
    const { left, how } = await evaluateMultilevel(run, problem, policy, v);
    run.record("evaluate", { min: 0, max: Math.max(-change.min, change.max) * left }, Infinity, how);
    poor = left > POOR ? poor + 1 : 0;
    if (poor === MOST_POOR) return "slow";
  }
}

function same(one: Int32Array, other: Int32Array): boolean {
  return one.every((choice, s) => choice === other[s]);
}
