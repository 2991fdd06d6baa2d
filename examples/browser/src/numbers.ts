// Numbers as the page writes them.

/** A value with as many decimals as its bounds settle, three to nine. */
export function valueText(value: number, gap: number): string {
  const settled = gap > 0 ? Math.floor(-Math.log10(gap)) : 9;
  return value.toFixed(Math.min(9, Math.max(3, settled)));
}

/** A bound, with enough decimals to tell it from the other one. */
export function boundText(bound: number, gap: number): string {
  const apart = gap > 0 ? Math.ceil(-Math.log10(gap)) + 1 : 9;
  // Bounds of 0 lie a rounding below it: no -0.000.
  return bound.toFixed(Math.min(12, Math.max(3, apart))).replace(/^-(?=[0.]*$)/, "");
}

/** A gap: two digits and a power of ten where it is small. */
export function gapText(gap: number): string {
  if (gap === 0) return "0";
  if (gap >= 0.01) return gap.toPrecision(3);
  const [digits, power] = gap.toExponential(1).split("e");
  return `${digits} × 10${raised(Number(power))}`;
}

export function secondsText(seconds: number): string {
  return seconds < 1 ? `${(1000 * seconds).toFixed(1)} ms` : `${seconds.toFixed(2)} s`;
}

export function countText(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** An exponent in superscript. */
export function raised(power: number): string {
  return String(power).replace(/./g, (digit) => (digit === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)] ?? digit)));
}
