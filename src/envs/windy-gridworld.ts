// The windy gridworld: Sutton & Barto, example 6.5, and exercise 6.9 with the king's moves.
import { OptionError } from "../errors.ts";
import { buildMdp, type Label, startAt } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { directionTo } from "./describe-grid.ts";
import { type Cell, GridLayout } from "./grid-layout.ts";
import { EIGHT_MOVES, FOUR_MOVES, type Move, STAY } from "./grid-moves.ts";
import { renderGridText } from "./render-text.ts";

const ROWS = 7;
/** How many cells the wind of each column pushes up. */
const WIND = [0, 0, 0, 1, 1, 1, 2, 2, 1, 0] as const;
const COLUMNS = WIND.length;
const START = 3 * COLUMNS;
const GOAL = 3 * COLUMNS + 7;

const MOVES: Readonly<Record<number, readonly Move[]>> = { 4: FOUR_MOVES, 8: EIGHT_MOVES, 9: [...EIGHT_MOVES, STAY] };

function clamp(x: number, most: number): number {
  return Math.max(0, Math.min(most, x));
}

/**
 * Cross a 7x10 grid against an upward wind: -1 a step until the goal; discount 1.
 *
 * @remarks The wind of the column a move leaves from pushes it up; the edges stop it.
 * @param options.moves 4 (default), 8 with the diagonals, or 9 with staying too.
 * @throws OptionError
 * @example
 * windyGridworld({ moves: 8 }).mdp.actionCount; // 8
 */
export function windyGridworld(options: { readonly moves?: number | undefined } = {}): BuiltIn {
  const count = options.moves ?? 4;
  const moves = MOVES[count];
  if (moves === undefined) throw new OptionError("windy-gridworld: moves", count, "4, 8 or 9");
  const cells = Array.from({ length: ROWS * COLUMNS }, (_, s): Cell => (s === START ? "start" : s === GOAL ? "goal" : "open"));
  const layout = new GridLayout(ROWS, COLUMNS, cells);
  const windAt = (s: number): number => WIND[s % COLUMNS] ?? 0;
  const mdp = buildMdp<Label, Label>({ states: cells.length, actions: moves.map((move) => move.name), discount: 1, initial: startAt(START) }, (s, model) => {
    if (s === GOAL) {
      model.terminal();
      return;
    }
    for (const [a, move] of moves.entries()) {
      const row = clamp(layout.rowOf(s) + move.down - windAt(s), ROWS - 1);
      const column = clamp(layout.columnOf(s) + move.right, COLUMNS - 1);
      model.choice(a, -1);
      model.branch(layout.stateAt(row, column), 1);
    }
  });
  return {
    name: "windy-gridworld",
    spec: `windy-gridworld:moves=${count}`,
    task: "You walk on a grid of 7 rows and 10 columns, one cell a move; in some columns wind pushes every move up by one or two cells more. Every step costs 1: reach the goal as soon as possible.",
    mdp,
    grid: layout,
    describe: (s) => {
      const goal = directionTo(layout.rowOf(GOAL) - layout.rowOf(s), layout.columnOf(GOAL) - layout.columnOf(s));
      return `goal: ${goal}; wind here: ${windAt(s)} up; rows above: ${layout.rowOf(s)}, below: ${ROWS - 1 - layout.rowOf(s)}`;
    },
    render: (s) => renderGridText(layout, { agent: s }),
  };
}

export const windyGridworldEntry: BuiltInEntry = {
  name: "windy-gridworld",
  usage: "windy-gridworld[:moves=4|8|9]",
  help: "The windy gridworld (Sutton & Barto, example 6.5, exercise 6.9); default moves=4, discount 1.",
  read: (args) => {
    const options = { moves: args.number("moves") };
    return () => windyGridworld(options);
  },
};
