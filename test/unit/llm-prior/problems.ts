// Small models whose answers are known: the corridor, the robot of Sutton and Barto, a model without choice.
import { buildMdp, defineMdp, type Mdp, startAt } from "../../../src/mdp/index.ts";

/** Cells 0 .. n-1 in a row, left and right, reward 1 on reaching the last; a move off the end stays. */
export function corridor(n: number): Mdp<number, "left" | "right"> {
  return buildMdp({ states: n, actions: ["left", "right"], discount: 0.9, initial: startAt(0) }, (s, model) => {
    if (s === n - 1) {
      model.terminal();
      return;
    }
    for (const a of [0, 1]) {
      const next = a === 0 ? Math.max(0, s - 1) : s + 1;
      model.choice(a, next === n - 1 ? 1 : 0);
      model.branch(next, 1);
    }
  });
}

export const robot = defineMdp({
  states: ["high", "low"],
  actions: ["search", "wait", "recharge"],
  discount: 0.9,
  initial: "high",
  feasible: (s) => (s === "high" ? ["search", "wait"] : ["search", "wait", "recharge"]),
  transition: (s, a) =>
    a === "wait"
      ? s
      : a === "recharge"
        ? "high"
        : [
            ["high", s === "high" ? 0.8 : 0.4],
            ["low", s === "high" ? 0.2 : 0.6],
          ],
  reward: (s, a, next) => (a === "wait" ? 1 : a === "recharge" ? 0 : s === "low" && next === "high" ? -3 : 5),
});
