// A grid as an SVG picture: values as a heat map, a policy as arrows, in light and dark, sharp at any size.
import type { Label } from "../mdp/index.ts";
import type { Cell, GridLayout } from "./grid-layout.ts";
import { EIGHT_MOVES } from "./grid-moves.ts";
import { checkLength, numberText } from "./render-text.ts";

export interface GridSvgOptions {
  /** S numbers: the heat of the open cells. */
  readonly values?: ArrayLike<number> | undefined;
  /** S action labels, null where there is none: `policy.toActions()`. */
  readonly actions?: ArrayLike<Label | null> | undefined;
  /** The state the agent stands on. */
  readonly agent?: number | undefined;
  /** What the picture shows, read out by screen readers. */
  readonly title?: string | undefined;
  /** Decimals of the values written into the cells. Default 2. */
  readonly digits?: number | undefined;
}

const SIZE = 40;
/** Shades of the heat map; neighbours of one shade become one rectangle. */
const SHADES = 64;
/** Wider grids than these are drawn without numbers, and without arrows and lines. */
const WIDEST_WITH_NUMBERS = 16;
const WIDEST_WITH_ARROWS = 64;

// :where() keeps the weight of these rules at nothing, so that a page can set the variables itself.
const STYLE = [
  ":where(.mdpkit-grid){color:#15181c;--mdpkit-heat:#1f78c8;--mdpkit-wall:#4a5058;--mdpkit-line:#c9ced6;--mdpkit-goal:#2f9e57;--mdpkit-danger:#d2493a}",
  "@media(prefers-color-scheme:dark){:where(.mdpkit-grid){color:#eceff3;--mdpkit-heat:#3d94e6;--mdpkit-wall:#878e99;--mdpkit-line:#3b4149;--mdpkit-goal:#3fb56a;--mdpkit-danger:#e0604f}}",
  ".mdpkit-grid text{fill:currentColor;font:10px system-ui,sans-serif;text-anchor:middle}",
  ".mdpkit-grid .mark{font-size:16px;font-weight:600}",
  ".mdpkit-grid .arrow{fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}",
  ".mdpkit-grid .line{stroke:var(--mdpkit-line);fill:none}",
].join("");

const FILLS: Readonly<Partial<Record<Cell, string>>> = {
  wall: 'fill="var(--mdpkit-wall)"',
  goal: 'fill="var(--mdpkit-goal)" fill-opacity="0.55"',
  hole: 'fill="var(--mdpkit-danger)" fill-opacity="0.45"',
  cliff: 'fill="var(--mdpkit-danger)" fill-opacity="0.45"',
};

const MARKS: Readonly<Partial<Record<Cell, string>>> = { goal: "G", hole: "H", start: "S" };

/** Degrees clockwise from right, by the name of a move. */
const TURNS: ReadonlyMap<string, number> = new Map([
  ...EIGHT_MOVES.map((move) => [move.name, (Math.atan2(move.down, move.right) * 180) / Math.PI] as const),
  ["east", 0],
  ["south", 90],
  ["west", 180],
  ["north", -90],
]);

/**
 * A grid as one `<svg>` element that fills its container's width.
 *
 * @remarks Colours are the CSS variables --mdpkit-heat, -wall, -line, -goal, -danger and the text colour, with defaults for light and dark. The heat runs from the least to
 *   the greatest value of the open cells. Above 16 columns numbers are left out, above 64 arrows and lines too.
 * @throws ShapeError unless values and actions have one entry a cell.
 * @example
 * renderGridSvg(layout, { values: best.value.array, actions: best.policy.toActions(), title: "Optimal values" });
 */
