// Horizontal bars in a table, one a row with its number: readable by eye, by screen reader and on any width.
import { formatNumber } from "./format.ts";
import { extent } from "./scale.ts";
import { element, type Markup } from "./svg.ts";

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Stands after the number. */
  readonly note?: string | undefined;
}

/** One part of a stacked bar: a share of the whole. */
export interface Part {
  readonly name: string;
  readonly share: number;
  /** Marked parts are filled, the others hollow, so that colour is not needed to tell them apart. */
  readonly marked: boolean;
}

/**
 * Bars from zero, to the left where negative.
 *
 * @example
 * barChart("Value of each state", [{ name: "high", value: 42.37 }, { name: "low", value: 38.14 }]);
 */
export function barChart(caption: string, bars: readonly Bar[], format: (value: number) => string = formatNumber): Markup {
  const [least, most] = extent(bars.map((bar) => bar.value)) ?? [0, 0];
  const low = Math.min(0, least);
  const high = Math.max(0, most);
  const place = (value: number): number => (high > low ? ((value - low) / (high - low)) * 100 : 0);
  const rows = bars.map((bar) => {
    const finite = Number.isFinite(bar.value) ? bar.value : bar.value > 0 ? high : low;
    const [from, to] = [place(Math.min(0, finite)), place(Math.max(0, finite))];
    return row(bar.name, [element("span", { class: "bar", style: `left:${from.toFixed(2)}%;width:${(to - from).toFixed(2)}%` })], format(bar.value), bar.note);
  });
  return chart(caption, rows);
}

/**
 * Bars made of parts that sum to 1, such as a prior's probabilities over the actions of a state.
 *
 * @example
 * stackedBars("Prior", [{ name: "high", parts: [{ name: "search", share: 0.7, marked: true }, { name: "wait", share: 0.3, marked: false }] }]);
 */
export function stackedBars(
  caption: string,
  bars: readonly { readonly name: string; readonly parts: readonly Part[]; readonly note?: string | undefined }[],
): Markup {
  const rows = bars.map((bar) => {
    // Marked parts first: their common length is what the eye should compare.
    const parts = [...bar.parts.filter((part) => part.marked), ...bar.parts.filter((part) => !part.marked)];
    const spans = parts.map((part) =>
      element(
        "span",
        {
          class: part.marked ? "part marked" : "part",
          style: `width:${(Math.max(0, Math.min(1, part.share)) * 100).toFixed(2)}%`,
          title: `${part.name}: ${formatNumber(part.share, 3)}`,
        },
        part.share >= 0.14 ? part.name : "",
      ),
    );
    return row(bar.name, [element("span", { class: "stack" }, ...spans)], bar.note ?? "");
  });
  return chart(caption, rows);
}

function row(name: string, bars: readonly Markup[], number: string, aside?: string): Markup {
  return element(
    "tr",
    { role: "row" },
    element("th", { role: "rowheader", scope: "row" }, name),
    element("td", { role: "cell", class: "track" }, element("div", {}, ...bars)),
    element("td", { role: "cell", class: "num" }, number),
    aside === undefined ? undefined : element("td", { role: "cell", class: "aside" }, aside),
  );
}

function chart(caption: string, rows: readonly Markup[]): Markup {
  return element("table", { role: "table", class: "bars" }, element("caption", {}, caption), element("tbody", { role: "rowgroup" }, ...rows));
}
