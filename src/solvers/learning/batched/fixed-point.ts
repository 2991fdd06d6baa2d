// Values as integers: sums in any order, on any device, give the same bits, which float32 on a GPU does not.
import { multiplyHigh } from "../../../numeric/index.ts";

/** Values lie within ±2^29 units, so that differences and their sums fit. */
export const LARGEST: number = 2 ** 29;

/** A fraction f in [0, 1] is stored as f · 2^31. */
const ONE = 2 ** 31;

/** The power of two that is one unit: the smallest under which values up to `bound` fit. */
export function unitFor(bound: number): number {
  return 2 ** Math.ceil(Math.log2(bound / LARGEST));
}

/** A value in units, rounded, kept within what fits. */
export function toUnits(value: number, unit: number): number {
  return Math.max(-LARGEST, Math.min(LARGEST, Math.round(value / unit)));
}

/** A fraction in [0, 1] as an integer of at most 2^31. */
export function toFraction(fraction: number): number {
  return Math.round(fraction * ONE);
}

/** x · fraction, rounded, halves away from 0; |x| at most 2^31. */
export function scaled(x: number, fraction: number): number {
  const size = Math.abs(x);
  const low = Math.imul(size, fraction) >>> 0;
  const high = multiplyHigh(size, fraction);
  const rounded = low + 2 ** 30;
  const magnitude = 2 * (high + (rounded >= 2 ** 32 ? 1 : 0)) + ((rounded >>> 31) & 1);
  return x < 0 ? -magnitude : magnitude;
}
