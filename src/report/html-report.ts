// A report as one HTML file that holds everything it needs: no script, no font, no picture from elsewhere.
import { renderAgent } from "./agent-section.ts";
import { renderConvergence, renderLearning } from "./curve-sections.ts";
import { formatCount, formatNumber } from "./format.ts";
import { keyFigures, renderMethods } from "./methods-section.ts";
import { renderPrior } from "./prior-section.ts";
import type { ModelFacts, PriorSource, Provenance, ReportData } from "./report-data.ts";
import { renderSafety } from "./safety-section.ts";
import { sourceText } from "./source-text.ts";
import { element, type Markup, styleSheet } from "./svg.ts";
import { facts } from "./table.ts";
import { theme } from "./theme.ts";
import { renderValues } from "./value-section.ts";

/** A title with such a word, a model's specification say, is set smaller: it has nowhere to break. */
const LONG_WORD = /\S{22}/;

/**
 * Renders a report: light and dark, readable on a phone, printable, without scripts. All names in it are escaped, and a
 * content security policy in the file forbids everything from outside.
 *
 * @example
 * const html = renderReport({ title: "Seed maze", methods: [methodSummary(best)], provenance: { version, date } });
 */
export function renderReport(data: ReportData): string {
  const body = element(
    "body",
    {},
    element(
      "header",
      {},
      element("p", { class: "eyebrow" }, "mdpkit report"),
      element("h1", { class: LONG_WORD.test(data.title) ? "long" : undefined }, data.title),
      data.summary === undefined ? undefined : element("p", { class: "summary" }, data.summary),
      data.model === undefined ? undefined : modelFacts(data.model),
      data.methods === undefined ? undefined : keyFigures(data.methods),
    ),
    element(
      "main",
      {},
      data.value === undefined ? undefined : renderValues(data.value, data.grid, data.model?.objective),
      data.methods === undefined || data.methods.length === 0 ? undefined : renderMethods(data.methods),
      data.convergence === undefined ? undefined : renderConvergence(data.convergence),
      data.learning === undefined ? undefined : renderLearning(data.learning),
      data.prior === undefined ? undefined : renderPrior(data.prior, data.grid),
      data.safety === undefined ? undefined : renderSafety(data.safety),
      data.agent === undefined ? undefined : renderAgent(data.agent, data.grid),
    ),
    footer(data.provenance, recordings(data)),
  );
  const head = element(
    "head",
    {},
    element("meta", { charset: "utf-8" }),
    element("meta", { "http-equiv": "Content-Security-Policy", content: "default-src 'none'; style-src 'unsafe-inline'; img-src data:" }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("meta", { name: "color-scheme", content: "light dark" }),
    element("meta", { name: "generator", content: `mdpkit ${data.provenance.version}` }),
    element("title", {}, data.title),
    styleSheet(theme()),
  );
  return `<!doctype html>\n${element("html", { lang: "en" }, head, body).html}\n`;
}

function modelFacts(model: ModelFacts): Markup {
  const pairs: [string, string][] = [
    ["states", formatCount(model.states)],
    ["actions", formatCount(model.actions)],
  ];
  if (model.choices !== undefined) pairs.push(["choices", formatCount(model.choices)]);
  if (model.branches !== undefined) pairs.push(["branches", formatCount(model.branches)]);
  if (model.discount !== undefined) pairs.push(["discount", formatNumber(model.discount, 6)]);
  if (model.objective !== undefined) pairs.push(["objective", model.objective]);
  return facts(pairs);
}

function footer(provenance: Provenance, sources: readonly PriorSource[]): Markup {
  const pairs: [string, string][] = [["made with", `mdpkit ${provenance.version}`]];
  if (provenance.runtime !== undefined) pairs.push(["on", provenance.runtime]);
  pairs.push(["date", provenance.date]);
  if (provenance.seed !== undefined) pairs.push(["seed", String(provenance.seed)]);
  if (provenance.command !== undefined) pairs.push(["by", provenance.command]);
  return element(
    "footer",
    {},
    element("div", { class: "inner" }, facts(pairs), ...sources.map((source) => element("p", { class: "source" }, `${source.name}: ${sourceText(source)}.`))),
  );
}

/** Every recording that the report draws on, each once, so that none can be left out of the footer. */
function recordings(data: ReportData): readonly PriorSource[] {
  const all = [...(data.provenance.recordings ?? []), data.prior?.source, data.agent?.source].filter(
    (source) => source !== undefined && source.kind === "recording",
  );
  const seen = new Map<string, PriorSource>();
  for (const source of all) if (source !== undefined) seen.set(sourceText(source), source);
  return [...seen.values()];
}
