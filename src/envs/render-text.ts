// Grids as text: the map, values as aligned numbers, a policy as arrows.
import { ShapeError } from "../errors.ts";
import type { Label } from "../mdp/index.ts";
import type { Cell, GridLayout } from "./grid-layout.ts";
import { arrowOf } from "./grid-moves.ts";

const MARKS: Readonly<Record<Cell, string>> = { open: ".", wall: "#", start: "S", goal: "G", hole: "H", cliff: "C" };

export interface MapOptions {
  /** The state the agent `A` stands on; the start is then an open cell like others. */
  readonly agent?: number | undefined;
}

/**
 * The map: `A` the agent, `#` a wall, `.` open, `G` the goal, `H` a hole, `C` the cliff, `S` the start where no agent is shown.
 *
 * @example
 * renderGridText(layout, { agent: 0 });
 * // A . . .
 * // # # . #
 * // . . . .
 * // # . # G
 */
export function renderGridText(layout: GridLayout, options: MapOptions = {}): string {
  const { agent } = options;
  return table(layout, (state, cell) => (state === agent ? "A" : cell === "start" && agent !== undefined ? MARKS.open : MARKS[cell]));
}

/**
 * Numbers in the grid's shape, aligned, walls as `#`.
 *
 * @param values S numbers, state by state.
 * @throws ShapeError unless one a cell.
 */
export function renderValuesText(layout: GridLayout, values: ArrayLike<number>, options: { readonly digits?: number | undefined } = {}): string {
  checkLength(layout, values, "values");
  const digits = options.digits ?? 3;
  return table(layout, (state, cell) => (cell === "wall" ? MARKS.wall : numberText(values[state] ?? Number.NaN, digits)));
}

/**
 * Actions in the grid's shape: arrows, and the map's marks where there is no action.
 *
 * @param actions S action labels, null in terminal states: `policy.toActions()`.
 * @throws ShapeError unless one a cell.
 */
export function renderPolicyText(layout: GridLayout, actions: ArrayLike<Label | null>): string {
  checkLength(layout, actions, "actions");
  return table(layout, (state, cell) => {
    const action = actions[state];
    return action === null || action === undefined ? MARKS[cell] : arrowOf(action);
  });
}

/** A number with fixed decimals, infinities as signs; minus zero is zero. */
export function numberText(x: number, digits: number): string {
  if (x === Infinity) return "∞";
  if (x === -Infinity) return "-∞";
  const text = x.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** @throws ShapeError unless there is one entry a cell. */
export function checkLength(layout: GridLayout, entries: ArrayLike<unknown>, what: string): void {
  if (entries.length !== layout.cells.length) throw new ShapeError(`${what} has ${entries.length} entries, expected ${layout.cells.length}, one a cell.`);
}

/** Lines of cells, each padded on the left to the widest. */
function table(layout: GridLayout, text: (state: number, cell: Cell) => string): string {
  const cells = layout.cells.map((cell, state) => text(state, cell));
  let width = 1;
  for (const cell of cells) if (cell.length > width) width = cell.length;
  const lines: string[] = [];
  for (let row = 0; row < layout.rows; row++) {
    lines.push(
      cells
        .slice(row * layout.columns, (row + 1) * layout.columns)
        .map((cell) => cell.padStart(width))
        .join(" "),
    );
  }
  return lines.join("\n");
}
