// The model whose value is the least probability of ever entering a harmful state: what `harmShield` is made from.
import { arrivalOf, Mdp, MdpBuilder, rowOf } from "../mdp/index.ts";

/**
 * The same states, actions and transitions, with reward 1 on entering a harmful state, where episodes then end. To be
 * minimised at discount 1: its value is the smallest probability of harm, its Q that of each choice.
 *
 * @example
 * const risk = await solve(harmModel(lake, (cell) => holes.has(cell)));
 * risk.value.at(start); // the probability of falling in, however careful
 */
export function harmModel<S, A>(mdp: Mdp<S, A>, harmful: (state: S, index: number) => boolean): Mdp<S, A> {
  const { storage } = mdp;
  const harm = Uint8Array.from({ length: storage.stateCount }, (_, s) => (harmful(mdp.states.at(s), s) ? 1 : 0));
  const builder = new MdpBuilder(mdp.states, mdp.actions);
  for (let s = 0; s < storage.stateCount; s++) {
    builder.state();
    if (harm[s] === 1 || storage.terminal[s] === 1) {
      builder.terminal();
      continue;
    }
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      builder.choice(storage.choiceAction[c]!);
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        const next = arrivalOf(storage, b);
        builder.branch(next, storage.probability[b]!, harm[next] === 1 ? 1 : 0, storage.target[b] === storage.stateCount);
      }
    }
  }
  return new Mdp<S, A>({ states: mdp.states, actions: mdp.actions, storage: builder.finish(), objective: "minimize", discount: 1, initial: mdp.initial });
}
