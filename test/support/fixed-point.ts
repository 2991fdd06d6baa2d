// Numbers with 50 decimals after the point, as BigInt: exp and ln far closer than float64, to hold computed bounds against.

const DIGITS = 50n;
const GUARD = 10n;
/** The unit: a fixed-point number x stands for x / ONE. */
export const ONE: bigint = 10n ** (DIGITS + GUARD);

/** The exact value of a float64, rounded to the last digit kept. */
export function fixed(x: number): bigint {
  if (!Number.isFinite(x)) throw new RangeError(`${x} is no number`);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | (1n << 52n);
  const shift = (exponent === 0 ? 1 : exponent) - 1075;
  const size = shift >= 0 ? mantissa * (1n << BigInt(shift)) * ONE : (mantissa * ONE) / (1n << BigInt(-shift));
  return bits >> 63n === 1n ? -size : size;
}

export function times(x: bigint, y: bigint): bigint {
  return (x * y) / ONE;
}

export function over(x: bigint, y: bigint): bigint {
  return (x * ONE) / y;
}

/** e^x for x <= 0 or moderately above: halved until small, Taylor's series, squared back. */
export function exp(x: bigint): bigint {
  let halvings = 0;
  let small = x;
  while (small > ONE / 16n || small < -ONE / 16n) {
    small /= 2n;
    halvings++;
  }
  let term = ONE;
  let sum = ONE;
  for (let k = 1n; term !== 0n; k++) {
    term = times(term, small) / k;
    sum += term;
  }
  for (let k = 0; k < halvings; k++) sum = times(sum, sum);
  return sum;
}

/** ln x for x > 0, by Newton's iteration on exp, from float64. */
export function ln(x: bigint): bigint {
  let y = fixed(Math.log(Number(x) / Number(ONE)));
  for (let k = 0; k < 3; k++) y += over(2n * (x - exp(y)), x + exp(y));
  return y;
}

/** How far off the functions above may be. */
export const SLACK: bigint = 10n ** (GUARD + 10n);
