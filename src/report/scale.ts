// Axes: from numbers to places, linear or logarithmic, with ticks at round numbers.
import { formatNumber, formatPower } from "./format.ts";

export interface Tick {
  readonly value: number;
  readonly label: string;
}

export interface Scale {
  readonly kind: "linear" | "log";
  /** The numbers at the two ends. */
  readonly domain: readonly [number, number];
  /** The place of a number. */
  (x: number): number;
  readonly ticks: readonly Tick[];
}

/** Axes do not go below this: the next powers of ten are no normal float64 numbers. */
export const LEAST = 1e-300;

/** The least and the greatest finite number; undefined if there is none. */
export function extent(values: Iterable<number>): readonly [low: number, high: number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/**
 * A linear axis from `low` to `high`, widened to round numbers, over places `from` to `to`, with about `count` ticks
 * that are at least `least` apart (1 for an axis of whole numbers).
 *
 * @example
 * const x = linearScale(0, 97, 0, 500, 5);
 * x.ticks.map((tick) => tick.label); // ["0", "20", "40", "60", "80", "100"]
 */
export function linearScale(low: number, high: number, from: number, to: number, count = 5, least = 0): Scale {
  // A range below what float64 can divide into steps is no range.
  if (!(high - low > Math.max(LEAST, 1e-9 * Math.max(Math.abs(low), Math.abs(high))))) {
    const pad = Math.max(Math.abs(low), 1) / 2;
    return linearScale(low - pad, low + pad, from, to, count, least);
  }
  const step = Math.max(least, niceStep((high - low) / Math.max(1, count)));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks: Tick[] = [];
  for (let k = first; k <= last; k++) {
    const value = Number((k * step).toPrecision(12));
    ticks.push({ value, label: formatNumber(value, 6) });
  }
  const [a, b] = [first * step, last * step];
  return scale("linear", [a, b], (x) => from + ((x - a) / (b - a)) * (to - from), ticks);
}

/** Up to this many powers of ten ticks stand at 1, 2 and 5 times them, and the axis may begin and end there. */
const FEW_DECADES = 3;

/**
 * A logarithmic axis: over few powers of ten from and to a round number, with ticks at 1, 2 and 5 times them; else widened to whole
 * powers, with a tick at each or at every second, third, ... of them. `low` and `high` are at least `LEAST`, and finite.
 *
 * @example
 * logScale(3e-7, 0.9, 300, 0).ticks.map((tick) => tick.label); // ["10⁻⁷", "10⁻⁶", ..., "10⁰"]
 */
export function logScale(low: number, high: number, from: number, to: number, count = 8): Scale {
  const floor = Math.floor(Math.log10(low) + 1e-9);
  const ceiling = Math.max(floor + 1, Math.ceil(Math.log10(high) - 1e-9));
  const round = ceiling - floor <= FEW_DECADES ? roundNumbers(floor, ceiling) : [];
  const first = round.findLast((x) => x <= low * (1 + 1e-9));
  const last = round.find((x) => x >= high * (1 - 1e-9) && x !== first);
  // Smaller and larger numbers would need powers of ten in their labels.
  const few = first !== undefined && last !== undefined && first >= 1e-3 && last <= 1e5;
  const [a, b] = few ? [Math.log10(first), Math.log10(last)] : [floor, ceiling];
  const stride = Math.ceil((ceiling - floor) / Math.max(1, count));
  const values = few ? round.filter((x) => x >= first && x <= last) : powers(Math.ceil(floor / stride) * stride, ceiling, stride);
  const ticks = values.map((value): Tick => ({ value, label: value >= 1 && value <= 1e4 ? formatNumber(value) : powerLabel(value) }));
  return scale("log", few ? [first, last] : [10 ** a, 10 ** b], (x) => from + ((Math.log10(x) - a) / (b - a)) * (to - from), ticks);
}

/** 1, 2 and 5 times the powers of ten from one exponent to another. */
function roundNumbers(from: number, to: number): number[] {
  const numbers: number[] = [];
  for (let e = from; e <= to; e++) for (const lead of [1, 2, 5]) if (e < to || lead === 1) numbers.push(Number(`${lead}e${e}`));
  return numbers;
}

function powers(from: number, to: number, stride: number): number[] {
  const values: number[] = [];
  for (let e = from; e <= to; e += stride) values.push(Number(`1e${e}`));
  return values;
}

/** A power of ten in superscript, other numbers as they are. */
function powerLabel(value: number): string {
  const exponent = Math.round(Math.log10(value));
  return value === Number(`1e${exponent}`) ? formatPower(exponent) : formatNumber(value);
}

function scale(kind: Scale["kind"], domain: readonly [number, number], place: (x: number) => number, ticks: readonly Tick[]): Scale {
  return Object.assign((x: number) => place(x), { kind, domain, ticks });
}

/** The round step (1, 2 or 5 times a power of ten) that is at least `raw`. */
function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}
