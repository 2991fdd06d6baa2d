// Probabilities by state and action, checked as policies and priors must be: rows sum to 1, nothing on infeasible actions.
import type { IssueList } from "../mdp/issues.ts";
import { CompensatedSum } from "../numeric/index.ts";
import type { TableSpace } from "./table-space.ts";

/** How far a row may sum from 1. */
const SUM_TOLERANCE = 1e-9;

/**
 * Probabilities by choice, from dense ones.
 *
 * @param dense S x A numbers, row by state; NaN counts as missing.
 * @param absent flags of the rows that are missing as a whole, as terminal states' must be; undefined where the form has no such rows, and a
 *   terminal state's are then zeros or NaN.
 */
export function checkProbabilities<S, A>(
  space: TableSpace<S, A>,
  dense: Float64Array,
  absent: Uint8Array | undefined,
  where: string,
  issues: IssueList,
): Float64Array {
  const { stateChoices, choiceAction } = space.choices;
  const width = space.actions.size;
  const byChoice = new Float64Array(choiceAction.length);
  const left = new Float64Array(width);
  const total = new CompensatedSum();
  for (let s = 0; s < space.states.size; s++) {
    const from = stateChoices[s]!;
    const to = stateChoices[s + 1]!;
    const place = `${where}(${space.states.quote(s)})`;
    if (absent?.[s] === 1) {
      if (from !== to) issues.add(place, "is null", "a probability an action: the state is not terminal");
      continue;
    }
    if (absent !== undefined && from === to) {
      issues.add(place, "has probabilities", "null: the state is terminal");
      continue;
    }
    left.set(dense.subarray(s * width, (s + 1) * width));
    total.reset();
    let fits = true;
    for (let c = from; c < to; c++) {
      const a = choiceAction[c]!;
      const p = left[a]!;
      left[a] = 0;
      byChoice[c] = p;
      total.add(p);
      if (p >= 0 && p <= 1 + SUM_TOLERANCE) continue;
      issues.add(`${where}(${space.states.quote(s)},${space.actions.quote(a)})`, Number.isNaN(p) ? "is missing" : `is ${p}`, "a number from 0 to 1");
      fits = false;
    }
    for (let a = 0; a < width; a++) {
      if (left[a] === 0 || Number.isNaN(left[a])) continue;
      issues.add(`${where}(${space.states.quote(s)},${space.actions.quote(a)})`, `is ${left[a]}`, "0: the action is not feasible there");
      fits = false;
    }
    if (fits && from !== to && !(Math.abs(total.value - 1) <= SUM_TOLERANCE)) issues.add(place, `sums to ${total.value}`, `1 within ${SUM_TOLERANCE}`);
  }
  return byChoice;
}
