// Sup norm, sup distance and span: the ordinary case, the empty one, infinities, and NaN that must not be lost.
import { describe, expect, test } from "vitest";
import { span, supDistance, supNorm } from "../../../src/numeric/index.ts";

describe("supNorm", () => {
  test("is the largest size", () => expect(supNorm([1, -3, 2])).toBe(3));
  test("of nothing is 0", () => expect(supNorm([])).toBe(0));
  test("is NaN wherever a NaN stands", () => {
    expect(supNorm([Number.NaN, 1])).toBeNaN();
    expect(supNorm([1, Number.NaN])).toBeNaN();
  });
});

describe("supDistance", () => {
  test("is the largest difference", () => expect(supDistance([1, 5], [2, -1])).toBe(6));
  test("counts equal infinities as 0 apart, unequal ones as infinitely far", () => {
    expect(supDistance([Infinity, 1], [Infinity, 1.5])).toBe(0.5);
    expect(supDistance([Infinity], [-Infinity])).toBe(Infinity);
  });
  test("is NaN wherever a NaN stands, also at the same place", () => {
    expect(supDistance([Number.NaN], [1])).toBeNaN();
    expect(supDistance([Number.NaN], [Number.NaN])).toBeNaN();
  });
});

describe("span", () => {
  test("is max - min", () => expect(span([3, -1, 2])).toBe(4));
  test("of nothing is 0, of one number too", () => {
    expect(span([])).toBe(0);
    expect(span([7])).toBe(0);
  });
  test("is NaN wherever a NaN stands", () => {
    expect(span([Number.NaN, 1])).toBeNaN();
    expect(span([1, 2, Number.NaN])).toBeNaN();
  });
  test("is infinite where one entry is", () => expect(span([1, Infinity])).toBe(Infinity));
});
