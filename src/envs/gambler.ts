// The gambler's problem: Sutton & Barto, example 4.3.
import { buildMdp, type Label } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { checkCounts, checkInteger, checkNumber } from "./option-checks.ts";

export interface GamblerOptions {
  /** Probability that a stake is won. Default 0.4. */
  readonly p?: number | undefined;
  /** The capital to reach. Default 100. */
  readonly goal?: number | undefined;
}

/**
 * Stake money on flips of a coin until the goal or ruin: reward 1 on reaching the goal, else 0, discount 1, so that values are chances to win.
 *
 * @remarks State = capital 0 .. goal, both ends terminal; in state s the stakes 1 .. min(s, goal - s), labelled by their amounts.
 * @throws OptionError
 * @example
 * gambler({ p: 0.4 }).mdp.feasibleActions(3); // [1, 2, 3]
 */
export function gambler(options: GamblerOptions = {}): BuiltIn {
  const p = checkNumber("gambler: p", options.p ?? 0.4, 0, 1);
  const goal = checkInteger("gambler: goal", options.goal ?? 100, 2);
  const stakes = Math.floor(goal / 2);
  checkCounts("gambler", { states: goal + 1, choices: stakes * (stakes + 1), branches: 2 * stakes * (stakes + 1) });
  const actions = Array.from({ length: stakes }, (_, a) => a + 1);
  const mdp = buildMdp<Label, Label>({ states: goal + 1, actions, discount: 1 }, (s, model) => {
    if (s === 0 || s === goal) model.terminal();
    for (let stake = 1; stake <= Math.min(s, goal - s); stake++) {
      model.choice(stake - 1);
      model.branch(s + stake, p, s + stake === goal ? 1 : 0);
      model.branch(s - stake, 1 - p, 0);
    }
  });
  return {
    name: "gambler",
    spec: `gambler:p=${p},goal=${goal}`,
    task: `You bet on flips of a coin that you win with probability ${p}: a stake won is doubled, a stake lost is gone. Reach a capital of ${goal} before you have nothing left.`,
    mdp,
    describe: (s) => `capital: ${s} of ${goal}; largest stake: ${Math.min(s, goal - s)}`,
    render: (s) => `capital ${s} of ${goal}`,
  };
}

export const gamblerEntry: BuiltInEntry = {
  name: "gambler",
  usage: "gambler[:p=P][,goal=N]",
  help: "The gambler's problem (Sutton & Barto, example 4.3): capital 0..goal, reward 1 on reaching the goal; default p=0.4,goal=100, discount 1.",
  read: (args) => {
    const options = { p: args.number("p"), goal: args.number("goal") };
    return () => gambler(options);
  },
};
