// Small models that the environment tests share.
import { buildMdp, type Mdp, startAt } from "../../../src/mdp/index.ts";

/** Two states and an end; actions 0 and 2 in state 0, only 1 in state 1; rewards by branch, a terminated branch into state 1. */
export function sparseModel(): Mdp {
  return buildMdp({ states: 3, actions: 3, discount: 0.9, initial: startAt(0) }, (s, model) => {
    if (s === 0) {
      model.choice(0);
      model.branch(0, 0.25, 1);
      model.branch(1, 0.25, 2);
      model.branch(1, 0.5, 5, true);
      model.choice(2, -1);
      model.branch(1, 1);
    } else if (s === 1) {
      model.choice(1);
      model.branch(0, 0.5, -2);
      model.branch(2, 0.5, 7);
    } else model.terminal();
  });
}

/** n states in a ring, all of which every choice may lead to, with probabilities 1, 2, ..., n over their sum. */
export function wideModel(n: number): Mdp {
  return buildMdp({ states: n, actions: 2, discount: 0.9 }, (_, model) => {
    for (const a of [0, 1]) {
      model.choice(a, a);
      for (let t = 0; t < n; t++) model.branch(t, (2 * (a === 0 ? t + 1 : n - t)) / (n * (n + 1)));
    }
  });
}
