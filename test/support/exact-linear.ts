// Linear systems over the rationals, without fractions on the way.
// Source: Bareiss, "Sylvester's identity and multistep integer-preserving Gaussian elimination", Math. Comp. 22 (1968).
import { gcd, Rational } from "./rational.ts";

/**
 * The X of A X = B, exactly: A is n x n, B is n x m.
 *
 * @throws RangeError where A is singular.
 */
export function solveExactly(a: readonly (readonly Rational[])[], b: readonly (readonly Rational[])[]): Rational[][] {
  const n = a.length;
  const rows = a.map((row, i) => clearDenominators([...row, ...b[i]!]));
  const width = n + (b[0]?.length ?? 0);
  let previous = 1n;
  for (let k = 0; k < n; k++) {
    const pivotRow = rows.findIndex((row, i) => i >= k && row[k] !== 0n);
    if (pivotRow < 0) throw new RangeError("a singular system");
    [rows[k], rows[pivotRow]] = [rows[pivotRow]!, rows[k]!];
    const top = rows[k]!;
    const pivot = top[k]!;
    for (let i = k + 1; i < n; i++) {
      const row = rows[i]!;
      const factor = row[k]!;
      for (let j = k + 1; j < width; j++) row[j] = (pivot * row[j]! - factor * top[j]!) / previous;
      row[k] = 0n;
    }
    previous = pivot;
  }
  // Back substitution over the common denominator det = the last pivot: x_k · det is an integer (Cramer).
  const det = previous;
  return solveTriangle(rows, n, width, det);
}

function solveTriangle(rows: readonly bigint[][], n: number, width: number, det: bigint): Rational[][] {
  const scaled = Array.from({ length: n }, () => new Array<bigint>(width - n).fill(0n));
  for (let k = n - 1; k >= 0; k--) {
    const row = rows[k]!;
    for (let m = n; m < width; m++) {
      let total = det * row[m]!;
      for (let j = k + 1; j < n; j++) total -= row[j]! * scaled[j]![m - n]!;
      scaled[k]![m - n] = total / row[k]!;
    }
  }
  return scaled.map((row) => row.map((x) => Rational.ratio(x, det)));
}

/** The numerators of a row over its least common denominator. */
function clearDenominators(row: readonly Rational[]): bigint[] {
  let lcm = 1n;
  for (const x of row) if (lcm % x.denominator !== 0n) lcm = (lcm / gcd(lcm, x.denominator)) * x.denominator;
  return row.map((x) => x.numerator * (lcm / x.denominator));
}
