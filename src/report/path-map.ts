// An agent's way over the grid: a line through the cells it entered, the number of the step at each.
import { type Cell, gridFrame, ground, mark, wallPattern } from "./grid-figure.ts";
import type { AgentStep, GridPicture } from "./report-data.ts";
import type { Canvas } from "./responsive.ts";
import { element, fragment, type Markup, pathData, picture } from "./svg.ts";

/**
 * Draws the path of a run. Where a cell is entered again its numbers stand side by side, as many as there is room for.
 *
 * @example
 * responsive("run", (canvas) => pathMap(canvas, grid, trace.steps));
 */
export function pathMap(canvas: Canvas, grid: GridPicture, steps: readonly AgentStep[]): Markup {
  const frame = gridFrame(grid, canvas.width);
  const cellOf = new Map(frame.cells.flatMap((cell) => (cell.state === null ? [] : [[cell.state, cell] as const])));
  const first = steps[0];
  const visits = first === undefined ? [] : [first.state, ...steps.map((step) => step.next)];
  const numbers = new Map<Cell, number[]>();
  for (const [i, state] of visits.entries()) {
    const cell = cellOf.get(state);
    if (cell === undefined) continue;
    const list = numbers.get(cell) ?? [];
    list.push(i);
    numbers.set(cell, list);
  }
  const way = visits.flatMap((state) => cellOf.get(state) ?? []).filter((cell, i, all) => cell !== all[i - 1]);
  return picture(
    {
      id: canvas.id,
      width: frame.width,
      height: frame.height,
      title: "The agent's path",
      description: `${steps.length} steps${first === undefined ? "" : `, through ${numbers.size} different cells`}. The list of steps says what was done at each.`,
    },
    wallPattern(canvas),
    ...frame.cells.map((cell) => fragment(ground(canvas, cell, undefined, cell.kind), mark(cell))),
    way.length < 2
      ? undefined
      : element("path", {
          class: "way",
          d: way.map((cell, i) => pathData(i === 0 ? "M" : "L", cell.x + cell.side / 2, cell.y + cell.side / 2)).join(" "),
          "stroke-width": Math.max(2, frame.side * 0.05),
        }),
    ...[...numbers].map(([cell, list]) => badge(cell, list)),
  );
}

function badge(cell: Cell, list: readonly number[]): Markup {
  const [x, y] = [cell.x + cell.side / 2, cell.y + cell.side / 2];
  if (cell.side < 26)
    return element("circle", { class: "badge", cx: x, cy: y, r: Math.max(2, cell.side * 0.16) }, element("title", {}, `after step ${list.join(", ")}`));
  const most = Math.max(1, Math.floor((cell.side - 14) / 16));
  const label = list.length <= most ? list.join(" ") : `${list.slice(0, Math.max(1, most - 1)).join(" ")} …`;
  const width = Math.max(22, label.length * 7.4 + 12);
  return element(
    "g",
    {},
    element("title", {}, `after step ${list.join(", ")}`),
    element("rect", { class: "badge", x: x - width / 2, y: y - 11, width, height: 22, rx: 11 }),
    element("text", { class: "badge-text middle", x, y: y + 4.5 }, label),
  );
}
