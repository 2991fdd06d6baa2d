// Σ p v of rows: one by one for short ones, four side by side and kept by row where they are long or shared.
import { at, consecutive, firstBranch, probability, rowExpectation, target } from "./model";

/** Σ p v from t, p on, up to the target at `end`. */
@inline
export function expectation(t: usize, p: usize, end: usize, v: usize): f64 {
  return goOn(0, t, p, end, v);
}

/** The same added to `sum`, in order: eights, then what is left by its bits, so that rows of one width take the same few branches every time. */
@inline
function goOn(sum: f64, t: usize, p: usize, end: usize, v: usize): f64 {
  while (t + 32 <= end) {
    sum += load<f64>(p) * at(v, load<i32>(t));
    sum += load<f64>(p, 8) * at(v, load<i32>(t, 4));
    sum += load<f64>(p, 16) * at(v, load<i32>(t, 8));
    sum += load<f64>(p, 24) * at(v, load<i32>(t, 12));
    sum += load<f64>(p, 32) * at(v, load<i32>(t, 16));
    sum += load<f64>(p, 40) * at(v, load<i32>(t, 20));
    sum += load<f64>(p, 48) * at(v, load<i32>(t, 24));
    sum += load<f64>(p, 56) * at(v, load<i32>(t, 28));
    t += 32;
    p += 64;
  }
  const left = <i32>(end - t);
  if (left & 16) {
    sum += load<f64>(p) * at(v, load<i32>(t));
    sum += load<f64>(p, 8) * at(v, load<i32>(t, 4));
    sum += load<f64>(p, 16) * at(v, load<i32>(t, 8));
    sum += load<f64>(p, 24) * at(v, load<i32>(t, 12));
    t += 16;
    p += 32;
  }
  if (left & 8) {
    sum += load<f64>(p) * at(v, load<i32>(t));
    sum += load<f64>(p, 8) * at(v, load<i32>(t, 4));
    t += 8;
    p += 16;
  }
  if (left & 4) sum += load<f64>(p) * at(v, load<i32>(t));
  return sum;
}

@inline
export function expectationOf(row: i32, v: usize): f64 {
  const from = firstBranch(row);
  const to = firstBranch(row + 1);
  return expectation(target + ((<usize>from) << 2), probability + ((<usize>from) << 3), target + ((<usize>to) << 2), v);
}

/** Σ p v of each row from .. to: where rows are long, or most serve many choices, once a sweep. */
export function expectations(v: usize, from: i32, to: i32): void {
  let row = from;
  if (consecutive) for (; row + 4 <= to; row += 4) expectFourConsecutive(row, row + 1, row + 2, row + 3, v);
  else for (; row + 4 <= to; row += 4) expectFour(row, row + 1, row + 2, row + 3, v);
  for (; row < to; row++) expectOne(row, v);
}

/** The same of the rows listed at `rows`, entries from .. to: those a policy needs. */
export function listedExpectations(rows: usize, v: usize, from: i32, to: i32): void {
  let at = rows + ((<usize>from) << 2);
  const end = rows + ((<usize>to) << 2);
  for (; at + 16 <= end; at += 16) {
    if (consecutive) expectFourConsecutive(load<i32>(at), load<i32>(at, 4), load<i32>(at, 8), load<i32>(at, 12), v);
    else expectFour(load<i32>(at), load<i32>(at, 4), load<i32>(at, 8), load<i32>(at, 12), v);
  }
  for (; at < end; at += 4) expectOne(load<i32>(at), v);
}

