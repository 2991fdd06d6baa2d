// The section of methods: what each solver did, how far its answer is proven, and the key figures at the head of the report.
import { formatCount, formatNumber, formatSeconds } from "./format.ts";
import type { MethodSummary } from "./report-data.ts";
import { section } from "./section.ts";
import { element, type Markup } from "./svg.ts";
import { table } from "./table.ts";

/** Renders the section. */
export function renderMethods(methods: readonly MethodSummary[]): Markup {
  const [timed, started] = [methods.some((m) => m.seconds !== undefined), methods.some((m) => m.startValue !== undefined)];
  const columns = [
    { label: "method" },
    { label: "status" },
    ...(started ? [{ label: "value at the start", numeric: true }] : []),
    { label: "sweeps", numeric: true },
    { label: "residual", numeric: true },
    { label: "gap", numeric: true },
    ...(timed ? [{ label: "time", numeric: true }] : []),
  ];
  return section(
    "methods",
    "The certificate",
    [
      "Each answer comes with a lower and an upper bound that hold the true optimum, rounding included. The gap is the widest distance between them.",
      "A sweep updates every state once. The residual is how much one more would change.",
    ],
    table(
      "What each method did",
      columns,
      methods.map((m) => [
        m.method,
        statusText(m.status),
        ...(started ? [m.startValue === undefined ? "" : formatNumber(m.startValue, 7)] : []),
        formatCount(m.sweeps),
        formatNumber(m.residual, 3),
        formatNumber(m.gap, 3),
        ...(timed ? [m.seconds === undefined ? "" : formatSeconds(m.seconds)] : []),
      ]),
    ),
  );
}

/** The figures that stand large at the head: the start's value, the narrowest gap, and whether all is proven. */
export function keyFigures(methods: readonly MethodSummary[]): Markup | undefined {
  const best = methods.reduce<MethodSummary | undefined>((a, b) => (a === undefined || b.gap < a.gap ? b : a), undefined);
  if (best === undefined) return undefined;
  const converged = methods.filter((m) => m.status === "converged").length;
  const figure = (term: string, value: string | Markup): Markup => element("div", {}, element("dt", {}, term), element("dd", {}, value));
  return element(
    "dl",
    { class: "key" },
    best.startValue === undefined ? undefined : figure("value at the start", formatNumber(best.startValue, 5)),
    figure("proven to within", formatNumber(best.gap, 2)),
    figure(
      methods.length === 1 ? "status" : converged === methods.length ? `all ${methods.length} methods` : "methods",
      converged === methods.length
        ? element("span", { class: "ok" }, "✓ converged")
        : element("span", { class: "warn" }, methods.length === 1 ? `△ ${best.status}` : `△ ${converged} of ${methods.length} converged`),
    ),
  );
}

function statusText(status: string): Markup {
  return status === "converged" ? element("span", { class: "ok" }, "✓ converged") : element("span", { class: "warn" }, `△ ${status}`);
}
