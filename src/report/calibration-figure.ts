// How sure each prior is against how often it is right, and what following it loses from state to state: two line charts.
import { formatNumber, formatPercent } from "./format.ts";
import { lineChart } from "./line-chart.ts";
import type { CalibrationLine, RegretLine } from "./report-data.ts";
import { responsive } from "./responsive.ts";
import { element, fragment, type Markup } from "./svg.ts";
import { details, table } from "./table.ts";

/** Draws the calibration curves beside the diagonal on which advice is right as often as it is sure. */
export function calibrationFigure(lines: readonly CalibrationLine[]): Markup {
  return fragment(
    element("h3", {}, "How sure, and how often right"),
    responsive("calibration", (canvas) =>
      lineChart(canvas, {
        title: "Calibration: the share of states in which the favourite action is optimal, by how sure the prior is of it",
        description: lines.map((line) => `${line.name}: expected calibration error ${formatPercent(line.error)}.`).join(" "),
        lines: [
          ...lines.map(({ name, bins }) => ({ name, x: bins.map((bin) => bin.confidence), y: bins.map((bin) => bin.accuracy) })),
          { name: "as sure as right", x: [0, 1], y: [0, 1] },
        ],
        xLabel: "probability of the favourite action",
        yLabel: "share of states where it is optimal",
      }),
    ),
    details(
      "The figures",
      table(
        "Calibration by range of probability",
        [
          { label: "prior" },
          { label: "probability", numeric: true },
          { label: "states", numeric: true },
          { label: "mean probability", numeric: true },
          { label: "optimal", numeric: true },
        ],
        lines.flatMap(({ name, bins }) =>
          bins.map((bin) => [
            name,
            `${formatNumber(bin.from, 2)} to ${formatNumber(bin.to, 2)}`,
            String(bin.count),
            formatPercent(bin.confidence),
            formatPercent(bin.accuracy),
          ]),
        ),
        "compact",
      ),
    ),
  );
}

/** Draws each prior's regret by state, the worst state first, with its proven bounds as a band. */
export function regretFigure(lines: readonly RegretLine[]): Markup {
  const most = (line: RegretLine) => line.regret[0] ?? 0;
  return fragment(
    element("h3", {}, "What following it loses, state by state"),
    responsive("regret", (canvas) =>
      lineChart(canvas, {
        title: "Exact regret by state, the worst state first",
        description: lines.map((line) => `${line.name}: ${formatNumber(most(line))} in the worst of ${line.regret.length} states.`).join(" "),
        lines: lines.map(({ name, regret, lower, upper }) => ({ name, x: regret.map((_, i) => i + 1), y: regret, low: lower, high: upper })),
        xLabel: "states, the worst first",
        yLabel: "exact regret V* − V of the prior",
      }),
    ),
    element(
      "p",
      { class: "note" },
      `Each regret is proven to within ${formatNumber(
        lines.reduce((widest, line) => line.regret.reduce((wide, _, i) => Math.max(wide, (line.upper[i] ?? 0) - (line.lower[i] ?? 0)), widest), 0),
        2,
      )}, rounding included.`,
    ),
  );
}
