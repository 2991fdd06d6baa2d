// The maze: reach the goal through walls, reward 1 on arrival. Its default is the seed of the project.
import { OptionError } from "../errors.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { describeCell } from "./describe-grid.ts";
import { type Cell, GridLayout, layoutFromRows } from "./grid-layout.ts";
import { FOUR_MOVES } from "./grid-moves.ts";
import { gridWorldMdp } from "./grid-world.ts";
import { checkNumber } from "./option-checks.ts";
import { renderGridText } from "./render-text.ts";

const SEED_MAZE = "0000/1101/0000/1010";

const MARKS: Readonly<Record<string, Cell>> = { "0": "open", "1": "wall", S: "start", G: "goal" };

export interface MazeOptions {
  /** Probability that a move goes to one of its two sides instead, half of it to each. Default 0. */
  readonly slip?: number | undefined;
}

/**
 * A maze of `0` (open) and `1` (wall), rows from the top, separated by `/`, or as a matrix.
 *
 * @remarks `S` marks the start and `G` a goal; left out they are the first and the last open cell. Every cell is a state; walls and
 *   goals are terminal. Reward 1 on reaching a goal, else 0; discount 0.99; a blocked move stays.
 * @throws OptionError
 * @example
 * maze("0000/1101/0000/1010").mdp.stateCount; // 16
 */
export function maze(rows: string | readonly (readonly number[])[] = SEED_MAZE, options: MazeOptions = {}): BuiltIn {
  const slip = checkNumber("maze: slip", options.slip ?? 0, 0, 1);
  const text = typeof rows === "string" ? rows : rows.map((row) => row.map(markOf).join("")).join("/");
  const layout = withEnds(layoutFromRows("maze", text.split("/"), MARKS));
  return {
    name: "maze",
    spec: slip === 0 ? `maze:${text}` : `maze:${text},slip=${slip}`,
    task: `You are in a maze of square cells. Each move goes one cell up, down, left or right; a move into a wall or off the edge stays where it is.${slip > 0 ? " Moves sometimes slip to the side." : ""} Reach the goal in as few moves as possible.`,
    mdp: gridWorldMdp(layout, { discount: 0.99, stepReward: 0, goalReward: 1, slip }),
    grid: layout,
    describe: (state) => describeCell(layout, state, FOUR_MOVES),
    render: (state) => renderGridText(layout, { agent: state }),
  };
}

function markOf(entry: number): string {
  if (entry === 0 || entry === 1) return String(entry);
  throw new OptionError("an entry of maze", entry, "0 (open) or 1 (wall)");
}

/** The layout with a start and a goal. */
function withEnds(layout: GridLayout): GridLayout {
  const cells = layout.cells.slice();
  const starts = layout.statesOf("start").length;
  if (starts > 1) throw new OptionError("the number of S in maze", starts, "at most 1");
  if (!cells.includes("goal")) {
    const last = cells.lastIndexOf("open");
    if (last < 0) throw new OptionError("maze", `${layout.rows} rows without an open cell for the goal`, "an open cell or G");
    cells[last] = "goal";
  }
  if (starts === 0) {
    const first = cells.indexOf("open");
    if (first < 0) throw new OptionError("maze", `${layout.rows} rows without an open cell for the start`, "an open cell or S besides the goal");
    cells[first] = "start";
  }
  return new GridLayout(layout.rows, layout.columns, cells);
}

export const mazeEntry: BuiltInEntry = {
  name: "maze",
  usage: "maze[:ROWS][,slip=P]",
  help: "A maze of 0 (open) and 1 (wall), rows separated by /, S and G for start and goal (default: first and last open cell); reward 1 at the goal; slip: probability to go sideways; default slip=0, discount 0.99.",
  read: (args) => {
    const rows = args.first();
    const slip = args.number("slip");
    return () => maze(rows, { slip });
  },
};
