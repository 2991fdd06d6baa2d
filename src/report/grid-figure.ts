// What all maps of a grid share: cells in their places, walls hatched, starts, goals and dangers marked by shape.
import type { Direction, GridPicture } from "./report-data.ts";
import type { Canvas } from "./responsive.ts";
import { element, fragment, type Markup, pathData } from "./svg.ts";

/** One cell in the drawing. */
export interface Cell {
  readonly row: number;
  readonly column: number;
  readonly kind: string;
  /** The state that lies here, if any. */
  readonly state: number | null;
  /** Left upper corner and side, in drawing units. */
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

export interface GridFrame {
  readonly side: number;
  readonly width: number;
  readonly height: number;
  readonly cells: readonly Cell[];
}

/** The tallest a map should get. */
const TALLEST = 640;

/** Lays the cells out in the room there is; no cell is larger than `largest`. */
export function gridFrame(grid: GridPicture, room: number, largest = 104): GridFrame {
  const side = Math.min(largest, room / grid.columns, Math.max(TALLEST, (room * grid.rows) / grid.columns / 2) / grid.rows);
  const cells: Cell[] = [];
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const i = row * grid.columns + column;
      const state = grid.states === undefined ? i : (grid.states[i] ?? null);
      cells.push({ row, column, kind: grid.cells[i] ?? "open", state, x: column * side, y: row * side, side });
    }
  }
  return { side, width: side * grid.columns, height: side * grid.rows, cells };
}

/** The hatching of walls, once a drawing. */
export function wallPattern(canvas: Canvas): Markup {
  return element(
    "defs",
    {},
    element(
      "pattern",
      { id: `${canvas.id}-hatch`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      element("rect", { class: "wall", width: 6, height: 6 }),
      element("line", { class: "hatch", x1: 0, y1: 0, x2: 0, y2: 6 }),
    ),
  );
}

/** A cell's ground: a wall is hatched, other cells take the fill given. Phones have no pointer to show a tooltip at. */
export function ground(canvas: Canvas, cell: Cell, fill: string | undefined, tooltip: string): Markup {
  const gap = Math.min(1, cell.side * 0.03);
  const box = { x: cell.x + gap, y: cell.y + gap, width: cell.side - 2 * gap, height: cell.side - 2 * gap, rx: Math.min(4, cell.side * 0.06) };
  const paint = cell.kind === "wall" ? { fill: `url(#${canvas.id}-hatch)` } : fill === undefined ? { class: "open" } : { fill };
  return element("rect", { ...box, ...paint }, canvas.narrow ? undefined : element("title", {}, tooltip));
}

/** Whether a kind of cell is a danger. */
export function isDanger(kind: string): boolean {
  return kind === "hole" || kind === "cliff";
}

/** The shape that marks a kind of cell: a star for a goal, a cross for a danger, a corner for the start. */
export function mark(cell: Cell): Markup | undefined {
  const [x, y, r] = [cell.x + cell.side / 2, cell.y + cell.side / 2, cell.side * 0.26];
  if (cell.kind === "goal") return element("path", { class: "goal", d: star(x, y, r) });
  if (isDanger(cell.kind)) return element("path", { class: "danger", "stroke-width": Math.max(1.5, cell.side * 0.045), d: cross(x, y, r * 0.6) });
  return cornerMark(cell, "currentColor");
}

/** The same marks small in a corner, where the middle of the cell is taken. */
export function cornerMark(cell: Cell, ink: string): Markup | undefined {
  const r = cell.side * 0.1;
  const [x, y] = [cell.x + cell.side - r * 1.5, cell.y + r * 1.6];
  if (cell.kind === "goal") return element("path", { fill: ink, d: star(x, y, r) });
  if (isDanger(cell.kind)) return element("path", { class: "arrow", stroke: ink, "stroke-width": Math.max(1, cell.side * 0.025), d: cross(x, y, r * 0.6) });
  if (cell.kind !== "start") return undefined;
  const inset = Math.max(1.5, cell.side * 0.06);
  const k = cell.side * 0.2;
  return element("path", {
    fill: ink,
    d: pathData("M", cell.x + inset, cell.y + inset, "h", k, "L", cell.x + inset, cell.y + inset + k, "Z"),
  });
}

function cross(x: number, y: number, k: number): string {
  return pathData("M", x - k, y - k, "L", x + k, y + k, "M", x + k, y - k, "L", x - k, y + k);
}

/** A path of a five-pointed star. */
function star(x: number, y: number, r: number): string {
  const points = Array.from({ length: 10 }, (_, i) => {
    const angle = -Math.PI / 2 + (i * Math.PI) / 5;
    const radius = i % 2 === 0 ? r : r * 0.42;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const;
  });
  return `${points.map(([px, py], i) => pathData(i === 0 ? "M" : "L", px, py)).join(" ")} Z`;
}

const NAMES: Readonly<Record<string, Direction>> = {
  up: "up",
  north: "up",
  n: "up",
  down: "down",
  south: "down",
  s: "down",
  left: "left",
  west: "left",
  w: "left",
  right: "right",
  east: "right",
  e: "right",
  "up-left": "up-left",
  northwest: "up-left",
  "up-right": "up-right",
  northeast: "up-right",
  "down-left": "down-left",
  southwest: "down-left",
  "down-right": "down-right",
  southeast: "down-right",
  stay: "stay",
  wait: "stay",
};

/** Which way an action points on the map, if it is known. */
export function directionOf(grid: GridPicture, action: string): Direction | undefined {
  if (grid.directions !== undefined) return Object.hasOwn(grid.directions, action) ? grid.directions[action] : undefined;
  const key = action.toLowerCase();
  return Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
}

const HALF = Math.SQRT1_2;
const VECTORS: Readonly<Record<Direction, readonly [number, number]>> = {
  up: [0, -1],
  down: [0, 1],
  left: [-1, 0],
  right: [1, 0],
  "up-left": [-HALF, -HALF],
  "up-right": [HALF, -HALF],
  "down-left": [-HALF, HALF],
  "down-right": [HALF, HALF],
  stay: [0, 0],
};

/** A direction as a unit vector, y downwards. */
export function vectorOf(direction: Direction): readonly [number, number] {
  return VECTORS[direction];
}

/** Arrows of equally good actions: one through the centre, several out of it. */
export function arrows(directions: readonly Direction[], x: number, y: number, size: number, ink: string): Markup {
  const several = directions.length > 1;
  return fragment(...directions.map((direction) => arrow(direction, x, y, size, several, ink)));
}

function arrow(direction: Direction, x: number, y: number, size: number, several: boolean, ink: string): Markup {
  const weight = Math.max(1.2, size * 0.09);
  if (direction === "stay") return element("circle", { cx: x, cy: y, r: size * 0.16, fill: "none", stroke: ink, "stroke-width": weight });
  const [dx, dy] = vectorOf(direction);
  const from = several ? size * 0.1 : -size * 0.5;
  const to = size * 0.5;
  const head = size * 0.2;
  const [tx, ty] = [x + dx * to, y + dy * to];
  const wing = (side: 1 | -1): string => pathData("M", tx, ty, "L", tx - dx * head + side * dy * head, ty - dy * head - side * dx * head);
  return element("path", {
    class: "arrow",
    d: `${pathData("M", x + dx * from, y + dy * from, "L", tx, ty)} ${wing(1)} ${wing(-1)}`,
    stroke: ink,
    "stroke-width": weight,
  });
}