/** Four rows side by side where targets follow one another: values are read as they lie, in the same order. */
function expectFourConsecutive(one: i32, two: i32, three: i32, four: i32, v: usize): void {
  const b1 = firstBranch(one);
  const b2 = firstBranch(two);
  const b3 = firstBranch(three);
  const b4 = firstBranch(four);
  const n1 = firstBranch(one + 1) - b1;
  const n2 = firstBranch(two + 1) - b2;
  const n3 = firstBranch(three + 1) - b3;
  const n4 = firstBranch(four + 1) - b4;
  const common = min(min(n1, n2), min(n3, n4));
  if (common == 0) {
    expectOne(one, v);
    expectOne(two, v);
    expectOne(three, v);
    expectOne(four, v);
    return;
  }
  const t1 = target + ((<usize>b1) << 2);
  const t2 = target + ((<usize>b2) << 2);
  const t3 = target + ((<usize>b3) << 2);
  const t4 = target + ((<usize>b4) << 2);
  const p1 = probability + ((<usize>b1) << 3);
  const p2 = probability + ((<usize>b2) << 3);
  const p3 = probability + ((<usize>b3) << 3);
  const p4 = probability + ((<usize>b4) << 3);
  const x1 = v + ((<usize>load<i32>(t1)) << 3);
  const x2 = v + ((<usize>load<i32>(t2)) << 3);
  const x3 = v + ((<usize>load<i32>(t3)) << 3);
  const x4 = v + ((<usize>load<i32>(t4)) << 3);
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  let s4: f64 = 0;
  const bytes = (<usize>common) << 3;
  for (let o: usize = 0; o < bytes; o += 8) {
    s1 += load<f64>(p1 + o) * load<f64>(x1 + o);
    s2 += load<f64>(p2 + o) * load<f64>(x2 + o);
    s3 += load<f64>(p3 + o) * load<f64>(x3 + o);
    s4 += load<f64>(p4 + o) * load<f64>(x4 + o);
  }
  const skipped = (<usize>common) << 2;
  store<f64>(rowExpectation + ((<usize>one) << 3), goOn(s1, t1 + skipped, p1 + bytes, t1 + ((<usize>n1) << 2), v));
  store<f64>(rowExpectation + ((<usize>two) << 3), goOn(s2, t2 + skipped, p2 + bytes, t2 + ((<usize>n2) << 2), v));
  store<f64>(rowExpectation + ((<usize>three) << 3), goOn(s3, t3 + skipped, p3 + bytes, t3 + ((<usize>n3) << 2), v));
  store<f64>(rowExpectation + ((<usize>four) << 3), goOn(s4, t4 + skipped, p4 + bytes, t4 + ((<usize>n4) << 2), v));
}

@inline
function expectOne(row: i32, v: usize): void {
  store<f64>(rowExpectation + ((<usize>row) << 3), expectationOf(row, v));
}

/** Four rows side by side: each sum waits for its own last addition only, so four take little longer than one. */
function expectFour(one: i32, two: i32, three: i32, four: i32, v: usize): void {
  const b1 = firstBranch(one);
  const b2 = firstBranch(two);
  const b3 = firstBranch(three);
  const b4 = firstBranch(four);
  const n1 = firstBranch(one + 1) - b1;
  const n2 = firstBranch(two + 1) - b2;
  const n3 = firstBranch(three + 1) - b3;
  const n4 = firstBranch(four + 1) - b4;
  const common = min(min(n1, n2), min(n3, n4));
  let t1 = target + ((<usize>b1) << 2);
  let t2 = target + ((<usize>b2) << 2);
  let t3 = target + ((<usize>b3) << 2);
  let t4 = target + ((<usize>b4) << 2);
  let p1 = probability + ((<usize>b1) << 3);
  let p2 = probability + ((<usize>b2) << 3);
  let p3 = probability + ((<usize>b3) << 3);
  let p4 = probability + ((<usize>b4) << 3);
  const end1 = t1 + ((<usize>n1) << 2);
  const end2 = t2 + ((<usize>n2) << 2);
  const end3 = t3 + ((<usize>n3) << 2);
  const end4 = t4 + ((<usize>n4) << 2);
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  let s4: f64 = 0;
  for (const end = t1 + ((<usize>common) << 2); t1 < end; ) {
    s1 += load<f64>(p1) * at(v, load<i32>(t1));
    s2 += load<f64>(p2) * at(v, load<i32>(t2));
    s3 += load<f64>(p3) * at(v, load<i32>(t3));
    s4 += load<f64>(p4) * at(v, load<i32>(t4));
    t1 += 4;
    t2 += 4;
    t3 += 4;
    t4 += 4;
    p1 += 8;
    p2 += 8;
    p3 += 8;
    p4 += 8;
  }
  store<f64>(rowExpectation + ((<usize>one) << 3), goOn(s1, t1, p1, end1, v));
  store<f64>(rowExpectation + ((<usize>two) << 3), goOn(s2, t2, p2, end2, v));
  store<f64>(rowExpectation + ((<usize>three) << 3), goOn(s3, t3, p3, end3, v));
  store<f64>(rowExpectation + ((<usize>four) << 3), goOn(s4, t4, p4, end4, v));
}
