// Solutions as the plain data that `solve --json` prints and result files hold, and back into what `verify` checks.
import type { SavedSolution, SavedStage } from "../formats/index.ts";
import { findChoice, type Label, type Mdp } from "../mdp/index.ts";
import type { Claim, FiniteHorizonSolution, Solution, Stage } from "../solvers/index.ts";
import { packageVersion } from "./version.ts";

/** Above this many states q is left out unless asked for. */
const MOST_STATES_WITH_Q = 10_000;

export interface SaveOptions {
  /** Seconds until the compiled model stood. Default 0: it was there. */
  readonly load?: number | undefined;
  /** Whether q is wanted; by default up to 10,000 states. */
  readonly q?: boolean | undefined;
}

/** A solution as plain data. */
export function savedSolution<S extends Label, A extends Label>(solution: Solution<S, A>, options: SaveOptions = {}): SavedSolution {
  const { mdp, bounds, status, objective, method, device, discount, epsilon, gap, residual, sweeps, seconds } = solution;
  return {
    ...{ version: packageVersion(), status, objective, method, device, discount, epsilon, gap, residual, sweeps },
    seconds: { load: options.load ?? 0, solve: seconds },
    ...sizes(mdp),
    ...savedStage(solution, wantsQ(mdp, options)),
    lower: bounds.lower.array,
    upper: bounds.upper.array,
  };
}

/**
 * The same for a finite horizon: value, policy and q of stage 0, then all stages. Its error is rounding alone:
 * `epsilon` is a proven bound on it, `gap` twice that, and so is `residual`, which a backward induction has by rounding alone too.
 */
export function savedHorizon(solution: FiniteHorizonSolution<Label, Label>, options: SaveOptions = {}): SavedSolution {
  const { mdp, stages, status, objective, method, device, discount, error, seconds, horizon } = solution;
  const withQ = wantsQ(mdp, options);
  const [first] = stages;
  const value = first === undefined ? new Float64Array(0) : first.value.array;
  const off = (by: number) => value.map((v, s) => (mdp.storage.terminal[s] === 1 ? 0 : v + by));
  return {
    ...{ version: packageVersion(), status, objective, method, device, discount, epsilon: error, gap: 2 * error, residual: error, sweeps: stages.length },
    seconds: { load: options.load ?? 0, solve: seconds },
    ...sizes(mdp),
    horizon,
    ...(first === undefined ? { value, policy: [] } : savedStage(first, withQ)),
    lower: off(-error),
    upper: off(error),
    stages: stages.map((stage) => savedStage(stage, withQ)),
  };
}

function savedStage<S extends Label, A extends Label>({ value, policy, q }: Stage<S, A>, withQ: boolean): SavedStage {
  return { value: value.array, policy: policy.toActions(), ...(withQ ? { q: q.toDense() } : {}) };
}

function sizes<S, A>(mdp: Mdp<S, A>): Pick<SavedSolution, "states" | "choices" | "branches"> {
  return { states: mdp.stateCount, choices: mdp.choiceCount, branches: mdp.branchCount };
}

function wantsQ<S, A>(mdp: Mdp<S, A>, options: SaveOptions): boolean {
  return options.q ?? mdp.stateCount <= MOST_STATES_WITH_Q;
}

/**
 * What a saved result claims about a model, for `verify`. Actions that the model does not have become faults, since a result that
 * names them cannot be an answer to it.
 */
export function claimOf(mdp: Mdp<Label, Label>, saved: SavedSolution): { readonly claim: Claim; readonly faults: readonly string[] } {
  const { storage, states, actions } = mdp;
  const faults: string[] = [];
  const choice = new Int32Array(saved.policy.length).fill(-1);
  for (const [s, label] of saved.policy.entries()) {
    if (label === null || s >= states.size) continue;
    const a = actions.find(label);
    const c = a < 0 ? -1 : findChoice(storage, s, a);
    if (c < 0) faults.push(`state ${states.quote(s)}: the policy takes ${JSON.stringify(label)}, which is not feasible there`);
    choice[s] = c;
  }
  const { value, lower, upper, discount, objective, gap } = saved;
  const q = saved.q === undefined ? undefined : byChoice(mdp, saved.q);
  return { claim: { value, lower, upper, choice, q, discount, objective, gap, epsilon: saved.status === "converged" ? saved.epsilon : undefined }, faults };
}

/** C numbers of a dense S x A table; of another length where the table is, which `verify` refuses. */
function byChoice({ storage, stateCount, actionCount }: Mdp<Label, Label>, dense: Float64Array): Float64Array {
  if (dense.length !== stateCount * actionCount) return dense;
  const q = new Float64Array(storage.choiceCount);
  for (let s = 0; s < stateCount; s++) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) q[c] = dense[s * actionCount + storage.choiceAction[c]!]!;
  }
  return q;
}
