// One figure in two sizes, so that text stays readable on a phone; the style sheet shows one of them.
import { element, type Markup } from "./svg.ts";

/** The sizes figures are drawn for, in CSS pixels. */
export const WIDE = 704;
export const NARROW = 343;

/** A figure to draw: how much room it has, and the prefix of its ids. */
export interface Canvas {
  readonly id: string;
  readonly width: number;
  readonly narrow: boolean;
}

/**
 * Draws a figure for a desk and for a phone.
 *
 * @example
 * responsive("values", (canvas) => heatMap(canvas, map));
 */
export function responsive(id: string, draw: (canvas: Canvas) => Markup): Markup {
  return element(
    "div",
    { class: "figure" },
    element("div", { class: "wide" }, draw({ id: `${id}-wide`, width: WIDE, narrow: false })),
    element("div", { class: "narrow" }, draw({ id: `${id}-narrow`, width: NARROW, narrow: true })),
  );
}
