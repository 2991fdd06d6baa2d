// Terminated branches for formats that have none: they lead to a state where the episode is over.
import { LabelIndex, Mdp, MdpBuilder, rewardOf, rowOf } from "../mdp/index.ts";

/**
 * The same model without terminated branches, for formats that have no word for them.
 *
 * A terminated branch into a state that is terminal, or that pays nothing for ever, becomes a plain branch. Any other leads to
 * one terminal state added after the last, labelled "ended" where states have labels; the other states keep their indices and values.
 * A model without terminated branches is returned as it is.
 */
export function withoutEndings<S, A>(mdp: Mdp<S, A>): Mdp<unknown, A> {
  const { storage } = mdp;
  const { arrival } = storage;
  if (arrival === undefined) return mdp as Mdp<unknown, A>;
  const worthless = worthlessStates(mdp);
  const needsEnd = arrival.some((next, b) => storage.target[b] === storage.stateCount && worthless[next] === 0);
  const states = needsEnd ? withEnd(mdp.states) : (mdp.states as LabelIndex<unknown>);
  const builder = new MdpBuilder<unknown, A>(states, mdp.actions);
  for (let s = 0; s < storage.stateCount; s++) {
    builder.state();
    if (storage.terminal[s] === 1) builder.terminal();
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      builder.choice(storage.choiceAction[c]!);
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        const ends = storage.target[b] === storage.stateCount && worthless[arrival[b]!] === 0;
        builder.branch(ends ? storage.stateCount : arrival[b]!, storage.probability[b]!, rewardOf(storage, c, b));
      }
    }
  }
  if (needsEnd) {
    builder.state();
    builder.terminal();
  }
  return new Mdp<unknown, A>({ ...mdp.parts, states, storage: builder.finish() });
}

/** Flags of the states whose value is 0 under every policy because every branch of theirs pays 0 and stays or ends. */
function worthlessStates<S, A>(mdp: Mdp<S, A>): Uint8Array {
  const { storage } = mdp;
  const worthless = new Uint8Array(storage.stateCount).fill(1);
  for (let s = 0; s < storage.stateCount; s++) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        const to = storage.target[b]!;
        if (rewardOf(storage, c, b) !== 0 || (to !== s && to !== storage.stateCount)) worthless[s] = 0;
      }
    }
  }
  return worthless;
}

/** The states and one more. */
function withEnd<S>(states: LabelIndex<S>): LabelIndex<unknown> {
  if (states.isRange) return LabelIndex.range(states.kind, states.size + 1) as LabelIndex<unknown>;
  const names = new Set(Array.from({ length: states.size }, (_, i) => states.name(i)));
  let end = "ended";
  while (names.has(end)) end += "'";
  return LabelIndex.list<unknown>(states.kind, [...states, end]);
}
