// How sure a prior is against how often it is right: the reliability curve of its favourite actions.
import { OptionError } from "../errors.ts";
import type { Policy } from "../policies/policy.ts";

/** The states where the favourite's probability lies in one range. */
export interface CalibrationBin {
  /** from < probability <= to. */
  readonly from: number;
  readonly to: number;
  /** How many states. */
  readonly count: number;
  /** The favourite's mean probability there, and the share of states where it is optimal. */
  readonly confidence: number;
  readonly accuracy: number;
}

export interface CalibrationCurve {
  /** Ranges that hold a state, ascending. */
  readonly bins: readonly CalibrationBin[];
  /** The expected calibration error: the mean over states of |accuracy - confidence| of their range. 0 for advice that knows how often it is right. */
  readonly error: number;
}

const BINS = 10;

/**
 * The calibration curve of some priors of one model, their states taken together.
 *
 * @remarks Ranges of equal width, as in Guo et al., "On calibration of modern neural networks" (2017), section 2. The favourite is the most probable action,
 *   lowest index on a tie.
 * @param optimal C flags, 1 where a choice is optimal: see `optimalChoices`.
 * @throws OptionError for a number of bins that is not a positive integer.
 * @example
 * calibrationCurve([prior.policy], optimalChoices(best), decisionStates(maze.mdp)).error;
 */
export function calibrationCurve<S, A>(policies: readonly Policy<S, A>[], optimal: Uint8Array, states: Int32Array, bins: number = BINS): CalibrationCurve {
  if (!(Number.isInteger(bins) && bins >= 1)) throw new OptionError("bins", bins, "a positive integer");
  const count = new Float64Array(bins);
  const confidence = new Float64Array(bins);
  const right = new Float64Array(bins);
  for (const policy of policies) {
    const probability = policy.probabilities();
    for (const s of states) {
      const favourite = policy.modeAt(s);
      const p = Math.min(1, probability[favourite]!);
      const bin = Math.max(0, Math.ceil(p * bins) - 1);
      count[bin]!++;
      confidence[bin]! += p;
      right[bin]! += optimal[favourite]!;
    }
  }
  const total = policies.length * states.length;
  let error = 0;
  const filled: CalibrationBin[] = [];
  for (let k = 0; k < bins; k++) {
    const n = count[k]!;
    if (n === 0) continue;
    error += Math.abs(right[k]! - confidence[k]!) / total;
    filled.push({ from: k / bins, to: (k + 1) / bins, count: n, confidence: confidence[k]! / n, accuracy: right[k]! / n });
  }
  return { bins: filled, error };
}
