// A policy beside the certified optimum: how often it agrees, how much it knows, what following it costs.
import { PriorError, ShapeError } from "../errors.ts";
import type { Mdp } from "../mdp/index.ts";
import type { Policy } from "../policies/policy.ts";
import { policyRegret, type Regret, type Solution, solve } from "../solvers/index.ts";
import { decisionStates } from "./decision-states.ts";
import { meanDivergence, mutualInformation } from "./information.ts";
import { optimalChoices } from "./optimal-choices.ts";

/** A policy π against the optimum, over the non-terminal states reachable from the initial one, each counted once. Logarithms are natural. */
export interface Comparison {
  /** The indices of the states compared, ascending. */
  readonly states: Int32Array;
  /** The share of states where π's most probable action (lowest index on a tie) is optimal within the certified tolerance of Q. */
  readonly agreement: number;
  /** The mean of π(optimal actions | s). */
  readonly massOnOptimal: number;
  /** I(S; A) = H(mean of π(.|s)) - mean of H(π(.|s)), S uniform over the states: 0 for advice that is the same everywhere. In nats. */
  readonly mutualInformation: number;
  /** The mean of -ln π(optimal actions | s): Infinity if π excludes them all in some state. It is the mean KL divergence of the nearest optimal policy from π. */
  readonly logLoss: number;
  readonly regret: Regret;
}

/** A comparison with the policy called optimal at hand. */
export interface NamedComparison extends Comparison {
  /** The mean over states of KL(optimal(.|s) ‖ π(.|s)) in nats; undefined where no policy named `optimal` was given. */
  readonly divergence: number | undefined;
}

export interface CompareOptions {
  /** Accuracy of the values of the policies. Default: the solution's own. */
  readonly epsilon?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares one policy with a solution.
 *
 * @throws ShapeError where the policy or solution is another model's; PriorError where there is no state to compare in; NotConvergedError where the solution has no finite bounds to
 *   tell optimal actions by; the signal's reason when aborted; what `evaluatePolicy` throws.
 * @example
 * const best = await solve(maze.mdp);
 * (await compareToOptimal(maze.mdp, prior.policy, best)).regret.max;
 */
export async function compareToOptimal<S, A>(
  mdp: Mdp<S, A>,
  policy: Policy<S, A>,
  solution: Solution<S, A>,
  options: CompareOptions = {},
): Promise<Comparison> {
  checkFits(mdp, policy, solution);
  const states = decisionStates(mdp);
  if (states.length === 0) throw new PriorError("no non-terminal state is reachable from the initial one, expected a state to compare policies in.");
  const optimal = optimalChoices(solution);
  const probability = policy.probabilities();
  const { stateChoices } = mdp.storage;
  let agreeing = 0;
  let mass = 0;
  let loss = 0;
  for (const s of states) {
    let onOptimal = 0;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (optimal[c] === 1) onOptimal += probability[c]!;
    if (optimal[policy.modeAt(s)] === 1) agreeing++;
    mass += onOptimal;
    loss -= Math.log(Math.min(1, onOptimal));
  }
  return {
    states,
    agreement: agreeing / states.length,
    massOnOptimal: mass / states.length,
    mutualInformation: mutualInformation(mdp, probability, states),
    logLoss: loss / states.length + 0,
    regret: await policyRegret(mdp, policy, solution, { ...options, states }),
  };
}

/**
 * Compares policies by name with the certified optimum, which it solves for, starting from `optimal` if that is given.
 *
 * @throws NotConvergedError where the optimum cannot be certified; the signal's reason when aborted; what `solve` and `evaluatePolicy` throw.
 * @example
 * const { llm } = await comparePolicies(robot, { llm: prior.policy, optimal: best.policy });
 * llm.agreement; llm.regret.mean;
 */
export async function comparePolicies<S, A, N extends string>(
  mdp: Mdp<S, A>,
  policies: Readonly<Record<N, Policy<S, A>>>,
  options: CompareOptions & { readonly discount?: number | undefined } = {},
): Promise<Record<N, NamedComparison>> {
  const given: Readonly<Record<string, Policy<S, A>>> = policies;
  const optimal = Object.hasOwn(given, "optimal") ? given.optimal : undefined;
  const solution = await solve(mdp, { discount: options.discount, epsilon: options.epsilon, signal: options.signal, initialPolicy: optimal });
  options.signal?.throwIfAborted();
  const compared: Record<string, NamedComparison> = {};
  for (const [name, policy] of Object.entries(given)) {
    const comparison = await compareToOptimal(mdp, policy, solution, options);
    const divergence = optimal === undefined ? undefined : meanDivergence(mdp, optimal.probabilities(), policy.probabilities(), comparison.states);
    compared[name] = { ...comparison, divergence };
  }
  return compared as Record<N, NamedComparison>;
}

function checkFits<S, A>(mdp: Mdp<S, A>, policy: Policy<S, A>, solution: Solution<S, A>): void {
  const fits = (states: number, choices: number) => states === mdp.stateCount && choices === mdp.choiceCount;
  const { space } = policy;
  if (!fits(space.states.size, space.choices.choiceAction.length)) {
    throw new ShapeError(
      `policy is for ${space.states.size} states and ${space.choices.choiceAction.length} choices, expected the model's ${mdp.stateCount} and ${mdp.choiceCount}.`,
    );
  }
  if (!fits(solution.value.array.length, solution.q.array.length)) {
    throw new ShapeError(
      `solution is for ${solution.value.array.length} states and ${solution.q.array.length} choices, expected the model's ${mdp.stateCount} and ${mdp.choiceCount}.`,
    );
  }
}
