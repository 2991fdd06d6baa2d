// Error-free transformations: sums and products that know their own rounding error.
// Source: Ogita, Rump, Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26 (2005), algorithms 3.1 to 5.3.

/** The unit roundoff of float64, 2^-53: the largest relative error of one correctly rounded operation. */
export const UNIT_ROUNDOFF: number = 2 ** -53;

/** Veltkamp's splitting constant, 2^27 + 1. */
const SPLITTER = 134217729;

/** The rounding error of `a + b`, exactly: a + b = fl(a + b) + twoSumError(a, b, fl(a + b)). */
export function twoSumError(a: number, b: number, sum: number): number {
  const bVirtual = sum - a;
  return a - (sum - bVirtual) + (b - bVirtual);
}

/** The rounding error of `a * b`, exactly, where nothing over- or underflows (|a|, |b| < 2^996). */
export function twoProductError(a: number, b: number, product: number): number {
  const ca = SPLITTER * a;
  const aHigh = ca - (ca - a);
  const aLow = a - aHigh;
  const cb = SPLITTER * b;
  const bHigh = cb - (cb - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** A running sum of numbers and products in twice the working precision; `high + low` is its value. */
export class CompensatedSum {
  high = 0;
  low = 0;

  reset(): this {
    this.high = 0;
    this.low = 0;
    return this;
  }

  add(x: number): this {
    const sum = this.high + x;
    this.low += twoSumError(this.high, x, sum);
    this.high = sum;
    return this;
  }

  addProduct(a: number, b: number): this {
    const product = a * b;
    this.low += twoProductError(a, b, product);
    return this.add(product);
  }

  /** The sum, rounded once; infinite where it overflowed. */
  get value(): number {
    return Number.isFinite(this.high) ? this.high + this.low : this.high;
  }
}

/** The sum of `values`, rounded as if computed in twice the working precision. */
export function sum(values: Iterable<number>): number {
  const total = new CompensatedSum();
  for (const x of values) total.add(x);
  return total.value;
}
