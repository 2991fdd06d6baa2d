// Policy evaluation: V^π and Q^π of a deterministic or stochastic policy, with bounds.
import { ShapeError } from "../errors.ts";
import { ChoiceTable, type Mdp, type Objective, type StateTable } from "../mdp/index.ts";
import type { Policy } from "../policies/policy.ts";
import { backupOf } from "./backup-of.ts";
import { inducedChain } from "./chain.ts";
import { requireDiscount, type SolveOptions } from "./options.ts";
import { policyIteration } from "./policy-iteration.ts";
import type { Bounds, HistoryEntry, Status } from "./solution.ts";

/** What a policy is worth. */
export interface Evaluation<S, A> {
  readonly method: "policy-evaluation";
  readonly status: Status;
  readonly objective: Objective;
  readonly discount: number;
  readonly epsilon: number;
  /** S values V^π. */
  readonly value: StateTable<S>;
  /** C values Q^π(s,a) = R(s,a) + γ Σ P V^π. */
  readonly q: ChoiceTable<S, A>;
  /** Contain V^π, rounding included, also that of averaging over the policy. */
  readonly bounds: Bounds<S>;
  readonly gap: number;
  /** ‖T_π value - value‖∞. */
  readonly residual: number;
  readonly sweeps: number;
  readonly seconds: number;
  readonly history: readonly HistoryEntry[];
}

/**
 * Evaluates a policy exactly: the Bellman equations of its Markov chain, directly up to 300 states, by sweeps above.
 *
 * @remarks Puterman (1994), sections 6.1 and 5.6 (stochastic policies by their induced chain). At discount 1 the chain's recurrent classes pay nothing, or
 *   infinitely much.
 * @throws ShapeError where the policy is another model's; OptionError; UnsupportedModelError.
 * @example
 * const { value, q } = await evaluatePolicy(robot, Policy.uniform(policySpace(robot)));
 */
export async function evaluatePolicy<S, A>(
  mdp: Mdp<S, A>,
  policy: Policy<S, A>,
  options: Omit<SolveOptions<S, A>, "initialPolicy"> = {},
): Promise<Evaluation<S, A>> {
  if (policy.space.choices.choiceAction.length !== mdp.choiceCount || policy.space.states.size !== mdp.stateCount) {
    throw new ShapeError(
      `policy is for ${policy.space.states.size} states and ${policy.space.choices.choiceAction.length} choices, expected the model's ${mdp.stateCount} and ${mdp.choiceCount}.`,
    );
  }
  const discount = requireDiscount(mdp, options.discount);
  const solved = await policyIteration(inducedChain(mdp, policy), { ...options, discount });
  const { status, objective, epsilon, value, bounds, gap, residual, sweeps, seconds, history } = solved;
  return {
    method: "policy-evaluation",
    status,
    objective,
    discount,
    epsilon,
    value,
    q: new ChoiceTable(mdp.states, mdp.actions, mdp.storage, () => backupOf(mdp, discount, value.array)),
    bounds,
    gap,
    residual,
    sweeps,
    seconds,
    history,
  };
}
