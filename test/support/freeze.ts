// Has anything a caller passed in been changed? Copies of all arrays of a model, to compare with afterwards.
import { expect } from "vitest";
import type { Mdp } from "../../src/mdp/index.ts";

/** Remembers a model's arrays; the answer fails if one bit of them has changed since. */
export function rememberModel<S, A>(mdp: Mdp<S, A>): () => void {
  const before = structuredClone({ ...mdp.storage });
  const parts = [mdp.discount, mdp.objective, mdp.stateCount, mdp.choiceCount];
  return () => {
    expect({ ...mdp.storage }, "the model's arrays").toEqual(before);
    expect([mdp.discount, mdp.objective, mdp.stateCount, mdp.choiceCount]).toEqual(parts);
  };
}
