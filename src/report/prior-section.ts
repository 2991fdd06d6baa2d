// The section that sets a prior beside the optimum: a table of measures, and what the prior says in each state.
import { stackedBars } from "./bar-chart.ts";
import { calibrationFigure, regretFigure } from "./calibration-figure.ts";
import { formatCount, formatNumber, formatPercent } from "./format.ts";
import { fitsMap, priorMap } from "./prior-map.ts";
import type { GridPicture, PriorComparison, PriorSection, Range } from "./report-data.ts";
import { responsive } from "./responsive.ts";
import { note, section, sourceLine } from "./section.ts";
import { sourceText } from "./source-text.ts";
import { element, fragment, type Markup } from "./svg.ts";
import { type Column, details, table } from "./table.ts";
import { worstStatesTables } from "./worst-states-table.ts";

const MOST_CELLS = 900;
const MOST_STATES = 20;

/** Renders the section. */
export function renderPrior(data: PriorSection, grid: GridPicture | undefined): Markup {
  const { source, states = [], calibration = [], regret = [], worst = [] } = data;
  const text = source === undefined ? undefined : sourceText(source);
  const seeds = data.seeds === undefined ? "" : ` over ${data.seeds} seeds: median, and range`;
  return section(
    "prior",
    "Prior against optimum",
    [
      "A prior is advice on which action to take, here set beside the exact answer.",
      `Agreement: how often its favourite action is optimal. Mutual information: how much its answers depend on the state at all; 0 means it says the same everywhere. Regret: what following it would cost.${data.comparisons.some((c) => c.saved !== undefined || c.episodes !== undefined) ? ` Episodes${seeds}.` : ""}`,
    ],
    data.comparisons.length === 0 ? undefined : comparisonTable(data.comparisons),
    states.length === 0
      ? undefined
      : element("h3", {}, `What ${source === undefined ? "the prior" : source.kind === "recording" ? `the recording (${source.name})` : source.name} says`),
    states.length === 0 ? undefined : priorPicture(data, grid),
    regret.length === 0 ? undefined : regretFigure(regret),
    worst.length === 0 ? undefined : worstStatesTables(worst),
    calibration.length === 0 ? undefined : calibrationFigure(calibration),
    text === undefined ? undefined : sourceLine(capital(text)),
    source?.processing === undefined ? undefined : note(`From scores to the prior: ${source.processing.join("; ")}.`),
    note(data.note),
    source?.prompt === undefined
      ? undefined
      : details(`A prompt, as it was sent${source.kind === "recording" ? " when the recording was made" : ""}`, element("pre", {}, source.prompt)),
  );
}

function comparisonTable(comparisons: readonly PriorComparison[]): Markup {
  const measures: readonly { readonly label: string; readonly cell: (c: PriorComparison) => string | Markup | undefined }[] = [
    { label: "agreement", cell: (c) => percent(c.agreement) },
    { label: "mass on optimal", cell: (c) => percent(c.massOnOptimal) },
    { label: "mutual information, nats", cell: (c) => number(c.mutualInformation) },
    { label: "log loss, nats", cell: (c) => number(c.logLoss) },
    { label: "calibration error", cell: (c) => percent(c.calibrationError) },
    { label: "mean regret", cell: (c) => number(c.regretMean) },
    { label: "worst regret", cell: (c) => number(c.regretMax) },
    { label: "episodes needed", cell: (c) => range(c.episodes) },
    { label: "episodes saved", cell: (c) => range(c.saved) },
  ];
  const used = measures.filter((measure) => comparisons.some((c) => measure.cell(c) !== undefined));
  // Measures go down and priors across: a table of eight columns would not fit, and a reader compares along a row.
  const columns: Column[] = [{ label: "" }, ...comparisons.map((c) => ({ label: c.name, numeric: true }))];
  return table(
    "Each prior beside the optimum",
    columns,
    used.map((measure) => [measure.label, ...comparisons.map((c) => measure.cell(c) ?? "–")]),
    "even",
  );
}

function priorPicture(data: PriorSection, grid: GridPicture | undefined): Markup {
  const { states = [] } = data;
  const key = element("ul", { class: "key-line" }, keyItem("ray optimal", "optimal"), keyItem("ray", "not optimal"), element("li", {}, "length: probability"));
  if (grid !== undefined && grid.rows * grid.columns <= MOST_CELLS && fitsMap(grid, states))
    return fragment(
      responsive("prior", (canvas) => priorMap(canvas, grid, states)),
      key,
    );
  const shown = states.slice(0, MOST_STATES);
  const total = data.total ?? states.length;
  return fragment(
    stackedBars(
      shown.length < total
        ? `The first ${shown.length} of ${formatCount(total)} states; the number is the probability of an optimal action`
        : "Each state; the number is the probability of an optimal action",
      shown.map((state) => ({
        name: state.name,
        parts: state.actions.map((a) => ({ name: a.action, share: a.probability, marked: a.optimal })),
        note: formatPercent(state.actions.reduce((mass, a) => mass + (a.optimal ? a.probability : 0), 0)),
      })),
    ),
    key,
  );
}

function keyItem(style: string, label: string): Markup {
  return element(
    "li",
    {},
    element("svg", { width: 28, height: 12, viewBox: "0 0 28 12", "aria-hidden": "true" }, element("rect", { class: style, x: 1, y: 2, width: 26, height: 8 })),
    label,
  );
}

function percent(share: number | Range | undefined): string | Markup | undefined {
  return shown(share, formatPercent);
}

function number(x: number | Range | undefined): string | Markup | undefined {
  return shown(x, (value) => formatNumber(value, 3));
}

/** A number, or the median of a range with its ends beside it, once where all are the same. */
function shown(x: number | Range | undefined, format: (value: number) => string): string | Markup | undefined {
  if (x === undefined || typeof x === "number") return x === undefined ? undefined : format(x);
  const [low, high] = [format(x.low), format(x.high)];
  return low === high ? format(x.median) : fragment(format(x.median), element("span", { class: "range" }, `${low} to ${high}`));
}

function range(r: Range | undefined): Markup | undefined {
  return r === undefined
    ? undefined
    : fragment(formatNumber(r.median), element("span", { class: "range" }, `${formatNumber(r.low)} to ${formatNumber(r.high)}`));
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
