// What `mdpkit compare --json` prints: the contract's object of one prior, or lists of several and of the baselines.
import type { PriorReview, WorstState } from "../../llm-prior/index.ts";
import type { Spread } from "../../solvers/index.ts";
import type { ComparisonResult } from "./comparison-result.ts";

/** The contract's object where one prior was given and no baselines were asked for. */
export function compareJson(result: ComparisonResult, withBaselines: boolean): object {
  const { given, reviews } = result;
  const [only] = reviews;
  if (given.length === 1 && !withBaselines && only !== undefined) return measures(only);
  return {
    priors: reviews.slice(0, given.length).map((review) => ({
      name: review.name,
      ...measures(review),
      calibration: review.calibration,
      worst: review.worst.map((state) => named(result, state)),
    })),
    ...(withBaselines ? { baselines: reviews.slice(given.length).map(spreads) } : {}),
  };
}

function measures({ comparisons: [comparison] }: PriorReview): object {
  if (comparison === undefined) throw new RangeError("a review holds a comparison for each policy");
  const { agreement, massOnOptimal, mutualInformation, logLoss, regret } = comparison;
  return { agreement, massOnOptimal, mutualInformation, logLoss, regret: { mean: regret.mean, max: regret.max, perState: regret.perState } };
}

/** Medians and ranges over the draws of a baseline. */
function spreads({ name, comparisons, agreement, massOnOptimal, mutualInformation, logLoss, regretMean, regretMax }: PriorReview): object {
  const plain = ({ median, min, max }: Spread) => ({ median, min, max });
  return {
    name,
    draws: comparisons.length,
    agreement: plain(agreement),
    massOnOptimal: plain(massOnOptimal),
    mutualInformation: plain(mutualInformation),
    logLoss: plain(logLoss),
    regret: { mean: plain(regretMean), max: plain(regretMax) },
  };
}

function named({ model: { mdp } }: ComparisonResult, { state, favourite, ...numbers }: WorstState): object {
  return { state: mdp.states.at(state), favourite: mdp.actions.at(mdp.storage.choiceAction[favourite]!), ...numbers };
}
