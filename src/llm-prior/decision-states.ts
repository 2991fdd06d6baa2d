// The states a policy is judged in: those where it has a choice to make and may ever come to.
import { type Mdp, rowOf } from "../mdp/index.ts";

/**
 * The non-terminal states reachable from the initial ones by any choices, ascending; all non-terminal states where the model has no
 * initial state. A terminated branch ends the episode: what it enters is not reached by it.
 */
export function decisionStates<S, A>(mdp: Mdp<S, A>): Int32Array {
  const { stateCount, stateChoices, rowBranches, target, terminal } = mdp.storage;
  const seen = new Uint8Array(stateCount);
  const queue = new Int32Array(stateCount);
  let length = 0;
  const visit = (s: number): void => {
    if (s >= stateCount || seen[s] === 1) return;
    seen[s] = 1;
    queue[length++] = s;
  };
  if (mdp.initial === undefined) for (let s = 0; s < stateCount; s++) visit(s);
  else for (const s of mdp.initial.state) visit(s);
  for (let i = 0; i < length; i++) {
    const s = queue[i]!;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      const row = rowOf(mdp.storage, c);
      for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) visit(target[b]!);
    }
  }
  return queue
    .subarray(0, length)
    .filter((s) => terminal[s] === 0)
    .sort();
}
