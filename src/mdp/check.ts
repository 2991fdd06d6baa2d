// What is worth knowing about a valid model: rows whose sum is off by more than rounding.
import type { ModelIssue } from "../errors.ts";
import { CompensatedSum } from "../numeric/index.ts";
import { IssueList, placeOf } from "./issues.ts";
import type { Mdp } from "./mdp.ts";
import { rowOf } from "./storage.ts";

/** Rows may be off by this much without a word: 4 ulp of 1. */
const FEW_ULP = 4 * Number.EPSILON;

/**
 * Warnings about a model that is accepted: rows whose probabilities sum to 1 only within 1e-9, not within a few ulp.
 * They are solved as given, never renormalised.
 */
export function checkMdp<S, A>(mdp: Mdp<S, A>): { readonly warnings: readonly ModelIssue[]; readonly total: number } {
  const { storage } = mdp;
  const list = new IssueList();
  const total = new CompensatedSum();
  for (let s = 0; s < storage.stateCount; s++) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      const row = rowOf(storage, c);
      total.reset();
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) total.add(storage.probability[b]!);
      if (Math.abs(total.value - 1) > FEW_ULP) {
        list.add(
          placeOf(mdp.states, mdp.actions, s, storage.choiceAction[c]!),
          `sums to ${total.value}`,
          "1 within a few ulp",
          "it is solved as given; pass normalize: true to divide by the sum.",
        );
      }
    }
  }
  return { warnings: list.issues, total: list.total };
}
