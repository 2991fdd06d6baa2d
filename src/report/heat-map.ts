// The values of a grid as a heat map with the policy's arrows; the number stands in each cell that has room for it.
import { formatNumber, sameDecimals } from "./format.ts";
import { arrows, type Cell, cornerMark, directionOf, gridFrame, ground, isDanger, mark, wallPattern } from "./grid-figure.ts";
import { inkOn, sequential } from "./palette.ts";
import type { GridPicture, StateValue } from "./report-data.ts";
import type { Canvas } from "./responsive.ts";
import { extent } from "./scale.ts";
import { element, fragment, type Markup, picture } from "./svg.ts";

/** The largest side of a cell: this is the first picture one sees, so it may be large. */
const LARGEST = 132;

/** Height of the legend under the map. */
const LEGEND = 46;

/**
 * Draws V over the grid. Where episodes end there is no arrow and no colour: the value is 0 by definition and says nothing.
 *
 * @example
 * responsive("values", (canvas) => heatMap(canvas, grid, states));
 */
export function heatMap(canvas: Canvas, grid: GridPicture, states: readonly StateValue[]): Markup {
  const frame = gridFrame(grid, canvas.width, LARGEST);
  const byState = new Map(states.map((state) => [state.state, state]));
  const kinds = new Map(frame.cells.map((cell) => [cell.state, cell.kind]));
  const shown = states.filter((state) => Number.isFinite(state.value) && !isEnd(kinds.get(state.state), state));
  const range = extent(shown.map((state) => state.value));
  const [low, high] = range ?? [0, 0];
  const share = (value: number): number => (high > low ? (value - low) / (high - low) : 0.5);
  const label = labelFor(
    shown.map((state) => state.value),
    frame.side,
  );
  const cells = frame.cells.map((cell) => {
    const state = cell.state === null ? undefined : byState.get(cell.state);
    return drawCell(canvas, grid, cell, state, share, label);
  });
  const width = Math.max(frame.width, Math.min(canvas.width, 280));
  const left = (width - frame.width) / 2;
  return picture(
    {
      id: canvas.id,
      width,
      height: frame.height + (range === undefined ? 0 : LEGEND),
      title: "Value of each cell, with the policy's arrows",
      description: `${grid.rows} rows by ${grid.columns} columns; ${range === undefined ? "no finite values" : `values from ${formatNumber(low)} to ${formatNumber(high)}`}. The table of states holds the numbers.`,
    },
    wallPattern(canvas),
    element("g", { transform: `translate(${left} 0)` }, ...cells),
    range === undefined ? undefined : legend(canvas, width, frame.height, low, high),
  );
}

function drawCell(
  canvas: Canvas,
  grid: GridPicture,
  cell: Cell,
  state: StateValue | undefined,
  share: (value: number) => number,
  label: ((value: number) => string) | undefined,
): Markup {
  if (cell.kind === "wall" || state === undefined) return ground(canvas, cell, undefined, cell.kind === "wall" ? "wall" : cell.kind);
  const tooltip = `${state.name}${cell.kind === "open" ? "" : ` (${cell.kind})`}: ${state.terminal === true ? "episodes end here" : `value ${formatNumber(state.value, 6)}${state.actions.length === 0 ? "" : `, ${state.actions.join(" or ")}`}`}`;
  if (isEnd(cell.kind, state) || !Number.isFinite(state.value)) {
    const infinite = isEnd(cell.kind, state) ? undefined : text(cell, formatNumber(state.value), "currentColor", cell.side * 0.3, 0.6);
    return fragment(ground(canvas, cell, undefined, tooltip), mark(cell), infinite);
  }
  const ink = inkOn(share(state.value));
  const directions = state.actions.map((action) => directionOf(grid, action));
  const known = directions.filter((direction) => direction !== undefined);
  const size = cell.side * (label === undefined ? 0.6 : 0.42);
  const [x, y] = [cell.x + cell.side / 2, cell.y + cell.side * (label === undefined ? 0.5 : 0.37)];
  // An action that points nowhere is named, if there is room.
  const named = state.actions.find((_, i) => directions[i] === undefined);
  const name =
    named === undefined || known.length > 0
      ? undefined
      : named.length * 6.5 <= cell.side - 6
        ? element("text", { x, y: y + 4, class: "middle small", fill: ink }, named)
        : element("circle", { cx: x, cy: y, r: cell.side * 0.08, fill: ink });
  return fragment(
    ground(canvas, cell, sequential(share(state.value)), tooltip),
    cornerMark(cell, ink),
    arrows(known, x, y, size, ink),
    name,
    label === undefined ? undefined : text(cell, label(state.value), ink, Math.min(17, Math.max(11.5, cell.side * 0.17)), 0.86),
  );
}

/** Whether episodes end here: terminal, or a goal or danger that nothing is left to be had from, as Gymnasium's tables have them. */
function isEnd(kind: string | undefined, state: StateValue): boolean {
  return state.terminal === true || (state.value === 0 && kind !== undefined && (kind === "goal" || isDanger(kind)));
}

function text(cell: Cell, value: string, ink: string, size: number, height: number): Markup {
  return element("text", { x: cell.x + cell.side / 2, y: cell.y + cell.side * height, class: "middle number", fill: ink, "font-size": size }, value);
}

/** The format of the numbers in the cells, with as many decimals as fit; undefined where none fits. */
function labelFor(values: readonly number[], side: number): ((value: number) => string) | undefined {
  if (side < 40 || values.length === 0) return undefined;
  const size = Math.min(17, Math.max(11.5, side * 0.17));
  for (let decimals = 4; decimals >= 0; decimals--) {
    const format = sameDecimals(values, decimals);
    if (Math.max(...values.map((value) => format(value).length)) * size * 0.6 <= side - 6) return format;
  }
  return undefined;
}

function legend(canvas: Canvas, width: number, top: number, low: number, high: number): Markup {
  const stops = Array.from({ length: 11 }, (_, i) => element("stop", { offset: i / 10, "stop-color": sequential(i / 10) }));
  const bar = Math.min(width, 280);
  const left = (width - bar) / 2;
  const format = sameDecimals([low, high]);
  const y = top + 34;
  return fragment(
    element("defs", {}, element("linearGradient", { id: `${canvas.id}-scale` }, ...stops)),
    element("rect", { x: left, y: top + 12, width: bar, height: 8, rx: 2, fill: `url(#${canvas.id}-scale)` }),
    element("text", { x: left, y, class: "tick" }, format(low)),
    element("text", { x: left + bar / 2, y, class: "tick middle" }, "value"),
    element("text", { x: left + bar, y, class: "tick end" }, format(high)),
  );
}
