// Tables that become lists of labelled values on a phone, and cells that hold a bar with its number.
import { type Child, element, type Markup } from "./svg.ts";

export interface Column {
  readonly label: string;
  /** Numbers stand right and in figures of equal width. */
  readonly numeric?: boolean | undefined;
}

/**
 * A table. The first cell of each row is its heading.
 *
 * `compact` rows stand closer; `even` columns are of equal width, the first a little wider.
 *
 * @example
 * table("Methods", [{ label: "method" }, { label: "sweeps", numeric: true }], [["value iteration", "52"]]);
 */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Child[])[], style?: "compact" | "even"): Markup {
  return element(
    "table",
    // The roles keep the meaning where the phone's style sheet lays cells out as blocks.
    { role: "table", class: style },
    element("caption", {}, caption),
    element(
      "thead",
      { role: "rowgroup" },
      element(
        "tr",
        { role: "row" },
        ...columns.map((column) => element("th", { role: "columnheader", scope: "col", class: column.numeric ? "num" : undefined }, column.label)),
      ),
    ),
    element("tbody", { role: "rowgroup" }, ...rows.map((row) => element("tr", { role: "row" }, ...row.map((cell, i) => tableCell(columns[i], cell, i))))),
  );
}

function tableCell(column: Column | undefined, cell: Child, i: number): Markup {
  const attributes = { class: column?.numeric ? "num" : undefined, "data-label": column?.label };
  return i === 0
    ? element("th", { role: "rowheader", scope: "row", class: attributes.class }, cell)
    : element("td", { role: "cell", ...attributes }, element("span", {}, cell));
}

/**
 * A term and its value, such as `states 16`, several in a row.
 *
 * @example
 * facts([["states", "16"], ["discount", "0.99"]]);
 */
export function facts(pairs: readonly (readonly [term: string, value: Child])[]): Markup {
  return element("dl", { class: "facts" }, ...pairs.map(([term, value]) => element("div", {}, element("dt", {}, term), element("dd", {}, value))));
}

/** Something that is there to look up, closed until it is asked for. */
export function details(summary: string, ...children: readonly Child[]): Markup {
  return element("details", {}, element("summary", {}, summary), element("div", { class: "details-body" }, ...children));
}
