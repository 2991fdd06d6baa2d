// Gauss-Seidel in the right order: what models solve by in which values travel far (mazes, grids, queues).
import { gapOf, seriesUp } from "./bounds.ts";
import { makeProblem, type Problem } from "./problem.ts";
import { ProgressGuard } from "./progress-guard.ts";
import type { Run } from "./run.ts";
import { orderOutwards, renumber, solveOutLoops } from "./sweep-order.ts";

/** At most this many evaluation sweeps follow an improving one. */
const EVALUATIONS = 8;

/** How many of the last sizes `sweepsLeft` needs to see. */
export const REMEMBERED = 16;

/** How the sweeps ended: close enough to certify, at a limit, or slower than the caller expected of them. */
export type Ending = "close" | "stalled" | "limit" | "slow";

/**
 * Improves v (S+1 numbers, overwritten) by in-place sweeps from a lower bound, states in breadth-first order from where the process ends.
 *
 * @remarks One improving sweep, then up to 8 evaluation sweeps of its policy, ended when they move less than a tenth of it. From a lower bound with Tv >= v every sweep
 *   only raises v (Puterman 1994, theorem 6.3.4 for the Gauss-Seidel operator), so no value has to be taken back. Self-loops are solved out.
 * @param target ends when a synchronous check puts half the gap at or below this.
 * @param tooSlow is told the sweeps still to come as the last improvements foretell; true ends with "slow".
 */
export async function orderedSweeps(
  run: Run,
  whole: Problem,
  v: Float64Array,
  policy: Int32Array,
  target: number,
  tooSlow: (sweepsLeft: number) => boolean,
): Promise<Ending> {
  const { stateCount } = whole.storage;
  const order = await orderOutwards(whole.storage, run.breathe);
  const moved = await renumber(whole.storage, order, run.breathe);
  solveOutLoops(moved.storage, whole.discount);
  // Without its loops the model contracts no less: the whole one's numbers bound it.
  const problem: Problem = { ...makeProblem(moved.storage, "maximize", whole.discount, whole.where), mass: whole.mass, ends: whole.ends };
  const { oldChoice } = moved;
  const newChoice = new Int32Array(oldChoice.length);
  for (let i = 0; i < oldChoice.length; i++) newChoice[oldChoice[i]!] = i;
  const x = problem.kernel.vector();
  const spare = problem.kernel.vector();
  const choice = problem.kernel.policy();
  for (let i = 0; i < stateCount; i++) {
    const s = order[i]!;
    x[i] = v[s]!;
    if (policy[s]! >= 0) choice[i] = newChoice[policy[s]!]!;
  }
  run.switchTo(problem);
  const ending = await sweepUntil(run, problem, x, spare, choice, target, tooSlow);
  run.switchTo(whole);
  for (let i = 0; i < stateCount; i++) {
    v[order[i]!] = x[i]!;
    policy[order[i]!] = choice[i]! < 0 ? -1 : oldChoice[choice[i]!]!;
  }
  return ending;
}

async function sweepUntil(
  run: Run,
  problem: Problem,
  v: Float64Array,
  spare: Float64Array,
  policy: Int32Array,
  target: number,
  tooSlow: (sweepsLeft: number) => boolean,
): Promise<Ending> {
  const guard = new ProgressGuard(problem);
  // The change of one improving sweep at which the bounds may be close enough: found by trying.
  let tryAt = target / Math.max(1, seriesUp(problem));
  const sizes: { size: number; sweep: number }[] = [];
  for (;;) {
    const change = await run.gaussSeidel(v, policy);
    const size = Math.max(-change.min, change.max);
    run.record("improve in order", change, Infinity);
    const limit = run.limit !== undefined;
    const stalled = guard.stalled(size, v);
    sizes.push({ size, sweep: run.sweeps });
    if (sizes.length > REMEMBERED) sizes.shift();
    if (limit || stalled || size <= tryAt) {
      const seen = await run.sweep(v, spare, policy);
      const gap = gapOf(problem, seen);
      run.record("synchronous check", seen, gap);
      // A fixed point in floats comes no closer, however close the caller wants it.
      if (0.5 * gap <= target) return stalled ? "stalled" : "close";
      if (limit) return "limit";
      if (stalled) return "stalled";
      tryAt = size / 4;
    }
    if (tooSlow(sweepsLeft(sizes, tryAt))) return "slow";
    for (let i = 0; i < EVALUATIONS && run.limit === undefined; i++) {
      const evaluated = await run.policyGaussSeidel(v, policy);
      if (Math.max(-evaluated.min, evaluated.max) <= 0.1 * size) break;
    }
  }
}

/** From the rate of the last few improvements; 0 while there are too few to tell. */
export function sweepsLeft(sizes: readonly { readonly size: number; readonly sweep: number }[], goal: number): number {
  const LAG = 4;
  const last = sizes.at(-1);
  const earlier = sizes.at(-1 - LAG);
  if (last === undefined || earlier === undefined || sizes.length < 2 * LAG) return 0;
  if (last.size <= goal) return 0;
  const rate = Math.log(earlier.size / last.size) / (last.sweep - earlier.sweep);
  return rate > 0 ? Math.log(last.size / goal) / rate : Infinity;
}
