// Value iteration: v <- Tv, all states at once or one after the other, until the bounds are as close as asked.
import { OptionError } from "../errors.ts";
import type { Mdp } from "../mdp/index.ts";
import { assemble } from "./assemble.ts";
import { gapOf, requireFiniteTotals } from "./bounds.ts";
import { certify } from "./certify.ts";
import { solveOnDevice } from "./device/solve-on-device.ts";
import { goOnBySweeps } from "./modified-policy-iteration.ts";
import { type CheckedOptions, checkOptions, type SolveOptions } from "./options.ts";
import { makeProblem } from "./problem.ts";
import { ProgressGuard } from "./progress-guard.ts";
import { type Run, solving } from "./run.ts";
import type { Solution } from "./solution.ts";
import { startingPolicy, startingValue } from "./start.ts";
import { solveTotalReward } from "./total-reward/solve-total-reward.ts";

export interface ValueIterationOptions<S, A> extends SolveOptions<S, A> {
  /**
   * `synchronous` (default): every state from the same v, with span bounds at every sweep. `gauss-seidel`: in place, forwards and
   * backwards in turn, self-loops solved out; bounds come from a synchronous sweep now and then.
   */
  readonly order?: "synchronous" | "gauss-seidel" | undefined;
}

/**
 * Solves by value iteration, to proven bounds: `epsilon` bounds the true error of `value`, rounding included.
 *
 * @remarks Puterman (1994), section 6.3; stopped by MacQueen's and Porteus's bounds with the mid-point, not by the span alone. At discount 1 the
 *   model's end components are treated first (see `total-reward/`), since plain value iteration is wrong there.
 * @throws OptionError without a discount; UnsupportedModelError at discount 1 where the total is not defined.
 * @example
 * const best = await valueIteration(robot, { epsilon: 1e-9 });
 * best.value.at("low"); // 38.135593220
 */
export async function valueIteration<S, A>(mdp: Mdp<S, A>, options: ValueIterationOptions<S, A> = {}): Promise<Solution<S, A>> {
  const order = options.order ?? "synchronous";
  if (order !== "synchronous" && order !== "gauss-seidel") throw new OptionError("order", order, '"synchronous" or "gauss-seidel"');
  const checked = checkOptions(mdp, options);
  const method = order === "synchronous" ? "value-iteration" : "gauss-seidel";
  if (checked.discount === 1) return solveTotalReward(mdp, checked, method);
  const onDevice = await solveOnDevice(mdp, requireSynchronous(checked, order), { method, evaluations: 0, finish: goOnBySweeps(0) });
  if (onDevice !== undefined) return onDevice;
  return solving(makeProblem(mdp.storage, checked.objective, checked.discount, checked), checked, method, (run) => {
    requireFiniteTotals(run.problem);
    return order === "synchronous" ? synchronous(mdp, run) : inPlace(mdp, run);
  });
}

/** In-place sweeps are one state after the other: `auto` leaves them to the CPU. @throws OptionError where a device is asked for. */
function requireSynchronous(checked: CheckedOptions, order: "synchronous" | "gauss-seidel"): CheckedOptions {
  if (order === "synchronous" || checked.device === "cpu" || checked.device === "wasm") return checked;
  if (checked.device === "auto") return { ...checked, device: "wasm" };
  throw new OptionError("device", checked.device, '"auto", "cpu" or "wasm" for in-place sweeps', "synchronous value iteration runs on devices.");
}

async function synchronous<S, A>(mdp: Mdp<S, A>, run: Run): Promise<Solution<S, A>> {
  const { problem, options } = run;
  let v = startingValue(problem, options);
  let next = problem.kernel.vector();
  const policy = startingPolicy(problem, options);
  const guard = new ProgressGuard(problem);
  let target = options.epsilon;
  let stalledAt = Infinity;
  for (;;) {
    const change = await run.sweep(v, next, policy);
    [v, next] = [next, v];
    const gap = gapOf(problem, change);
    run.record("sweep", change, gap);
    const limit = run.limit;
    const stalled = guard.stalled(problem.ends ? Math.max(-change.min, change.max) : change.max - change.min, v);
    // The bounds of this backup shrink by γ once more in the next: v has moved on by one sweep already.
    if (limit === undefined && !stalled && !(0.5 * gap * problem.discount <= target)) continue;
    const certificate = await certify(run, v, options.epsilon);
    if (certificate.error <= options.epsilon) return assemble(mdp, run, certificate, "converged");
    if (limit !== undefined) return assemble(mdp, run, certificate, limit);
    if (stalled) {
      // v may be off by a constant, which spans do not see and rounding grows with: once more from the middle of the bounds.
      if (!(certificate.error < 0.5 * stalledAt)) return assemble(mdp, run, certificate, "precision");
      stalledAt = certificate.error;
      v.set(certificate.value);
    }
    target /= 4;
  }
}

async function inPlace<S, A>(mdp: Mdp<S, A>, run: Run): Promise<Solution<S, A>> {
  const { problem, options } = run;
  const v = startingValue(problem, options);
  const checked = problem.kernel.vector();
  const policy = startingPolicy(problem, options);
  const guard = new ProgressGuard(problem);
  let nextCheck = 4;
  for (let iteration = 1; ; iteration++) {
    const change = await run.gaussSeidel(v, policy, iteration % 2 === 0);
    run.record("in-place sweep", change, Infinity);
    const stalled = guard.stalled(Math.max(-change.min, change.max), v);
    if (run.limit === undefined && !stalled && iteration < nextCheck) continue;
    nextCheck = Math.ceil(iteration * 1.1) + 3;
    // In-place changes carry no bounds: a synchronous backup of v does.
    const seen = await run.sweep(v, checked, policy);
    const gap = gapOf(problem, seen);
    run.record("synchronous check", seen, gap);
    const limit = run.limit;
    if (limit === undefined && !stalled && !(0.5 * gap <= options.epsilon)) continue;
    const certificate = await certify(run, v, options.epsilon);
    if (certificate.error <= options.epsilon) return assemble(mdp, run, certificate, "converged");
    if (limit !== undefined) return assemble(mdp, run, certificate, limit);
    if (stalled) return assemble(mdp, run, certificate, "precision");
  }
}
