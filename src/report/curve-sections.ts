// The sections of curves: how the solvers' gap closes, and how the learners get better over many seeds.
import { formatNumber } from "./format.ts";
import { lineChart } from "./line-chart.ts";
import type { ConvergenceSection, LearningSection } from "./report-data.ts";
import { responsive } from "./responsive.ts";
import { extent } from "./scale.ts";
import { note, section } from "./section.ts";
import type { Markup } from "./svg.ts";
import { details, table } from "./table.ts";

/** Above this ratio of the longest run to the shortest, the x axis is logarithmic, else the short ones are a dot. */
const WIDE_RATIO = 25;

/** Renders the solvers' curves, y on a log axis; nothing where no method took more than one step. */
export function renderConvergence(data: ConvergenceSection): Markup | undefined {
  if (data.lines.every((line) => line.x.length < 2)) return undefined;
  const { lines, unit = "sweeps", quantity = "gap between the bounds" } = data;
  const ends = extent(lines.flatMap((line) => line.x.at(-1) ?? [])) ?? [1, 1];
  const positive = lines.every((line) => line.x.every((x) => x > 0));
  const target = data.target === undefined ? undefined : { name: `asked for: ${formatNumber(data.target, 2)}`, value: data.target };
  return section(
    "convergence",
    "Convergence",
    [`The ${quantity} after each number of ${unit}, on a logarithmic axis: a straight line is a constant factor a step.`],
    responsive("convergence", (canvas) =>
      lineChart(canvas, {
        title: `Convergence: ${quantity}`,
        description: lines
          .map((line) => `${line.name} ends at ${formatNumber(line.y.at(-1) ?? Number.NaN, 2)} after ${formatNumber(line.x.at(-1) ?? Number.NaN)} ${unit}.`)
          .join(" "),
        lines,
        xLabel: unit,
        yLabel: quantity,
        yScale: "log",
        xScale: positive && ends[1] > WIDE_RATIO * ends[0] ? "log" : "linear",
        level: target,
      }),
    ),
  );
}

/** Renders the learners' curves: the median over seeds and the band around it. */
export function renderLearning(data: LearningSection): Markup {
  const { lines, unit = "steps", quantity, seeds, band = "range" } = data;
  const banded = lines.some((line) => line.low !== undefined && line.high !== undefined);
  const over = seeds === undefined ? "the seeds" : `${seeds} seeds`;
  return section(
    "learning",
    "Learning",
    [`Line: median of ${over}.${banded ? ` Band: ${band}.` : ""} Shown: ${quantity}.`],
    responsive("learning", (canvas) =>
      lineChart(canvas, {
        title: `Learning curves: ${quantity}`,
        description: lines
          .map((line) => `${line.name}: median from ${formatNumber(line.median[0] ?? Number.NaN)} to ${formatNumber(line.median.at(-1) ?? Number.NaN)}.`)
          .join(" "),
        lines: lines.map((line) => ({ name: line.name, x: line.x, y: line.median, low: line.low, high: line.high })),
        xLabel: unit,
        yLabel: quantity,
        yScale: data.scale,
        level: data.reference,
      }),
    ),
    note(data.note),
    details(
      "Where each curve ends, as a table",
      table(
        `${quantity} at the end`,
        [
          { label: "learner" },
          { label: unit, numeric: true },
          { label: "median", numeric: true },
          { label: "lowest", numeric: true },
          { label: "highest", numeric: true },
        ],
        lines.map((line) => [
          line.name,
          ...[line.x, line.median, line.low, line.high].map((list) => (list?.at(-1) === undefined ? "" : formatNumber(list.at(-1) ?? Number.NaN))),
        ]),
        "compact",
      ),
    ),
  );
}
