// Schedules: the numbers they give, and what they refuse.
import { describe, expect, it } from "vitest";
import { OptionError } from "../../../src/errors.ts";
import { constant, exponentialDecay, harmonic, linearDecay, robbinsMonro } from "../../../src/policies/index.ts";

describe("schedules", () => {
  it("constant stays", () => {
    expect(constant(0.25)(1e6, 7)).toBe(0.25);
  });

  it("linearDecay goes straight from its start to its end and stays there", () => {
    const schedule = linearDecay({ from: 1, to: 0.2, steps: 100 });
    expect([0, 50, 100, 1e9].map((step) => schedule(step, 1))).toEqual([1, 0.6, 0.2, 0.2]);
  });

  it("exponentialDecay halves its distance to the end every half-life", () => {
    const schedule = exponentialDecay({ from: 1, to: 0.5, halfLife: 10 });
    expect([0, 10, 20].map((step) => schedule(step, 1))).toEqual([1, 0.75, 0.625]);
  });

  it("harmonic with scale 1 averages: the n-th update leaves the mean of n numbers", () => {
    const rate = harmonic();
    const sample = [3, 1, 4, 1, 5, 9, 2, 6];
    let mean = 0;
    for (const [i, x] of sample.entries()) mean += rate(0, i + 1) * (x - mean);
    expect(mean).toBeCloseTo(sample.reduce((x, y) => x + y) / sample.length, 12);
  });

  it("harmonic with scale 1/(1-γ) is 1/(1 + (1-γ)(n-1)), and constant 1 at infinity", () => {
    expect(harmonic(100)(0, 51)).toBeCloseTo(1 / (1 + 0.01 * 50), 12);
    expect(harmonic(Infinity)(0, 1e9)).toBe(1);
  });

  it("robbinsMonro is n^-exponent", () => {
    expect([1, 2, 4].map((n) => robbinsMonro(1)(99, n))).toEqual([1, 0.5, 0.25]);
    expect(robbinsMonro()(0, 16)).toBeCloseTo(1 / 8, 12);
  });

  it("refuses numbers out of range", () => {
    const wrong = [
      () => constant(Number.NaN),
      () => linearDecay({ from: 1, steps: 0 }),
      () => linearDecay({ from: Infinity, steps: 10 }),
      () => exponentialDecay({ from: 1, to: Number.NaN, halfLife: 3 }),
      () => exponentialDecay({ from: 1, halfLife: -3 }),
      () => harmonic(0),
      () => robbinsMonro(0.5),
      () => robbinsMonro(1.1),
    ];
    for (const make of wrong) expect(make).toThrow(OptionError);
  });
});