export function renderGridSvg(layout: GridLayout, options: GridSvgOptions = {}): string {
  if (options.values !== undefined) checkLength(layout, options.values, "values");
  if (options.actions !== undefined) checkLength(layout, options.actions, "actions");
  const width = layout.columns * SIZE;
  const height = layout.rows * SIZE;
  const title = escapeXml(options.title ?? `A grid of ${layout.rows} rows and ${layout.columns} columns`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="mdpkit-grid" viewBox="0 0 ${width} ${height}" width="100%" style="max-width:${width * 1.5}px" role="img" aria-label="${title}">`,
    `<title>${title}</title><style>${STYLE}</style>`,
    `<g shape-rendering="crispEdges">${backgrounds(layout, options.values)}</g>`,
    layout.columns <= WIDEST_WITH_ARROWS ? gridLines(layout, width, height) : "",
    ...layout.cells.map((_, state) => contents(layout, state, options)),
    "</svg>",
  ].join("");
}

/** Rectangles row by row, neighbours of one fill joined. */
function backgrounds(layout: GridLayout, values: ArrayLike<number> | undefined): string {
  const shade = shadeOf(layout, values);
  let svg = "";
  for (let row = 0; row < layout.rows; row++) {
    let from = 0;
    for (let column = 1; column <= layout.columns; column++) {
      const fill = shade(layout.stateAt(row, from));
      if (column < layout.columns && shade(layout.stateAt(row, column)) === fill) continue;
      if (fill !== "") svg += `<rect x="${from * SIZE}" y="${row * SIZE}" width="${(column - from) * SIZE}" height="${SIZE}" ${fill}/>`;
      from = column;
    }
  }
  return svg;
}

/** The fill of a state: its cell's own, or the heat of its value between the least and the greatest one. */
function shadeOf(layout: GridLayout, values: ArrayLike<number> | undefined): (state: number) => string {
  let low = Infinity;
  let high = -Infinity;
  for (const [state, cell] of layout.cells.entries()) {
    const v = values?.[state];
    if (v === undefined || FILLS[cell] !== undefined || !Number.isFinite(v)) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  return (state) => {
    const own = FILLS[layout.cells[state] ?? "open"];
    if (own !== undefined) return own;
    const v = values?.[state];
    if (v === undefined || Number.isNaN(v)) return "";
    const heat = high > low ? Math.min(1, Math.max(0, (v - low) / (high - low))) : 0.5;
    return `fill="var(--mdpkit-heat)" fill-opacity="${(0.04 + (0.56 * Math.round(heat * (SHADES - 1))) / (SHADES - 1)).toFixed(3)}"`;
  };
}

function gridLines(layout: GridLayout, width: number, height: number): string {
  let path = "";
  for (let row = 0; row <= layout.rows; row++) path += `M0 ${row * SIZE}H${width}`;
  for (let column = 0; column <= layout.columns; column++) path += `M${column * SIZE} 0V${height}`;
  return `<path class="line" d="${path}"/>`;
}

/** Agent or mark, arrow, number: what is written into one cell. */
function contents(layout: GridLayout, state: number, options: GridSvgOptions): string {
  const cell = layout.cells[state];
  if (cell === undefined || cell === "wall") return "";
  const x = layout.columnOf(state) * SIZE + SIZE / 2;
  const y = layout.rowOf(state) * SIZE + SIZE / 2;
  const action = options.actions?.[state];
  const value = layout.columns <= WIDEST_WITH_NUMBERS ? options.values?.[state] : undefined;
  const number = value === undefined || MARKS[cell] === "G" ? "" : `<text x="${x}" y="${y + 15}">${numberText(value, options.digits ?? 2)}</text>`;
  const middle = number === "" ? y : y - 5;
  let svg = number;
  if (state === options.agent) svg += `<circle cx="${x}" cy="${middle}" r="9" fill="currentColor"/>`;
  else if (action !== undefined && action !== null && layout.columns <= WIDEST_WITH_ARROWS && cell !== "goal" && cell !== "hole")
    svg += arrow(action, x, middle);
  else if (MARKS[cell] !== undefined && layout.columns <= WIDEST_WITH_ARROWS) svg += `<text class="mark" x="${x}" y="${middle + 6}">${MARKS[cell]}</text>`;
  return svg;
}

function arrow(action: Label, x: number, y: number): string {
  const turn = TURNS.get(String(action));
  if (turn === undefined) return `<text class="mark" x="${x}" y="${y + 6}">${escapeXml(String(action).slice(0, 2))}</text>`;
  return `<path class="arrow" transform="translate(${x} ${y})rotate(${turn})" d="M-8 0H8M3 -5L8 0L3 5"/>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
