// A value iteration of a dozen lines, so that the built-ins are checked by something that shares no code with the solvers.
import { type Label, type Mdp, rowOf } from "../../../src/mdp/index.ts";

/** The value of each choice under v. */
export function backups(mdp: Mdp<Label, Label>, v: Float64Array, discount: number): Float64Array {
  const { storage } = mdp;
  return storage.reward.map((reward, c) => {
    const row = rowOf(storage, c);
    let q = reward;
    for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
      const target = storage.target[b]!;
      if (target < storage.stateCount) q += discount * storage.probability[b]! * v[target]!;
    }
    return q;
  });
}

/** Sweeps until nothing changes by more than 1e-12: the optimum, or with `uniform` the value of choosing at random. */
export function tinySolve(mdp: Mdp<Label, Label>, options: { readonly discount?: number; readonly uniform?: boolean } = {}): Float64Array {
  const discount = options.discount ?? mdp.discount ?? Number.NaN;
  const { stateCount, stateChoices } = mdp.storage;
  const v = new Float64Array(stateCount);
  for (let change = 1; change > 1e-12; ) {
    change = 0;
    const q = backups(mdp, v, discount);
    for (let s = 0; s < stateCount; s++) {
      const offered = q.subarray(stateChoices[s], stateChoices[s + 1]);
      if (offered.length === 0) continue;
      const next = options.uniform === true ? offered.reduce((sum, x) => sum + x, 0) / offered.length : Math.max(...offered);
      change = Math.max(change, Math.abs(next - v[s]!));
      v[s] = next;
    }
  }
  return v;
}

/** The labels of the best actions of a state, within 1e-9. */
export function bestActions(mdp: Mdp<Label, Label>, v: Float64Array, state: number): Label[] {
  const q = backups(mdp, v, mdp.discount ?? Number.NaN);
  const { stateChoices, choiceAction } = mdp.storage;
  const choices = Array.from({ length: stateChoices[state + 1]! - stateChoices[state]! }, (_, k) => stateChoices[state]! + k);
  const best = Math.max(...choices.map((c) => q[c]!));
  return choices.filter((c) => q[c]! > best - 1e-9).map((c) => mdp.actions.at(choiceAction[c]!));
}
