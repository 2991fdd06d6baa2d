// A chain walked by chance, rewards at both ends: at a discount near 1 values travel far and the constant part of the error decays slowly.
import { buildMdp, type Label, type Mdp } from "../../src/mdp/index.ts";

/** State = place 0 .. states - 1, actions left and right, which succeed with 0.7 and else go the other way; the left end pays 0.01 and the right end 0.1 a step. */
export function slowChain(states: number, discount: number): Mdp<Label, Label> {
  const last = states - 1;
  return buildMdp<Label, Label>({ states, actions: ["left", "right"], discount }, (s, model) => {
    for (const action of [0, 1]) {
      model.choice(action, s === 0 ? 0.01 : s === last ? 0.1 : 0);
      model.branch(Math.max(0, s - 1), action === 0 ? 0.7 : 0.3);
      model.branch(Math.min(last, s + 1), action === 0 ? 0.3 : 0.7);
    }
  });
}
