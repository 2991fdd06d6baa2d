// A large grid with random walls and slippery moves: every step costs 1 until the goal.
import { OptionError } from "../errors.ts";
import { Rng, type Seed } from "../numeric/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { describeCell } from "./describe-grid.ts";
import { type Cell, GridLayout } from "./grid-layout.ts";
import { FOUR_MOVES } from "./grid-moves.ts";
import { gridWorldMdp } from "./grid-world.ts";
import { checkCounts, checkInteger, checkNumber } from "./option-checks.ts";
import { renderGridText } from "./render-text.ts";

export interface GridOptions {
  /** Default 10. */
  readonly rows?: number | undefined;
  /** Default 10. */
  readonly columns?: number | undefined;
  /** Probability that a move goes to one of its two sides instead, half of it to each. Default 0. */
  readonly slip?: number | undefined;
  /** Probability that a cell is a wall. Default 0. */
  readonly walls?: number | undefined;
  /** Default 1. */
  readonly seed?: Seed | undefined;
}

/** Walls are drawn this many times before giving up on a way to the goal; fewer times, but at least ten, once that many cells have been drawn. */
const TRIES = 1000;
const CELLS_DRAWN = 20_000_000;

/**
 * A grid from the top left corner to the goal in the bottom right one.
 *
 * @remarks A step costs 1: reward -1 (maximised), also for the step that enters the goal; discount 0.99. Walls are drawn cell by cell from `seed`, and drawn
 *   anew until the goal can be reached from the start; cells that are cut off become walls too, so that every way leads to the goal.
 * @throws OptionError
 * @example
 * grid({ rows: 30, columns: 30, slip: 0.2, walls: 0.2, seed: 1 }).mdp.stateCount; // 900
 */
export function grid(options: GridOptions = {}): BuiltIn {
  const rows = checkInteger("grid: rows", options.rows ?? 10, 1);
  const columns = checkInteger("grid: columns", options.columns ?? 10, 1);
  const slip = checkNumber("grid: slip", options.slip ?? 0, 0, 1);
  const walls = checkNumber("grid: walls", options.walls ?? 0, 0, 1);
  const seed = options.seed ?? 1;
  const cells = rows * columns;
  if (cells < 2) throw new OptionError("the number of cells of grid", cells, "at least 2: a start and a goal");
  checkCounts("grid", { states: cells, choices: cells * 4, branches: cells * (slip > 0 ? 12 : 4) });
  const layout = drawLayout(rows, columns, walls, seed);
  return {
    name: "grid",
    spec: `grid:${rows}x${columns},slip=${slip},walls=${walls},seed=${seed}`,
    task: `You are on a grid of square cells with walls. Each move goes one cell up, down, left or right; a move into a wall or off the edge stays where it is.${slip > 0 ? " Moves sometimes slip to the side." : ""} Every step costs 1: reach the goal as soon as possible.`,
    mdp: gridWorldMdp(layout, { discount: 0.99, stepReward: -1, goalReward: -1, slip }),
    grid: layout,
    describe: (state) => describeCell(layout, state, FOUR_MOVES),
    render: (state) => renderGridText(layout, { agent: state }),
  };
}

function drawLayout(rows: number, columns: number, walls: number, seed: Seed): GridLayout {
  const rng = new Rng(`grid:${seed}`);
  const wall = new Uint8Array(rows * columns);
  const goal = wall.length - 1;
  const tries = Math.max(10, Math.min(TRIES, Math.floor(CELLS_DRAWN / wall.length)));
  for (let k = 0; k < tries; k++) {
    for (let s = 0; s < wall.length; s++) wall[s] = rng.chance(walls) ? 1 : 0;
    wall[0] = wall[goal] = 0;
    const open = reachable(wall, columns);
    if (open[goal] === 0) continue;
    const cells = Array.from(open, (o): Cell => (o === 1 ? "open" : "wall"));
    cells[0] = "start";
    cells[goal] = "goal";
    return new GridLayout(rows, columns, cells);
  }
  throw new OptionError("grid: walls", walls, `few enough walls that one of ${tries} draws leaves a way to the goal`, "large grids need about 0.35 or less.");
}

/** Flags of the cells that open cells lead to from cell 0, the goal in the last one included. */
function reachable(wall: Uint8Array, columns: number): Uint8Array {
  const open = new Uint8Array(wall.length);
  const stack = new Int32Array(wall.length);
  let size = 0;
  const visit = (s: number): void => {
    if (wall[s] === 1 || open[s] === 1) return;
    open[s] = 1;
    stack[size++] = s;
  };
  visit(0);
  while (size > 0) {
    const s = stack[--size]!;
    if (s === wall.length - 1) continue; // episodes end at the goal: no way leads through it
    if (s >= columns) visit(s - columns);
    if (s % columns > 0) visit(s - 1);
    if (s % columns < columns - 1) visit(s + 1);
    if (s + columns < wall.length) visit(s + columns);
  }
  return open;
}

export const gridEntry: BuiltInEntry = {
  name: "grid",
  usage: "grid[:ROWSxCOLUMNS][,slip=P][,walls=P][,seed=N]",
  help: "A grid with random walls, every step costs 1 (reward -1) until the bottom right corner; slip: probability to go sideways; default 10x10,slip=0,walls=0,seed=1, discount 0.99.",
  read: (args) => {
    const options = { ...args.firstSize(), slip: args.number("slip"), walls: args.number("walls"), seed: args.seed("seed") };
    return () => grid(options);
  },
};
