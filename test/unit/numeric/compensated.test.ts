// Error-free transformations against exact integer arithmetic on the bits of float64.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CompensatedSum, sum, twoProductError, twoSumError, UNIT_ROUNDOFF } from "../../../src/numeric/index.ts";
import { exact } from "./exact-float.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });
/** Sizes whose products neither overflow nor lose bits to underflow. */
const moderate = fc
  .tuple(fc.double({ min: 0.5, max: 1, noNaN: true }), fc.integer({ min: -200, max: 200 }), fc.boolean())
  .map(([m, e, negative]) => (negative ? -m : m) * 2 ** e);

test("the exact integers behind the tests are right", () => {
  expect(exact(Number.MIN_VALUE)).toBe(1n);
  expect(exact(1)).toBe(1n << 1074n);
  expect(exact(-2.5)).toBe(-5n * (1n << 1073n));
  expect(exact(0)).toBe(0n);
});

describe("twoSumError", () => {
  test("a + b = fl(a + b) + error, exactly", () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        const s = a + b;
        expect(exact(s) + exact(twoSumError(a, b, s))).toBe(exact(a) + exact(b));
      }),
    );
  });

  test("sees what rounding swallowed", () => {
    expect(twoSumError(1, 2 ** -60, 1)).toBe(2 ** -60);
    expect(twoSumError(0.1, 0.2, 0.1 + 0.2)).not.toBe(0);
  });
});

describe("twoProductError", () => {
  test("a · b = fl(a · b) + error, exactly", () => {
    const scale = 1n << 1074n;
    fc.assert(
      fc.property(moderate, moderate, (a, b) => {
        const p = a * b;
        expect((exact(p) + exact(twoProductError(a, b, p))) * scale).toBe(exact(a) * exact(b));
      }),
    );
  });
});

describe("CompensatedSum", () => {
  test("is within 2u |sum| + (n u)² Σ|x| of the exact sum", () => {
    fc.assert(
      fc.property(
        fc.array(
          finite.map((x) => x / 1e10),
          { maxLength: 60 },
        ),
        (xs) => {
          const got = exact(sum(xs));
          const truth = xs.reduce((total, x) => total + exact(x), 0n);
          const sizes = xs.reduce((total, x) => total + Math.abs(x), 0);
          const n = xs.length + 1;
          const allowed = 2 * UNIT_ROUNDOFF * Math.abs(sum(xs)) + 4 * n * n * UNIT_ROUNDOFF * UNIT_ROUNDOFF * sizes;
          const error = got > truth ? got - truth : truth - got;
          expect(error <= exact(allowed) + 1n).toBe(true);
        },
      ),
    );
  });

  test("keeps a small number between two large ones that cancel", () => {
    expect(1e16 + 1 - 1e16).toBe(0);
    expect(sum([1e16, 1, -1e16])).toBe(1);
    expect(sum(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  });

  test("adds products without rounding them first", () => {
    const a = 1 + 2 ** -30;
    const b = 1 - 2 ** -30;
    expect(a * b - 1).toBe(0);
    expect(new CompensatedSum().addProduct(a, b).add(-1).value).toBe(-(2 ** -60));
  });

  test("is infinite where it overflows, and NaN only where a NaN was added", () => {
    expect(sum([1e308, 1e308])).toBe(Infinity);
    expect(sum([-1e308, -1e308])).toBe(-Infinity);
    expect(sum([1, Number.NaN])).toBeNaN();
  });

  test("starts anew after reset", () => {
    const total = new CompensatedSum().add(1e16).add(1);
    expect(total.reset().add(2).value).toBe(2);
  });
});
