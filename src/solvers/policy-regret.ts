// What following a policy loses against the certified optimum, state by state, with bounds.
import type { Mdp } from "../mdp/index.ts";
import { nextDown, nextUp } from "../numeric/index.ts";
import type { Policy } from "../policies/policy.ts";
import { evaluatePolicy } from "./evaluate-policy.ts";
import type { Solution } from "./solution.ts";

export interface Regret {
  /** Over the states compared. Infinity where following the policy never ends and costs. */
  readonly mean: number;
  readonly max: number;
  /** V* - V^π of each state compared (V^π - V* under minimize), never negative; in the order of `states`. */
  readonly perState: Float64Array;
  /** Contain the true regret of each state compared, rounding included. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface RegretOptions {
  /** The indices of the states compared. Default: all that are not terminal, ascending. */
  readonly states?: Int32Array | undefined;
  /** Accuracy of the policy's values. Default: the solution's own. */
  readonly epsilon?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The exact regret of a policy: both V* and V^π come with bounds, and so does their difference.
 *
 * @throws ShapeError where the policy is another model's; the signal's reason when aborted; what `evaluatePolicy` throws.
 * @example
 * const best = await solve(maze.mdp);
 * (await policyRegret(maze.mdp, prior.policy, best)).max;
 */
export async function policyRegret<S, A>(mdp: Mdp<S, A>, policy: Policy<S, A>, solution: Solution<S, A>, options: RegretOptions = {}): Promise<Regret> {
  const { discount, objective } = solution;
  const states = options.states ?? decisionsOf(mdp);
  const own = await evaluatePolicy(mdp, policy, { discount, objective, epsilon: options.epsilon ?? solution.epsilon, signal: options.signal });
  options.signal?.throwIfAborted();
  const sign = objective === "minimize" ? -1 : 1;
  const [low, high] = sign > 0 ? [solution.bounds.lower, solution.bounds.upper] : [solution.bounds.upper, solution.bounds.lower];
  const [ownLow, ownHigh] = sign > 0 ? [own.bounds.lower, own.bounds.upper] : [own.bounds.upper, own.bounds.lower];
  const between = (best: Float64Array, mine: Float64Array) => Float64Array.from(states, (s) => shortfall(sign * best[s]!, sign * mine[s]!));
  const lower = between(low.array, ownHigh.array).map((x) => Math.max(0, nextDown(x)));
  const upper = between(high.array, ownLow.array).map((x) => (x === 0 ? 0 : nextUp(x)));
  const perState = between(solution.value.array, own.value.array);
  let total = 0;
  for (const regret of perState) total += regret;
  return { mean: total / states.length, max: perState.reduce((a, b) => Math.max(a, b), 0), perState, lower, upper };
}

/** best - mine, but not below 0: regret is not negative, values are known only within their bounds. Equal infinities are 0 apart. */
function shortfall(best: number, mine: number): number {
  return best === mine ? 0 : Math.max(0, best - mine);
}

/** The states that are not terminal. */
function decisionsOf<S, A>({ storage }: Mdp<S, A>): Int32Array {
  return Int32Array.from({ length: storage.stateCount }, (_, s) => s).filter((s) => storage.terminal[s] === 0);
}
