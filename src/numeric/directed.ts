// Directed rounding: the next float64 above or below, so that a computed bound stays a bound.

const FLOAT = new Float64Array(1);
const BITS = new BigInt64Array(FLOAT.buffer);

/** The smallest float64 greater than `x` (itself for NaN and +Infinity). */
export function nextUp(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x;
  if (x === 0) return Number.MIN_VALUE;
  FLOAT[0] = x;
  BITS[0] = BITS[0]! + (x > 0 ? 1n : -1n);
  return FLOAT[0]!;
}

/** The largest float64 less than `x` (itself for NaN and -Infinity). */
export function nextDown(x: number): number {
  return -nextUp(-x);
}

/** An upper bound on the exact `a + b`. */
export function addUp(a: number, b: number): number {
  return nextUp(a + b);
}

/** A lower bound on the exact `a + b`. */
export function addDown(a: number, b: number): number {
  return nextDown(a + b);
}

/** An upper bound on the exact `a * b`. */
export function mulUp(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : nextUp(a * b);
}

/** A lower bound on the exact `a * b`. */
export function mulDown(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : nextDown(a * b);
}
