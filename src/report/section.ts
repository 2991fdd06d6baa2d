// The frame of a section: its name and how to read it on the left, what it shows on the right.
import { type Child, element, type Markup } from "./svg.ts";

/**
 * One section of a report.
 *
 * @example
 * section("values", "Value and policy", ["The colour is ..."], figure);
 */
export function section(id: string, heading: string, reading: readonly Child[], ...body: readonly Child[]): Markup {
  return element(
    "section",
    { "aria-labelledby": `${id}-heading` },
    element("div", { class: "rail" }, element("h2", { id: `${id}-heading` }, heading), ...reading.map((paragraph) => element("p", {}, paragraph))),
    element("div", { class: "body" }, ...body),
  );
}

/** A remark under a figure. */
export function note(text: string | undefined): Markup | undefined {
  return text === undefined ? undefined : element("p", { class: "note" }, text);
}

/** Where numbers come from, set apart so that it is not overlooked. */
export function sourceLine(text: string): Markup {
  return element("p", { class: "source" }, text);
}
