// KL-regularised value iteration: the best policy that pays for leaving a reference policy, such as a prior, with bounds on its own optimum.
import { OptionError, UnsupportedModelError } from "../../errors.ts";
import type { Change } from "../../kernels/index.ts";
import { ChoiceTable, type Mdp, type Objective, StateTable } from "../../mdp/index.ts";
import { nextDown, nextUp } from "../../numeric/index.ts";
import { Policy, policySpace } from "../../policies/policy.ts";
import { backupOf } from "../backup-of.ts";
import { gapOf, requireFiniteTotals, shiftOf } from "../bounds.ts";
import { checkOptions, type SolveOptions } from "../options.ts";
import { makeProblem } from "../problem.ts";
import { ProgressGuard } from "../progress-guard.ts";
import { type Run, solving } from "../run.ts";
import type { Bounds, HistoryEntry, Status } from "../solution.ts";
import { startingValue } from "../start.ts";
import { type Reference, referenceOf, type SoftSweep, softPolicyOf, softSweep } from "./soft-backup.ts";

export interface RegularizedOptions<S, A> extends Omit<SolveOptions<S, A>, "initialPolicy"> {
  /** ρ: what leaving costs. A choice it gives 0 is never taken. */
  readonly reference: Policy<S, A>;
  /** τ > 0, in units of reward a nat of divergence: near 0 the reference hardly counts, at large τ it is followed. */
  readonly temperature: number;
}

/** The regularised optimum. It is not V*: see `policyRegret` for what its policy loses in the model itself. */
export interface RegularizedSolution<S, A> {
  readonly mdp: Mdp<S, A>;
  readonly method: "regularized-value-iteration";
  readonly status: Status;
  readonly objective: Objective;
  readonly discount: number;
  readonly temperature: number;
  readonly reference: Policy<S, A>;
  /** The accuracy asked for of `value`, absolute, in the sup norm. */
  readonly epsilon: number;
  /** S values V_τ: rewards less τ times the divergence from the reference (plus, where costs are minimised). The middle of the bounds. */
  readonly value: StateTable<S>;
  /** C values: one backup of `value`, without the cost of its own choice. */
  readonly q: ChoiceTable<S, A>;
  /** π(a|s) in proportion to ρ(a|s) exp(q(s,a) / τ). */
  readonly policy: Policy<S, A>;
  /** Contain the fixed point of the soft operator for the float64 numbers given, rounding of exp and log included. */
  readonly bounds: Bounds<S>;
  /** The widest upper - lower. */
  readonly gap: number;
  readonly sweeps: number;
  readonly seconds: number;
  readonly history: readonly HistoryEntry[];
}

/**
 * Solves max_π E Σ γ^t (r - τ KL(π(.|s) ‖ ρ(.|s))) to proven bounds, by v <- T_τ v with T_τ v(s) = τ ln Σ_a ρ(a|s) exp(Q_v(s,a) / τ).
 *
 * @remarks T_τ is monotone and moves by γ·m·k where v moves by a constant k, like the Bellman operator itself, so that MacQueen's and Porteus's bounds hold for
 *   it unchanged. Sources: Todorov, "Linearly-solvable Markov decision problems" (2006); Fox, Pakman and Tishby, "Taming the noise in reinforcement learning via soft
 *   updates" (2016), with a prior as reference; Geist, Scherrer and Pietquin, "A theory of regularized Markov decision processes" (2019). V_τ lies between V^ρ and V*.
 * @throws OptionError; ShapeError where the reference is another model's; UnsupportedModelError at discount 1, where regularised totals need not exist.
 * @example
 * const soft = await regularizedValueIteration(maze.mdp, { reference: prior.policy, temperature: 0.05 });
 * const { max } = await policyRegret(maze.mdp, soft.policy, await solve(maze.mdp)); // what the prior's pull costs
 */
