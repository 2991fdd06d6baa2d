// Several priors side by side, each over its seeds: every measure as a median and a range, and where each errs most.
import { OptionError } from "../errors.ts";
import type { Mdp } from "../mdp/index.ts";
import type { Policy } from "../policies/policy.ts";
import { type Solution, type Spread, spread } from "../solvers/index.ts";
import { type CalibrationCurve, calibrationCurve } from "./calibration-curve.ts";
import { type CompareOptions, type Comparison, compareToOptimal } from "./compare-policies.ts";
import { optimalChoices } from "./optimal-choices.ts";

/** One prior to compare: its policies are the same advice from other seeds, usually one. */
export interface PriorEntry<S, A> {
  readonly name: string;
  readonly policies: readonly Policy<S, A>[];
}

/** A state in which following a prior loses much. */
export interface WorstState {
  /** The state's index. */
  readonly state: number;
  /** The choice it favours there, and how much it puts on it. */
  readonly favourite: number;
  readonly probability: number;
  /** V* - V^π of the state, and proven bounds on it. */
  readonly regret: number;
  readonly lower: number;
  readonly upper: number;
  /** What the favourite action alone loses: V* - Q*. The regret of a state may come from later ones. */
  readonly ownLoss: number;
}

/** One prior beside the optimum, over its seeds. */
export interface PriorReview {
  readonly name: string;
  /** One a policy. */
  readonly comparisons: readonly Comparison[];
  readonly agreement: Spread;
  readonly massOnOptimal: Spread;
  readonly mutualInformation: Spread;
  readonly logLoss: Spread;
  readonly regretMean: Spread;
  readonly regretMax: Spread;
  /** Of all its policies together. */
  readonly calibration: CalibrationCurve;
  /** Of its first policy: the states whose favourite action loses most, worst first; none where every favourite is optimal. */
  readonly worst: readonly WorstState[];
}

export interface ComparePriorsOptions extends CompareOptions {
  /** How many states `worst` holds at most. Default 5. */
  readonly worst?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Compares priors, and baselines, with one certified solution.
 *
 * @throws OptionError for an entry without a policy; what `compareToOptimal` throws; the signal's reason when aborted.
 * @example
 * const reviews = await comparePriors(maze.mdp, [{ name: "SmolLM2", policies: [prior.policy] }, ...baselines(maze.mdp, best, prior.policy)], best);
 * reviews[0].regretMax.median; reviews[0].worst[0]?.state;
 */
export async function comparePriors<S, A>(
  mdp: Mdp<S, A>,
  entries: readonly PriorEntry<S, A>[],
  solution: Solution<S, A>,
  options: ComparePriorsOptions = {},
): Promise<readonly PriorReview[]> {
  const optimal = optimalChoices(solution);
  const total = entries.reduce((count, { policies }) => count + policies.length, 0);
  let done = 0;
  const reviews: PriorReview[] = [];
  for (const { name, policies } of entries) {
    const [first] = policies;
    if (first === undefined) throw new OptionError(`the policies of ${name}`, policies, "at least one");
    const comparisons: Comparison[] = [];
    for (const policy of policies) {
      comparisons.push(await compareToOptimal(mdp, policy, solution, options));
      options.onProgress?.(++done, total);
    }
    const over = (measure: (comparison: Comparison) => number) => spread(comparisons.map(measure));
    reviews.push({
      name,
      comparisons,
      agreement: over((c) => c.agreement),
      massOnOptimal: over((c) => c.massOnOptimal),
      mutualInformation: over((c) => c.mutualInformation),
      logLoss: over((c) => c.logLoss),
      regretMean: over((c) => c.regret.mean),
      regretMax: over((c) => c.regret.max),
      calibration: calibrationCurve(policies, optimal, comparisons[0]?.states ?? new Int32Array(0)),
      worst: worstStates(first, solution, optimal, comparisons[0], options.worst ?? 5),
    });
  }
  return reviews;
}

/** Sorted by what the favourite itself loses, then by the state's regret: the first errors are the prior's own, not those it inherits from later states. */
function worstStates<S, A>(
  policy: Policy<S, A>,
  solution: Solution<S, A>,
  optimal: Uint8Array,
  comparison: Comparison | undefined,
  most: number,
): readonly WorstState[] {
  if (comparison === undefined) return [];
  const { states, regret } = comparison;
  const sign = solution.objective === "minimize" ? -1 : 1;
  const probability = policy.probabilities();
  const wrong: WorstState[] = [];
  for (const [k, state] of states.entries()) {
    const favourite = policy.modeAt(state);
    if (optimal[favourite] === 1) continue;
    wrong.push({
      state,
      favourite,
      probability: probability[favourite]!,
      regret: regret.perState[k]!,
      lower: regret.lower[k]!,
      upper: regret.upper[k]!,
      ownLoss: Math.max(0, sign * (solution.value.array[state]! - solution.q.array[favourite]!)),
    });
  }
  return wrong.toSorted((a, b) => b.ownLoss - a.ownLoss || b.regret - a.regret).slice(0, most);
}
