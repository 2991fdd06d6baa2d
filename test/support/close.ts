// Matchers for certified numbers: the exact truth must lie inside the bounds, compared as fractions, never in floats.
import { expect } from "vitest";
import { Rational } from "./rational.ts";

export interface NumberBounds {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** The places where `truth` is not inside the bounds, in words; empty where they hold. NaN holds nothing. */
export function boundViolations(truth: readonly Rational[], bounds: NumberBounds): string[] {
  const wrong: string[] = [];
  if (bounds.lower.length !== truth.length || bounds.upper.length !== truth.length) {
    wrong.push(`bounds have ${bounds.lower.length} and ${bounds.upper.length} entries, the truth ${truth.length}`);
    return wrong;
  }
  for (const [s, exact] of truth.entries()) {
    const low = bounds.lower[s]!;
    const high = bounds.upper[s]!;
    if (Number.isNaN(low) || Number.isNaN(high)) wrong.push(`state ${s}: bounds [${low}, ${high}]`);
    else if (Rational.of(low).compare(exact) > 0) wrong.push(`state ${s}: lower ${low} > truth ${exact.toNumber()}${excess(Rational.of(low), exact)}`);
    else if (Rational.of(high).compare(exact) < 0) wrong.push(`state ${s}: upper ${high} < truth ${exact.toNumber()}${excess(exact, Rational.of(high))}`);
  }
  return wrong;
}

function excess(larger: Rational, smaller: Rational): string {
  return larger.isFinite && smaller.isFinite ? ` by ${larger.sub(smaller).toNumber()}` : "";
}

/** Fails with the states and distances where the exact truth is outside the bounds. */
export function expectInside(truth: readonly Rational[], bounds: NumberBounds, what = "the truth"): void {
  const wrong = boundViolations(truth, bounds);
  expect(wrong, `${what} must lie in the bounds`).toEqual([]);
}

/** Fails unless |values - truth| <= epsilon at every place, exactly; an infinity must be met. */
export function expectWithin(values: ArrayLike<number>, truth: readonly Rational[], epsilon: number | Rational, what = "values"): void {
  const allowed = typeof epsilon === "number" ? Rational.of(epsilon) : epsilon;
  expect(values.length, `${what}: how many`).toBe(truth.length);
  const wrong: string[] = [];
  for (const [i, exact] of truth.entries()) {
    const x = values[i]!;
    if (!exact.isFinite || !Number.isFinite(x)) {
      if (x !== exact.toNumber()) wrong.push(`[${i}] is ${x}, the truth ${exact}`);
    } else if (Rational.of(x).sub(exact).abs().compare(allowed) > 0) {
      wrong.push(`[${i}] is ${x}, the truth ${exact.toNumber()}, apart by ${Rational.of(x).sub(exact).abs().toNumber()} > ${allowed.toNumber()}`);
    }
  }
  expect(wrong, `${what} within ${allowed.toNumber()} of the truth`).toEqual([]);
}
