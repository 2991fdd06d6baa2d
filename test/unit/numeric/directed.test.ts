// Directed rounding: neighbours of float64 numbers, and bounds that hold.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDown, addUp, mulDown, mulUp, nextDown, nextUp } from "../../../src/numeric/index.ts";
import { exact } from "./exact-float.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const moderate = fc.double({ noNaN: true, min: -1e150, max: 1e150 });

describe("nextUp and nextDown", () => {
  test("are the neighbours: nothing lies between", () => {
    fc.assert(
      fc.property(finite, (x) => {
        const up = nextUp(x);
        expect(up).toBeGreaterThan(x);
        expect(nextDown(up)).toBe(x === 0 ? 0 : x);
        const middle = x / 2 + up / 2;
        if (Number.isFinite(up)) expect(middle === x || middle === up || Math.abs(x) < 1e-307).toBe(true);
      }),
    );
  });

  test("cross zero, the subnormals and the powers of two", () => {
    expect(nextUp(0)).toBe(Number.MIN_VALUE);
    expect(nextUp(-0)).toBe(Number.MIN_VALUE);
    expect(nextDown(0)).toBe(-Number.MIN_VALUE);
    expect(nextUp(-Number.MIN_VALUE)).toBe(-0);
    expect(nextUp(1)).toBe(1 + 2 ** -52);
    expect(nextDown(1)).toBe(1 - 2 ** -53);
    expect(nextUp(-1)).toBe(-(1 - 2 ** -53));
  });

  test("end at the infinities and pass NaN through", () => {
    expect(nextUp(Number.MAX_VALUE)).toBe(Infinity);
    expect(nextUp(Infinity)).toBe(Infinity);
    expect(nextUp(-Infinity)).toBe(-Number.MAX_VALUE);
    expect(nextDown(-Infinity)).toBe(-Infinity);
    expect(nextUp(Number.NaN)).toBeNaN();
    expect(nextDown(Number.NaN)).toBeNaN();
  });
});

test("addDown <= a + b <= addUp, exactly", () => {
  fc.assert(
    fc.property(moderate, moderate, (a, b) => {
      const truth = exact(a) + exact(b);
      expect(exact(addDown(a, b)) <= truth && truth <= exact(addUp(a, b))).toBe(true);
    }),
  );
});

test("mulDown <= a · b <= mulUp, exactly, also where the product underflows", () => {
  const scale = 1n << 1074n;
  const tiny = fc.double({ noNaN: true, min: -1e-160, max: 1e-160 });
  fc.assert(
    fc.property(fc.oneof(moderate, tiny), fc.oneof(moderate, tiny), (a, b) => {
      const truth = exact(a) * exact(b);
      expect(exact(mulDown(a, b)) * scale <= truth && truth <= exact(mulUp(a, b)) * scale).toBe(true);
    }),
  );
});

test("a product with zero is zero, not a subnormal", () => {
  expect(mulUp(0, 5)).toBe(0);
  expect(mulDown(5, 0)).toBe(0);
});
