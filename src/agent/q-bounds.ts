// Certified bounds on the optimal Q of one choice, from the bounds on V*: one backup of each, rounded outwards.
import { type Mdp, rowOf } from "../mdp/index.ts";
import { addUp, mulDown, mulUp } from "../numeric/index.ts";
import type { Solution } from "../solvers/solution.ts";

export interface QBounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Q*(s,a) = R + γ Σ P V* lies within: the backup is monotone (Puterman 1994, section 6.2), so the backups of the bounds bound it, under either objective.
 *
 * @param choice the choice's index.
 */
export function qBounds<S, A>({ mdp, discount, bounds }: Pick<Solution<S, A>, "mdp" | "discount" | "bounds">, choice: number): QBounds {
  const upper = backupUp(mdp, discount, choice, bounds.upper.array, 1);
  // Rounding down is rounding up of what is mirrored.
  const lower = -backupUp(mdp, discount, choice, bounds.lower.array, -1);
  return Number.isNaN(lower) || Number.isNaN(upper) ? { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY } : { lower, upper };
}

/** At least sign·(R + γ Σ p v). */
function backupUp<S, A>({ storage }: Mdp<S, A>, discount: number, choice: number, v: Float64Array, sign: 1 | -1): number {
  const row = rowOf(storage, choice);
  let ahead = 0;
  let largest = 0;
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
    const next = storage.target[b]!;
    if (next === storage.stateCount) continue;
    const value = sign * v[next]!;
    ahead = addUp(ahead, value >= 0 ? mulUp(storage.probability[b]!, value) : -mulDown(storage.probability[b]!, -value));
    largest = Math.max(largest, Math.abs(value));
  }
  if (storage.rounding.probability > 0) ahead = addUp(ahead, mulUp(storage.rounding.probability, largest));
  const discounted = ahead >= 0 ? mulUp(discount, ahead) : -mulDown(discount, -ahead);
  return addUp(addUp(sign * storage.reward[choice]!, storage.rounding.reward), discounted);
}