export async function regularizedValueIteration<S, A>(mdp: Mdp<S, A>, options: RegularizedOptions<S, A>): Promise<RegularizedSolution<S, A>> {
  const { temperature, reference } = options;
  if (!(temperature > 0 && temperature < Infinity)) throw new OptionError("temperature", temperature, "a positive finite number");
  const checked = checkOptions(mdp, options);
  if (checked.discount === 1) {
    throw new UnsupportedModelError("discount is 1, expected a discount below 1: what leaving the reference costs need not add up to a finite total.", {
      hint: "pass discount.",
    });
  }
  const problem = makeProblem(mdp.storage, checked.objective, checked.discount, checked);
  return solving(problem, checked, "regularized-value-iteration", async (run) => {
    requireFiniteTotals(problem);
    const given = referenceOf(problem, reference);
    const end = await iterate(run, given, temperature);
    return assembleSoft(mdp, run, reference, given, temperature, end);
  });
}

interface SoftEnd {
  readonly status: Status;
  readonly value: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly gap: number;
}

async function iterate(run: Run, reference: Reference, temperature: number): Promise<SoftEnd> {
  const { problem, options } = run;
  let v = startingValue(problem, options);
  let next = problem.kernel.vector();
  const guard = new ProgressGuard(problem);
  for (;;) {
    const sweep = await softSweep(run, reference, temperature, v, next);
    [v, next] = [next, v];
    const { change } = sweep;
    const gap = gapOf(problem, widened(sweep));
    run.record("soft sweep", change, gap);
    const limit = run.limit;
    const stalled = guard.stalled(problem.ends ? Math.max(-change.min, change.max) : change.max - change.min, v);
    if (limit === undefined && !stalled && !(0.5 * gap <= options.epsilon)) continue;
    const bounds = boundsOf(run, v, sweep);
    const status = bounds.error <= options.epsilon ? "converged" : (limit ?? (stalled ? "precision" : undefined));
    if (status !== undefined) return { ...bounds, status };
  }
}

/** The exact change lies within. */
function widened({ change, error }: SoftSweep): Change {
  return { min: nextDown(nextDown(change.min) - error), max: nextUp(nextUp(change.max) + error) };
}

/** Bounds on the fixed point from v = T_τ of the vector before it, as it was computed. */
function boundsOf(run: Run, v: Float64Array, sweep: SoftSweep): Omit<SoftEnd, "status"> & { readonly error: number } {
  const { problem } = run;
  const { stateCount, stateChoices } = problem.storage;
  const shift = shiftOf(problem, widened(sweep));
  const [lower, upper, value] = [new Float64Array(stateCount), new Float64Array(stateCount), new Float64Array(stateCount)];
  let gap = 0;
  let error = 0;
  for (let s = 0; s < stateCount; s++) {
    if (stateChoices[s] === stateChoices[s + 1]) continue;
    const below = nextDown(nextDown(v[s]! - sweep.error) + shift.low);
    const above = nextUp(nextUp(v[s]! + sweep.error) + shift.high);
    const middle = below + 0.5 * (above - below);
    lower[s] = below;
    upper[s] = above;
    value[s] = middle;
    gap = Math.max(gap, nextUp(above - below));
    error = Math.max(error, nextUp(above - middle), nextUp(middle - below));
  }
  return { lower, upper, value, gap, error };
}

function assembleSoft<S, A>(mdp: Mdp<S, A>, run: Run, reference: Policy<S, A>, given: Reference, temperature: number, end: SoftEnd): RegularizedSolution<S, A> {
  const { problem, options } = run;
  const minimize = problem.sign === -1;
  const turned = (array: Float64Array) => new StateTable(mdp.states, minimize ? array.map((x) => 0 - x) : array);
  const value = turned(end.value);
  const v = problem.kernel.vector();
  v.set(end.value);
  return {
    mdp,
    method: "regularized-value-iteration",
    status: end.status,
    objective: options.objective,
    discount: options.discount,
    temperature,
    reference,
    epsilon: options.epsilon,
    value,
    q: new ChoiceTable(mdp.states, mdp.actions, mdp.storage, () => backupOf(mdp, options.discount, value.array)),
    policy: Policy.stochastic(policySpace(mdp), softPolicyOf(problem, given, temperature, v)),
    bounds: { lower: turned(minimize ? end.upper : end.lower), upper: turned(minimize ? end.lower : end.upper) },
    gap: end.gap,
    sweeps: run.sweeps,
    seconds: run.seconds,
    history: run.history,
  };
}
