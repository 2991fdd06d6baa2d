// The section of values and policy: a map where the states are a grid, sorted values where they are not.

import type { Objective } from "../mdp/index.ts";
import { barChart } from "./bar-chart.ts";
import { formatCount, formatNumber, sameDecimals } from "./format.ts";
import { heatMap } from "./heat-map.ts";
import { lineChart } from "./line-chart.ts";
import type { GridPicture, StateValue, ValueSection } from "./report-data.ts";
import { responsive } from "./responsive.ts";
import { section } from "./section.ts";
import { element, fragment, type Markup } from "./svg.ts";
import { details, table } from "./table.ts";

/** Maps with more cells than this would be too fine to read and too large to store. */
const MOST_CELLS = 2500;
/** Up to this many states each gets a bar. */
const MOST_BARS = 24;
/** Rows of the table of states. */
const MOST_ROWS = 50;

/** Renders the section. */
export function renderValues(data: ValueSection, grid: GridPicture | undefined, objective: Objective = "maximize"): Markup {
  const costs = objective === "minimize";
  const mapped = grid !== undefined && grid.rows * grid.columns <= MOST_CELLS ? grid : undefined;
  const live = data.states.filter((state) => state.terminal !== true);
  const by = data.method === undefined ? [] : [`Solved by ${data.method}.`];
  if (mapped !== undefined) {
    const ties = live.some((state) => state.actions.length > 1) ? " Several arrows are equally good moves." : "";
    const reading = [
      `The lighter a cell, the more ${costs ? "it will still cost from there" : "reward can still be had from it"}. The arrow is the best move.${ties}`,
      ...legendWords(mapped),
      ...by,
    ];
    return section(
      "values",
      "Value and policy",
      reading,
      responsive("values", (canvas) => heatMap(canvas, mapped, data.states)),
      stateTable(data),
    );
  }
  const few = live.length <= MOST_BARS;
  const reading = [
    `${costs ? "What it will still cost" : "How much reward can still be had"} from each state, ${few ? "the best first, with its best action" : "from the best to the worst"}.`,
    ...by,
  ];
  return section("values", "Value and policy", reading, few ? valueBars(live, costs) : rankChart(data, live, costs), stateTable(data));
}

function legendWords(grid: GridPicture): string[] {
  const words: Readonly<Record<string, string>> = {
    start: "corner: start",
    goal: "star: goal",
    hole: "cross: hole",
    cliff: "cross: cliff",
    wall: "hatched: wall",
  };
  const kinds = Object.keys(words).filter((kind) => grid.cells.includes(kind));
  const text = kinds.map((kind) => words[kind]).join(" · ");
  return text === "" ? [] : [`${text.charAt(0).toUpperCase()}${text.slice(1)}.`];
}

/** Values in order, the best first; equal infinities stay where they are. */
function bestFirst(a: number, b: number, costs: boolean): number {
  if (a === b) return 0;
  return costs ? a - b : b - a;
}

function valueBars(states: readonly StateValue[], costs: boolean): Markup {
  const sorted = states.slice().sort((a, b) => bestFirst(a.value, b.value, costs));
  const format = sameDecimals(sorted.map((state) => state.value));
  return barChart(
    "Value of each state",
    sorted.map((state) => ({ name: state.name, value: state.value, note: state.actions.length === 0 ? undefined : state.actions.join(" or ") })),
    format,
  );
}

function rankChart(data: ValueSection, states: readonly StateValue[], costs: boolean): Markup {
  const sorted = states.map((state) => state.value).sort((a, b) => bestFirst(a, b, costs));
  const shown =
    data.total === undefined || data.total <= data.states.length
      ? `${formatCount(states.length)} states`
      : `the first ${formatCount(data.states.length)} of ${formatCount(data.total)} states`;
  return responsive("values", (canvas) =>
    lineChart(canvas, {
      title: "Values from the best state to the worst",
      description: `${shown}, sorted by value, from ${formatNumber(sorted[0] ?? Number.NaN)} to ${formatNumber(sorted.at(-1) ?? Number.NaN)}.`,
      lines: [{ name: "value", x: sorted.map((_, i) => i + 1), y: sorted }],
      xLabel: `rank among ${shown}`,
      yLabel: "value",
    }),
  );
}

function stateTable(data: ValueSection): Markup {
  const rows = data.states.slice(0, MOST_ROWS);
  const total = data.total ?? data.states.length;
  const bounded = rows.some((state) => state.lower !== undefined && state.upper !== undefined);
  const number = (x: number | undefined): string => (x === undefined ? "" : formatNumber(x, 8));
  const which = rows.length < total ? `The first ${formatCount(rows.length)} of ${formatCount(total)} states` : `All ${formatCount(total)} states`;
  return details(
    `${which} as a table`,
    table(
      bounded ? "Value, and the bounds that are proven to hold it" : "Value of each state",
      [
        { label: "state" },
        { label: "value", numeric: true },
        ...(bounded
          ? [
              { label: "lower", numeric: true },
              { label: "upper", numeric: true },
            ]
          : []),
        { label: "policy" },
      ],
      rows.map((state) => [
        state.name,
        number(state.value),
        ...(bounded ? [number(state.lower), number(state.upper)] : []),
        state.terminal === true ? fragment("– ", element("span", { class: "dim" }, "terminal")) : state.actions.join(" or "),
      ]),
      "compact",
    ),
  );
}
