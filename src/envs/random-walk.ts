// The random walk: Sutton & Barto, example 6.2 (5 states) and example 7.1 (19 states), for predicting values.
import { buildMdp, type Label, startAt } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { checkCounts, checkInteger, checkNumber } from "./option-checks.ts";

export interface RandomWalkOptions {
  /** States between the two ends. Default 5. */
  readonly states?: number | undefined;
  /** Reward for leaving at the left end. Default 0; example 7.1 has -1. */
  readonly left?: number | undefined;
}

/**
 * A walk that goes left or right with equal chance until it leaves at an end: 1 at the right end, `left` at the left one, else 0; discount 1.
 *
 * @remarks State 0 is the left end, states + 1 the right one, both terminal; episodes start in the middle. There is one action, `walk`. Of state s the value
 *   is left + (1 - left) * s / (states + 1).
 * @throws OptionError
 * @example
 * randomWalk({ states: 19, left: -1 }); // example 7.1
 */
export function randomWalk(options: RandomWalkOptions = {}): BuiltIn {
  const inner = checkInteger("random-walk: states", options.states ?? 5, 1);
  const left = checkNumber("random-walk: left", options.left ?? 0, -Number.MAX_VALUE, Number.MAX_VALUE);
  const end = inner + 1;
  checkCounts("random-walk", { states: inner + 2, choices: inner, branches: 2 * inner });
  const mdp = buildMdp<Label, Label>({ states: inner + 2, actions: ["walk"], discount: 1, initial: startAt(Math.ceil(inner / 2)) }, (s, model) => {
    if (s === 0 || s === end) {
      model.terminal();
      return;
    }
    model.choice(0);
    model.branch(s - 1, 0.5, s === 1 ? left : 0);
    model.branch(s + 1, 0.5, s === inner ? 1 : 0);
  });
  return {
    name: "random-walk",
    spec: `random-walk:states=${inner},left=${left}`,
    task: "A walk goes left or right with equal chance until it leaves at one of the ends.",
    mdp,
    describe: (s) => `left end: ${s} steps; right end: ${end - s} steps`,
    render: (s) => `${"- ".repeat(s)}A${" -".repeat(end - s)}`,
  };
}

export const randomWalkEntry: BuiltInEntry = {
  name: "random-walk",
  usage: "random-walk[:STATES][,left=R]",
  help: "The random walk (Sutton & Barto, example 6.2; example 7.1 is random-walk:19,left=-1), one action; default 5,left=0, discount 1.",
  read: (args) => {
    const options = { states: args.firstNumber("states"), left: args.number("left") };
    return () => randomWalk(options);
  },
};
