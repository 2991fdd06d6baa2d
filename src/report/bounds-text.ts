// A certified number as text: as many digits as its bounds agree on, and the bounds themselves where they are apart.
import { formatNumber } from "./format.ts";
import type { PlainBounds, PlainNumber } from "./report-data.ts";
import { element, fragment, type Markup } from "./svg.ts";

/** Less than this is 0 to any reader. */
const TINY = 1e-300;

/** A number from JSON, where infinities are text. */
export function plainNumber(x: PlainNumber): number {
  return typeof x === "number" ? x : Number(x);
}

/**
 * The number, and under it how far it is proven: to within half the distance of its bounds.
 *
 * @example
 * boundsText({ value: 0.5, lower: 0.4999999, upper: 0.5000001 }); // 0.5, and "± 10⁻⁷" below
 */
export function boundsText({ value, lower, upper }: PlainBounds): Markup {
  const [low, high] = [plainNumber(lower), plainNumber(upper)];
  const number = formatNumber(plainNumber(value), 5);
  const half = 0.5 * (high - low);
  if (low === high || half < TINY) return fragment(number);
  return fragment(
    number,
    element("span", { class: "range" }, Number.isFinite(half) ? `± ${formatNumber(half, 1)}` : `${formatNumber(low)} to ${formatNumber(high)}`),
  );
}
