// Exact fractions over BigInt, with both infinities: the truth that computed bounds are held against.

const FLOAT = new DataView(new ArrayBuffer(8));

/**
 * A fraction, or ±Infinity (denominator 0). Immutable; not kept in lowest terms, because reducing costs more than it saves here.
 *
 * @example
 * Rational.of(0.1).equals(Rational.of(1, 10)); // false: the float64 0.1 is 3602879701896397 / 2^55
 */
export class Rational {
  readonly numerator: bigint;
  /** Positive, or 0 for an infinity. */
  readonly denominator: bigint;

  private constructor(numerator: bigint, denominator: bigint) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  static readonly zero: Rational = new Rational(0n, 1n);
  static readonly one: Rational = new Rational(1n, 1n);
  static readonly infinity: Rational = new Rational(1n, 0n);
  static readonly minusInfinity: Rational = new Rational(-1n, 0n);

  /** The exact value of a float64 or integer, or of the quotient of two. */
  static of(numerator: number | bigint, denominator: number | bigint = 1n): Rational {
    const top = typeof numerator === "bigint" ? new Rational(numerator, 1n) : fromFloat(numerator);
    return denominator === 1n ? top : top.div(Rational.of(denominator));
  }

  /** `numerator / denominator` as they stand. */
  static ratio(numerator: bigint, denominator: bigint): Rational {
    if (denominator === 0n) throw new RangeError("a fraction over 0");
    return denominator > 0n ? new Rational(numerator, denominator) : new Rational(-numerator, -denominator);
  }

  static sum(terms: Iterable<Rational>): Rational {
    let total = Rational.zero;
    for (const term of terms) total = total.add(term);
    return total;
  }

  get isFinite(): boolean {
    return this.denominator !== 0n;
  }

  get sign(): -1 | 0 | 1 {
    return this.numerator > 0n ? 1 : this.numerator < 0n ? -1 : 0;
  }

  add(other: Rational): Rational {
    const [a, b, d] = common(this, other);
    return new Rational(a + b, d);
  }

  sub(other: Rational): Rational {
    const [a, b, d] = common(this, other);
    return new Rational(a - b, d);
  }

  mul(other: Rational): Rational {
    finite(this, other);
    return new Rational(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  div(other: Rational): Rational {
    finite(this, other);
    return Rational.ratio(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  neg(): Rational {
    return new Rational(-this.numerator, this.denominator);
  }

  abs(): Rational {
    return this.numerator < 0n ? this.neg() : this;
  }

  /** Negative, 0 or positive, as this is less than, equal to or greater than `other`. */
  compare(other: Rational): -1 | 0 | 1 {
    if (this.denominator === 0n && other.denominator === 0n) return Math.sign(this.sign - other.sign) as -1 | 0 | 1;
    const left = this.numerator * other.denominator;
    const right = other.numerator * this.denominator;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(other: Rational): boolean {
    return this.compare(other) === 0;
  }

  lessOrEqual(other: Rational): boolean {
    return this.compare(other) <= 0;
  }

  max(other: Rational): Rational {
    return this.compare(other) >= 0 ? this : other;
  }

  /** The same fraction in lowest terms. */
  reduced(): Rational {
    if (this.denominator === 0n) return this;
    const d = gcd(this.numerator < 0n ? -this.numerator : this.numerator, this.denominator);
    return new Rational(this.numerator / d, this.denominator / d);
  }

  /** The nearest float64 (ties to even), where that is a normal number. */
  toNumber(): number {
    if (this.denominator === 0n) return this.sign * Infinity;
    if (this.numerator === 0n) return 0;
    const size = this.numerator < 0n ? -this.numerator : this.numerator;
    // A quotient of at least 64 bits whose last bit says whether anything was cut off: rounding it once is rounding the fraction.
    const shift = 64 - (bitLength(size) - bitLength(this.denominator));
    const top = shift > 0 ? size << BigInt(shift) : size;
    const bottom = shift > 0 ? this.denominator : this.denominator << BigInt(-shift);
    const quotient = (top / bottom) | (top % bottom === 0n ? 0n : 1n);
    let result = Number(quotient) * this.sign;
    for (let left = -shift; left !== 0; ) {
      const step = Math.max(-1000, Math.min(1000, left));
      result *= 2 ** step;
      left -= step;
    }
    return result;
  }

  toString(): string {
    if (this.denominator === 0n) return this.sign > 0 ? "Infinity" : "-Infinity";
    const { numerator, denominator } = this.reduced();
    return denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
  }
}

function fromFloat(x: number): Rational {
  if (x === Infinity) return Rational.infinity;
  if (x === -Infinity) return Rational.minusInfinity;
  if (Number.isNaN(x)) throw new RangeError("NaN is no number");
  if (Number.isSafeInteger(x)) return Rational.ratio(BigInt(x), 1n);
  FLOAT.setFloat64(0, x);
  const bits = FLOAT.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const exponent = Math.max(biased, 1) - 1075;
  const signed = x < 0 ? -mantissa : mantissa;
  if (exponent >= 0) return Rational.ratio(signed << BigInt(exponent), 1n);
  // Trailing zero bits go, so that sums of simple fractions stay small.
  let cut = 0n;
  while (cut < 52n && ((mantissa >> cut) & 1n) === 0n) cut++;
  return Rational.ratio(signed >> cut, 1n << (BigInt(-exponent) - cut));
}

function finite(a: Rational, b: Rational): void {
  if (a.denominator === 0n || b.denominator === 0n) throw new RangeError(`arithmetic on ${a} and ${b}`);
}

/** Both numerators over one denominator. */
function common(a: Rational, b: Rational): [bigint, bigint, bigint] {
  finite(a, b);
  const c = a.denominator;
  const d = b.denominator;
  if (c === d) return [a.numerator, b.numerator, c];
  if (c > d && c % d === 0n) return [a.numerator, b.numerator * (c / d), c];
  if (d > c && d % c === 0n) return [a.numerator * (d / c), b.numerator, d];
  return [a.numerator * d, b.numerator * c, c * d];
}

export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function bitLength(x: bigint): number {
  return x.toString(16).length * 4;
}
