// The two gridworlds of Sutton & Barto's chapters 3 and 4.
import { OptionError } from "../errors.ts";
import { buildMdp, type Label } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { describeCell, directionTo } from "./describe-grid.ts";
import { type Cell, GridLayout } from "./grid-layout.ts";
import { FOUR_MOVES, moved } from "./grid-moves.ts";
import { gridWorldMdp } from "./grid-world.ts";
import { renderGridText } from "./render-text.ts";

/** Cells of example 3.5 that lead elsewhere whatever the action, and what that pays. */
const JUMPS = [
  { name: "A", from: 1, to: 21, reward: 10 },
  { name: "B", from: 3, to: 13, reward: 5 },
] as const;

/**
 * The 5x5 gridworld of examples 3.5 and 3.8: every action in A (row 0, column 1) leads to A' (row 4) and pays 10, in B (row 0, column 3) to B' (row 2) and
 * pays 5; a move off the grid stays and pays -1; discount 0.9. Nothing ends.
 *
 * @example
 * jumpGridworld().mdp.branches(1, "up"); // [{ next: 21, probability: 1, reward: 10, terminated: false }]
 */
export function jumpGridworld(): BuiltIn {
  const layout = new GridLayout(
    5,
    5,
    Array.from({ length: 25 }, (): Cell => "open"),
  );
  const jumpOf = (s: number) => JUMPS.find((jump) => jump.from === s);
  const mdp = buildMdp<Label, Label>({ states: 25, actions: FOUR_MOVES.map((move) => move.name), discount: 0.9 }, (s, model) => {
    const jump = jumpOf(s);
    for (const [a, move] of FOUR_MOVES.entries()) {
      const next = jump === undefined ? moved(layout, s, move) : jump.to;
      model.choice(a, jump === undefined ? (next === s ? -1 : 0) : jump.reward);
      model.branch(next, 1);
    }
  });
  const describe = (s: number): string => {
    const ways = JUMPS.map(
      (jump) =>
        `${jump.name} (pays ${jump.reward}): ${directionTo(layout.rowOf(jump.from) - layout.rowOf(s), layout.columnOf(jump.from) - layout.columnOf(s))}`,
    );
    return `${ways.join("; ")}; ${describeCell(layout, s, FOUR_MOVES)}`;
  };
  return {
    name: "gridworld",
    spec: "gridworld:3.5",
    task: "You walk on a 5x5 grid for ever, one cell up, down, left or right a move; a move off the edge stays and costs 1. Any move from cell A pays 10 and leads to the bottom row, from cell B it pays 5 and leads to the middle row.",
    mdp,
    grid: layout,
    describe,
    render: (s) => renderGridText(layout, { agent: s }),
  };
}

/**
 * The 4x4 gridworld of example 4.1: -1 a step until one of two corners; discount 1.
 *
 * @example
 * cornerGridworld().mdp.isTerminal(15); // true
 */
export function cornerGridworld(): BuiltIn {
  const layout = new GridLayout(
    4,
    4,
    Array.from({ length: 16 }, (_, s): Cell => (s === 0 || s === 15 ? "goal" : "open")),
  );
  const mdp = gridWorldMdp(layout, { discount: 1, stepReward: -1, goalReward: -1 });
  return {
    name: "gridworld",
    spec: "gridworld:4.1",
    task: "You walk on a 4x4 grid, one cell up, down, left or right a move; a move off the edge stays. Every step costs 1: reach the top left or the bottom right corner as soon as possible.",
    mdp,
    grid: layout,
    describe: (s) => describeCell(layout, s, FOUR_MOVES),
    render: (s) => renderGridText(layout, { agent: s }),
  };
}

export const gridworldEntry: BuiltInEntry = {
  name: "gridworld",
  usage: "gridworld[:3.5|4.1]",
  help: "The gridworld of Sutton & Barto's examples 3.5 and 3.8 (discount 0.9), or of example 4.1 (discount 1); default 3.5.",
  read: (args) => {
    const example = args.first() ?? "3.5";
    if (example === "3.5" || example === "3.8") return jumpGridworld;
    if (example === "4.1") return cornerGridworld;
    throw new OptionError("gridworld: example", example, "3.5 (also 3.8) or 4.1");
  },
};
