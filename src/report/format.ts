// Numbers as people read them: true minus signs, powers of ten in superscript, the same decimals where they stand together.

const SUPERSCRIPT: Readonly<Record<string, string>> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

/**
 * A number to a few significant digits; very small and very large ones as a power of ten.
 *
 * @example
 * formatNumber(-0.5);    // "−0.5"
 * formatNumber(3.2e-10); // "3.2 × 10⁻¹⁰"
 */
export function formatNumber(x: number, digits = 4): string {
  if (Number.isNaN(x)) return "–";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const rounded = Number(x.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size < 1e-3 || size >= 1e7) {
    const [mantissa = "", exponent = "0"] = rounded.toExponential(Math.min(2, digits - 1)).split("e");
    const head = String(Number(mantissa));
    return minus(
      head === "1" ? formatPower(Number(exponent)) : head === "-1" ? `-${formatPower(Number(exponent))}` : `${head} × ${formatPower(Number(exponent))}`,
    );
  }
  const text = String(rounded);
  return minus(size >= 10_000 ? grouped(text) : text);
}

/** 10 to an integer power: `10⁻⁶`. */
export function formatPower(exponent: number): string {
  return `10${[...String(exponent)].map((character) => SUPERSCRIPT[character] ?? character).join("")}`;
}

/** A count with thousands apart. */
export function formatCount(n: number): string {
  return Number.isFinite(n) ? minus(grouped(String(n))) : formatNumber(n);
}

/** A share of 1 in percent. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return formatNumber(share);
  const percent = share * 100;
  return `${minus(String(Number(percent.toFixed(percent !== 0 && Math.abs(percent) < 10 ? 1 : 0))))} %`;
}

/** Seconds in a unit that suits them. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1e-3) return `${formatNumber(seconds * 1e6, 2)} µs`;
  if (seconds < 1) return `${formatNumber(seconds * 1e3, 2)} ms`;
  return `${formatNumber(seconds, 3)} s`;
}

/**
 * One format for numbers that stand together: as many decimals as tell them apart, at most `most`.
 *
 * @example
 * sameDecimals([0.95, 1])(0.95); // "0.950"
 */
export function sameDecimals(values: readonly number[], most = 4): (x: number) => string {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    whole &&= Number.isInteger(value);
  }
  const scale = high > low ? high - low : Math.max(Math.abs(high), 1);
  const decimals = whole ? 0 : Math.min(most, Math.max(0, 2 - Math.floor(Math.log10(scale))));
  return (x) => (Number.isFinite(x) ? minus(withoutMinusZero(x.toFixed(decimals))) : formatNumber(x));
}

function withoutMinusZero(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

function grouped(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const head = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return fraction === undefined ? head : `${head}.${fraction}`;
}

function minus(text: string): string {
  return text.replaceAll("-", "−");
}
