// Lines over a linear or logarithmic axis, with range bands, markers, and each line's name at its end.

import { lineMarker } from "./marker.ts";
import { LINE_COLOURS } from "./palette.ts";
import type { Canvas } from "./responsive.ts";
import { extent, LEAST, linearScale, logScale, type Scale } from "./scale.ts";
import { spread } from "./spread.ts";
import { element, fragment, type Markup, pathData, picture } from "./svg.ts";
import { thin } from "./thin.ts";

/** One line; entries that an axis cannot show (not finite, or not positive on a log axis) are left out. */
export interface ChartLine {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low?: readonly number[] | undefined;
  readonly high?: readonly number[] | undefined;
}

export interface LineChart {
  readonly title: string;
  readonly description: string;
  readonly lines: readonly ChartLine[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xScale?: "linear" | "log" | undefined;
  readonly yScale?: "linear" | "log" | undefined;
  /** A dashed level with its name. */
  readonly level?: { readonly name: string; readonly value: number } | undefined;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line's points that the axes can show, in numbers. */
interface Sample extends Point {
  readonly low: number | undefined;
  readonly high: number | undefined;
}

interface DrawnLine {
  readonly name: string;
  readonly index: number;
  readonly points: readonly Point[];
  readonly band: readonly Point[];
}

/** How many points of a line are drawn: more than there are pixels for them. */
const MOST_POINTS = 800;

/** Beside a chart names have no more room than this; longer ones than LONGEST_NAME letters end in dots. */
const MOST_NAME_ROOM = 246;
const LONGEST_NAME = 29;

/**
 * Draws a line chart. On a wide canvas each line is named at its end, on a narrow one above the chart.
 *
 * @example
 * responsive("gap", (canvas) => lineChart(canvas, { title: "Gap", description: "...", lines, xLabel: "sweeps", yLabel: "gap", yScale: "log" }));
 */
export function lineChart(canvas: Canvas, chart: LineChart): Markup {
  const { width, narrow } = canvas;
  const samples = chart.lines.map((line) => samplesOf(line, chart));
  const level = chart.level !== undefined && visible(chart.yScale, chart.level.value) ? chart.level : undefined;
  const xs = extent(samples.flatMap((points) => points.map((point) => point.x)));
  const ys = extent([
    ...samples.flatMap((points) => points.flatMap(({ y, low = y, high = y }) => [y, low, high])),
    ...(level === undefined ? [] : [level.value]),
  ]);
  if (xs === undefined || ys === undefined) return element("p", { class: "note" }, "There is nothing to draw: no point lies on the axes.");

  const top = narrow ? 36 + 20 * chart.lines.length : 30;
  const nameRoom = Math.min(MOST_NAME_ROOM, 28 + 7.5 * Math.max(0, ...chart.lines.map((line) => line.name.length)));
  const bottom = top + (narrow ? 210 : 290);
  const yScale = chart.yScale === "log" ? logScale(ys[0], ys[1], bottom, top, narrow ? 6 : 8) : linearScale(ys[0], ys[1], bottom, top, 5);
  const tickRoom = 12 + 7.2 * Math.max(6, ...yScale.ticks.map((tick) => tick.label.length));
  const box = { left: tickRoom, right: width - (narrow ? 20 : nameRoom), top, bottom };
  const xScale =
    chart.xScale === "log"
      ? logScale(xs[0], xs[1], box.left, box.right, narrow ? 5 : 8)
      : linearScale(xs[0], xs[1], box.left, box.right, narrow ? 4 : 7, samples.every((points) => points.every((point) => Number.isInteger(point.x))) ? 1 : 0);
  const drawn = samples.map((points, index): DrawnLine => {
    const place = (x: number, y: number): Point => ({ x: xScale(x), y: yScale(y) });
    const upper = points.flatMap(({ x, high }) => (high === undefined ? [] : place(x, high)));
    const lower = points.flatMap(({ x, low }) => (low === undefined ? [] : place(x, low)));
    return {
      name: chart.lines[index]?.name ?? "",
      index,
      points: thin(
        points.map(({ x, y }) => place(x, y)),
        MOST_POINTS,
      ),
      band: [...thin(upper, MOST_POINTS), ...thin(lower, MOST_POINTS).reverse()],
    };
  });
  return picture(
    { id: canvas.id, width, height: box.bottom + 46, title: chart.title, description: chart.description },
    axes(box, xScale, yScale, chart, narrow ? 48 : 100),
    ...drawn
      .filter((line) => line.band.length > 0)
      .map((line) => element("path", { class: `band c${line.index % LINE_COLOURS.light.length}`, d: `${polyline(line.band)} Z` })),
    ...drawn.map(drawLine),
    level === undefined ? undefined : levelLine(box, yScale(level.value), level.name),
    narrow ? namesAbove(drawn) : namesAtEnds(drawn, box),
  );
}

/** The entries that both axes can show; on a log axis a band that reaches 0 ends at the line. */
function samplesOf(line: ChartLine, { xScale, yScale }: LineChart): Sample[] {
  return line.x.flatMap((x, i): Sample[] => {
    const y = line.y[i];
    const [low, high] = [line.low?.[i], line.high?.[i]];
    if (y === undefined || !visible(xScale, x) || !visible(yScale, y)) return [];
    if (low === undefined || high === undefined || !Number.isFinite(low) || !visible(yScale, high)) return [{ x, y, low: undefined, high: undefined }];
    return [{ x, y, low: visible(yScale, low) ? low : y, high }];
  });
}

function visible(axis: "linear" | "log" | undefined, value: number): boolean {
  return Number.isFinite(value) && (axis !== "log" || value >= LEAST);
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function axes(box: Box, xScale: Scale, yScale: Scale, chart: LineChart, longest: number): Markup {
  return fragment(
    ...yScale.ticks.map((tick) =>
      fragment(
        element("line", { class: "grid", x1: box.left, x2: box.right, y1: yScale(tick.value), y2: yScale(tick.value) }),
        element("text", { class: "tick end", x: box.left - 8, y: yScale(tick.value) + 4 }, tick.label),
      ),
    ),
    ...xScale.ticks.map((tick) =>
      fragment(
        element("line", { class: "axis", x1: xScale(tick.value), x2: xScale(tick.value), y1: box.bottom, y2: box.bottom + 5 }),
        element("text", { class: "tick middle", x: xScale(tick.value), y: box.bottom + 20 }, tick.label),
      ),
    ),
    element("line", { class: "axis", x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }),
    element("text", { class: "tick", x: 0, y: 12 }, shorten(chart.yLabel, longest)),
    element(
      "text",
      { class: "tick end", x: box.right, y: box.bottom + 40 },
      shorten(`${chart.xLabel}${chart.xScale === "log" ? " (log axis)" : ""}`, longest - 10),
    ),
  );
}

function levelLine(box: Box, y: number, name: string): Markup {
  return fragment(
    element("line", { class: "level", x1: box.left, x2: box.right, y1: y, y2: y }),
    element("text", { class: "tick halo", x: box.left + 6, y: y - 6 }, shorten(name, 40)),
  );
}

function drawLine(line: DrawnLine): Markup {
  const colour = line.index % LINE_COLOURS.light.length;
  const every = Math.max(1, Math.ceil(line.points.length / 8));
  // Each line has its markers at places of its own, so that lines that coincide can be told apart.
  const marked = line.points.filter((_, i) => (i + line.index) % every === 0 || i === line.points.length - 1);
  return element(
    "g",
    { class: `line c${colour}` },
    element("title", {}, line.name),
    line.points.length < 2 ? undefined : element("path", { class: "stroke", d: polyline(line.points) }),
    ...marked.map((point) => lineMarker(line.index, point.x, point.y)),
  );
}

function namesAtEnds(lines: readonly DrawnLine[], box: Box): Markup {
  const ended = lines.flatMap((line) => {
    const end = line.points.at(-1);
    return end === undefined ? [] : [{ line, end, wanted: end.y }];
  });
  return fragment(
    ...spread(ended, 17, box.top, box.bottom - 7).map(({ item: { line, end }, place: y }) => {
      const moved = Math.abs(y - end.y) > 3;
      return element(
        "g",
        { class: `line c${line.index % LINE_COLOURS.light.length}` },
        moved ? element("path", { class: "leader", d: pathData("M", end.x + 6, end.y, "L", end.x + 16, y) }) : undefined,
        element("text", { class: "name halo", x: end.x + (moved ? 19 : 11), y: y + 4 }, shorten(line.name, LONGEST_NAME)),
      );
    }),
  );
}

function namesAbove(lines: readonly DrawnLine[]): Markup {
  return fragment(
    ...lines.map((line, i) =>
      element(
        "g",
        { class: `line c${line.index % LINE_COLOURS.light.length}` },
        element("path", { class: "stroke", d: pathData("M", 2, 32 + 20 * i, "h", 26) }),
        lineMarker(line.index, 15, 32 + 20 * i),
        element("text", { class: "name", x: 36, y: 36 + 20 * i }, shorten(line.name, 34)),
      ),
    ),
  );
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function polyline(points: readonly Point[]): string {
  return points.map((point, i) => pathData(i === 0 ? "M" : "L", point.x, point.y)).join(" ");
}
