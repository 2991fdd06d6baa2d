// The test's own arithmetic, against identities and numbers known by hand.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { solveExactly } from "./exact-linear.ts";
import { Rational } from "./rational.ts";

const anyFloat = fc.double({ noNaN: true, noDefaultInfinity: true });
const fraction = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 30n })).map(([n, d]) => Rational.ratio(n, d));

describe("Rational", () => {
  test("a float becomes the fraction it is", () => {
    expect(Rational.of(0.1).reduced()).toMatchObject({ numerator: 3602879701896397n, denominator: 2n ** 55n });
    expect(Rational.of(-0.75).reduced()).toMatchObject({ numerator: -3n, denominator: 4n });
    expect(Rational.of(5e-324).reduced()).toMatchObject({ numerator: 1n, denominator: 2n ** 1074n });
    expect(Rational.of(2 ** 1023).numerator).toBe(2n ** 1023n);
    expect(Rational.of(0.1).add(Rational.of(0.2)).equals(Rational.of(0.3))).toBe(false);
    expect(Rational.of(1, 10).add(Rational.of(1, 5)).equals(Rational.of(3, 10))).toBe(true);
  });

  test("to a float and back is the float", () => {
    fc.assert(
      fc.property(anyFloat, (x) => void expect(Rational.of(x).toNumber()).toBe(x === 0 ? 0 : x)),
      { examples: [[2 ** 53 + 2], [2 ** -1022], [1.7976931348623157e308], [5e-324]] },
    );
  });

  test("a quotient is rounded as the hardware rounds it", () => {
    const normal = fc.double({ noNaN: true, min: 1e-100, max: 1e100 });
    fc.assert(fc.property(normal, normal, (x, y) => void expect(Rational.of(x).div(Rational.of(y)).toNumber()).toBe(x / y)));
    fc.assert(fc.property(normal, normal, (x, y) => void expect(Rational.of(x).mul(Rational.of(y)).toNumber()).toBe(x * y)));
    fc.assert(fc.property(normal, normal, (x, y) => void expect(Rational.of(x).sub(Rational.of(y)).toNumber()).toBe(x - y)));
  });

  test("field laws, order", () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, (a, b, c) => {
        expect(
          a
            .add(b)
            .mul(c)
            .equals(a.mul(c).add(b.mul(c))),
        ).toBe(true);
        expect(a.sub(b).add(b).equals(a)).toBe(true);
        if (b.sign !== 0) expect(a.div(b).mul(b).equals(a)).toBe(true);
        expect(a.compare(b)).toBe(-b.compare(a) + 0);
        expect(a.compare(b)).toBe(a.sub(b).sign);
        expect(a.reduced().equals(a)).toBe(true);
      }),
    );
  });

  test("infinities compare and refuse arithmetic", () => {
    const { infinity, minusInfinity, one } = Rational;
    expect(infinity.compare(one)).toBe(1);
    expect(one.compare(infinity)).toBe(-1);
    expect(minusInfinity.compare(Rational.of(-1e308))).toBe(-1);
    expect(minusInfinity.compare(infinity)).toBe(-1);
    expect(infinity.equals(Rational.of(Infinity))).toBe(true);
    expect(minusInfinity.toNumber()).toBe(-Infinity);
    expect(() => infinity.add(one)).toThrow(RangeError);
    expect(() => Rational.of(Number.NaN)).toThrow(RangeError);
    expect(() => one.div(Rational.zero)).toThrow(RangeError);
  });

  test("prints in lowest terms", () => {
    expect(`${Rational.of(6, 4)} ${Rational.of(-4, 2)} ${Rational.infinity}`).toBe("3/2 -2 Infinity");
  });
});

describe("solveExactly", () => {
  test("A x is b", () => {
    const entry = fc.integer({ min: -9, max: 9 });
    const system = fc
      .integer({ min: 1, max: 6 })
      .chain((n) =>
        fc.tuple(fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }), fc.array(entry, { minLength: n, maxLength: n })),
      );
    fc.assert(
      fc.property(system, ([rows, right]) => {
        const a = rows.map((row) => row.map((x) => Rational.of(x, 7)));
        const b = right.map((x) => [Rational.of(x, 3), Rational.one]);
        let x: Rational[][];
        try {
          x = solveExactly(a, b);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        for (const [i, row] of a.entries()) for (const m of [0, 1]) expect(Rational.sum(row.map((y, j) => y.mul(x[j]![m]!))).equals(b[i]![m]!)).toBe(true);
      }),
    );
  });

  test("the Hilbert matrix of order 8, where floats have lost every digit", () => {
    const n = 8;
    const hilbert = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Rational.of(1, i + j + 1)));
    const right = hilbert.map((row) => [Rational.sum(row)]);
    expect(solveExactly(hilbert, right).map((row) => `${row[0]}`)).toEqual(new Array(n).fill("1"));
  });

  test("a singular system is refused", () => {
    const one = Rational.one;
    expect(() =>
      solveExactly(
        [
          [one, one],
          [one, one],
        ],
        [[one], [one]],
      ),
    ).toThrow("singular");
  });
});
