// A prior over the actions of each cell: four small bars, one a direction; filled where the action is optimal, hollow where not.
import { formatNumber, formatPercent } from "./format.ts";
import { type Cell, cornerMark, directionOf, gridFrame, ground, mark, vectorOf, wallPattern } from "./grid-figure.ts";
import type { GridPicture, PriorState } from "./report-data.ts";
import type { Canvas } from "./responsive.ts";
import { element, fragment, type Markup, picture } from "./svg.ts";

/**
 * Draws a prior over the grid.
 *
 * @example
 * responsive("prior", (canvas) => priorMap(canvas, grid, prior.states));
 */
export function priorMap(canvas: Canvas, grid: GridPicture, states: readonly PriorState[]): Markup {
  const frame = gridFrame(grid, canvas.width);
  const byState = new Map(states.map((state) => [state.state, state]));
  const right = states.filter((state) => mode(state)?.optimal === true).length;
  return picture(
    {
      id: canvas.id,
      width: frame.width,
      height: frame.height,
      title: "The prior's probability of each move, cell by cell",
      description: `Bars point where a move leads and are as long as it is probable; filled bars are optimal moves. The most probable move is optimal in ${right} of ${states.length} states.`,
    },
    wallPattern(canvas),
    ...frame.cells.map((cell) => drawCell(canvas, grid, cell, cell.state === null ? undefined : byState.get(cell.state))),
  );
}

/** Whether every action of these states points somewhere on the map. */
export function fitsMap(grid: GridPicture, states: readonly PriorState[]): boolean {
  return states.every((state) => state.actions.every(({ action }) => directionOf(grid, action) !== undefined));
}

function drawCell(canvas: Canvas, grid: GridPicture, cell: Cell, state: PriorState | undefined): Markup {
  if (state === undefined || cell.kind === "wall") return fragment(ground(canvas, cell, undefined, cell.kind), cell.kind === "start" ? undefined : mark(cell));
  const tooltip = `${state.name}: ${state.actions.map((a) => `${a.action} ${formatPercent(a.probability)}${a.optimal ? " (optimal)" : ""}`).join(", ")}${state.regret === undefined || Number.isNaN(state.regret) ? "" : `; regret ${formatNumber(state.regret)}`}`;
  return fragment(
    ground(canvas, cell, undefined, tooltip),
    cornerMark(cell, "currentColor"),
    element("circle", { class: "hub", cx: cell.x + cell.side / 2, cy: cell.y + cell.side / 2, r: cell.side * 0.025 }),
    ...state.actions.map((action) => ray(grid, cell, action)),
  );
}

function ray(grid: GridPicture, cell: Cell, { action, probability, optimal }: PriorState["actions"][number]): Markup | undefined {
  const direction = directionOf(grid, action);
  if (direction === undefined || !(probability > 0.004)) return undefined;
  const [x, y] = [cell.x + cell.side / 2, cell.y + cell.side / 2];
  const thick = cell.side * 0.13;
  const length = Math.min(1, probability) * cell.side * 0.37;
  const start = cell.side * 0.085;
  const style = optimal ? "ray optimal" : "ray";
  const [dx, dy] = vectorOf(direction);
  if (direction === "stay") return element("circle", { class: style, cx: x, cy: y, r: start + length / 2 });
  const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
  return element("rect", {
    class: style,
    x: start,
    y: -thick / 2,
    width: length,
    height: thick,
    transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${angle})`,
  });
}

function mode(state: PriorState): PriorState["actions"][number] | undefined {
  let best: PriorState["actions"][number] | undefined;
  for (const action of state.actions) if (best === undefined || action.probability > best.probability) best = action;
  return best;
}
