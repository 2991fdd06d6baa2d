// The states where priors err most: what they favour there, what would be right, and what it costs.
import { formatNumber, formatPercent } from "./format.ts";
import type { WorstStateRow } from "./report-data.ts";
import { element, fragment, type Markup } from "./svg.ts";
import { table } from "./table.ts";

/** Draws a table for each prior, in the order of their first rows. */
export function worstStatesTables(rows: readonly WorstStateRow[]): Markup {
  const priors = [...new Set(rows.map((row) => row.prior))];
  return fragment(
    element("h3", {}, "Where it errs most"),
    ...priors.map((prior) =>
      table(
        `${prior}: states by what the favourite action alone loses, the worst first`,
        [
          { label: "state" },
          { label: "favours" },
          { label: "optimal" },
          { label: "that action loses", numeric: true },
          { label: "regret of the state", numeric: true },
          { label: "proven to lie in", numeric: true },
        ],
        rows.filter((row) => row.prior === prior).map(cells),
        "compact",
      ),
    ),
  );
}

function cells(row: WorstStateRow): string[] {
  return [
    row.state,
    `${row.favourite} (${formatPercent(row.probability)})`,
    row.optimal.join(" or "),
    formatNumber(row.ownLoss),
    formatNumber(row.regret),
    `${formatNumber(row.lower, 5)} to ${formatNumber(row.upper, 5)}`,
  ];
}
