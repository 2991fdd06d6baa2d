// Small published problems that are no built-ins.
import { buildMdp, fromDense, fromSuccessors, type Mdp, type SuccessorChoice } from "../../src/mdp/index.ts";

/** `small` of the MDP toolboxes: two states, two actions. */
export function toolboxSmall(discount: number): Mdp {
  return fromDense({
    order: "action-first",
    transition: [
      [
        [0.5, 0.5],
        [0.8, 0.2],
      ],
      [
        [0, 1],
        [0.1, 0.9],
      ],
    ],
    reward: [
      [5, 10],
      [-1, 2],
    ],
    discount,
  });
}

/** Puterman (1994), section 3.1. */
export function puterman31(): Mdp {
  return fromDense({
    transition: [
      [
        [0.5, 0.5],
        [0, 1],
      ],
      [[0, 1]],
    ],
    reward: [[5, 10], [-1]],
    discount: 0.95,
  });
}

/** Two dice thrown by fair coins (Knuth and Yao 1976), in any order: s and d are the state of each coin walk and what the die shows, 0 before the end. */
export type TwoDice = readonly [s1: number, d1: number, s2: number, d2: number];

/** What a coin walk does from state s: two outcomes, each [next state, die]. */
const COIN: readonly (readonly [readonly [number, number], readonly [number, number]])[] = [
  [
    [1, 0],
    [2, 0],
  ],
  [
    [3, 0],
    [4, 0],
  ],
  [
    [5, 0],
    [6, 0],
  ],
  [
    [1, 0],
    [7, 1],
  ],
  [
    [7, 2],
    [7, 3],
  ],
  [
    [7, 4],
    [7, 5],
  ],
  [
    [2, 0],
    [7, 6],
  ],
];

/**
 * Storm's and PRISM's `two_dice`: which die's coin is tossed next is the choice.
 *
 * @param reward of a toss, and of ending with a sum.
 */
export function twoDice(reward: { readonly toss: number; readonly sum: (sum: number) => number }): Promise<Mdp<TwoDice, "first" | "second">> {
  return fromSuccessors<TwoDice, "first" | "second">(
    [0, 0, 0, 0],
    ([s1, d1, s2, d2]) => {
      const choices: SuccessorChoice<TwoDice, "first" | "second">[] = [];
      const pay = (next: TwoDice) => reward.toss + (next[0] === 7 && next[2] === 7 ? reward.sum(next[1] + next[3]) : 0);
      if (s1 < 7) choices.push({ action: "first" as const, branches: COIN[s1]!.map(([s, d]) => [[s, d, s2, d2], 0.5, pay([s, d, s2, d2])] as const) });
      if (s2 < 7) choices.push({ action: "second" as const, branches: COIN[s2]!.map(([s, d]) => [[s1, d1, s, d], 0.5, pay([s1, d1, s, d])] as const) });
      return choices;
    },
    { actions: ["first", "second"], discount: 1 },
  );
}

/**
 * The chain of Haddad and Monmege (2018): start 0 goes to a_1 with probability p, else to b_1; x_i goes on or back to the start, 1/2 each; a_N and b_N absorb.
 * States: 0, then a_1 .. a_N, then b_1 .. b_N. a_i is i, b_i is N + i.
 */
export function haddadMonmege(n: number, p: number, reward: { readonly step: number; readonly win: number }): Mdp {
  return buildMdp({ states: 2 * n + 1, actions: 1, discount: 1 }, (s, model) => {
    if (s === n || s === 2 * n) return model.terminal();
    model.choice(0);
    const pay = (next: number) => reward.step + (next === n ? reward.win : 0);
    if (s === 0) {
      model.branch(1, p, pay(1));
      model.branch(n + 1, 1 - p, pay(n + 1));
      return;
    }
    model.branch(s + 1, 0.5, pay(s + 1));
    model.branch(0, 0.5, pay(0));
  });
}
