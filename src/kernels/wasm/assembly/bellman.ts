// The Bellman operators in AssemblyScript: the same loops as the reference kernel, compiled to WebAssembly.
// Pointers are byte offsets into the memory; `choiceRow` and `policy` entries are int32, values float64.

/** The smallest and largest change of the last call, widened from what `setChange` left. */
export let changeMin: f64 = 0;
export let changeMax: f64 = 0;

export function setChange(min: f64, max: f64): void {
  changeMin = min;
  changeMax = max;
}

let stateChoices: usize = 0;
let choiceRow: usize = 0;
let rowBranches: usize = 0;
let target: usize = 0;
let probability: usize = 0;
let reward: usize = 0;
let discount: f64 = 0;
let width: i32 = 0;
let rowExpectation: usize = 0;
let consecutive: i32 = 0;
let heldTarget: usize = 0;
let heldProbability: usize = 0;
let heldReward: usize = 0;
let heldChoice: usize = 0;

/**
 * Reads where the model lies: six addresses (`choiceRow` is 0 where row = choice), then the width of the rows where all have the same, else 0,
 * then, 8 bytes aligned, the discount, the addresses of the rows that `hold` gathers and of the rows' expectations, and whether each row's targets follow one another.
 */
export function readModel(at: usize): void {
  stateChoices = load<u32>(at);
  choiceRow = load<u32>(at, 4);
  rowBranches = load<u32>(at, 8);
  target = load<u32>(at, 12);
  probability = load<u32>(at, 16);
  reward = load<u32>(at, 20);
  width = load<i32>(at, 24);
  discount = load<f64>(at, 32);
  rowExpectation = load<u32>(at, 56);
  consecutive = load<i32>(at, 60);
  heldTarget = load<u32>(at, 40);
  heldProbability = load<u32>(at, 44);
  heldReward = load<u32>(at, 48);
  heldChoice = load<u32>(at, 52);
}

@inline
function rowOf(c: i32): i32 {
  return choiceRow == 0 ? c : load<i32>(choiceRow + ((<usize>c) << 2));
}

@inline
function firstBranch(row: i32): i32 {
  return width > 0 ? row * width : load<i32>(rowBranches + ((<usize>row) << 2));
}

@inline
function at(v: usize, state: i32): f64 {
  return load<f64>(v + ((<usize>state) << 3));
}

/** Σ p v from t, p on, up to the target at `end`. */
@inline
function expectation(t: usize, p: usize, end: usize, v: usize): f64 {
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
function expectationOf(row: i32, v: usize): f64 {
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

@inline
function backup(c: i32, v: usize): f64 {
  return load<f64>(reward + ((<usize>c) << 3)) + discount * expectationOf(rowOf(c), v);
}

/** The same where `expectations` has been at it. */
@inline
function backupShared(c: i32): f64 {
  return load<f64>(reward + ((<usize>c) << 3)) + discount * load<f64>(rowExpectation + ((<usize>rowOf(c)) << 3));
}

/** A backup with the self-loop solved out, called while v(s) reads 0: then the others' sum needs no look at each target. */
@inline
function backupLoopFree(c: i32, s: i32, here: f64, v: usize): f64 {
  const row = rowOf(c);
  const end = target + ((<usize>firstBranch(row + 1)) << 2);
  const first = firstBranch(row);
  let t = target + ((<usize>first) << 2);
  let p = probability + ((<usize>first) << 3);
  let sum: f64 = 0;
  let loops = 0;
  while (t < end) {
    const next = load<i32>(t);
    loops |= i32(next == s);
    sum += load<f64>(p) * at(v, next);
    t += 4;
    p += 8;
  }
  const r = load<f64>(reward + ((<usize>c) << 3));
  return loops ? solveOutLoop(row, s, here, r, sum) : r + discount * sum;
}

function solveOutLoop(row: i32, s: i32, here: f64, r: f64, sum: f64): f64 {
  const to = firstBranch(row + 1);
  let loop: f64 = 0;
  for (let b = firstBranch(row); b < to; b++) {
    if (load<i32>(target + ((<usize>b) << 2)) == s) loop += load<f64>(probability + ((<usize>b) << 3));
  }
  const rest = 1 - discount * loop;
  return rest > 0 ? (r + discount * sum) / rest : r + discount * (sum + loop * here);
}

@inline
function widen(d: f64): void {
  if (d < changeMin) changeMin = d;
  if (d > changeMax) changeMax = d;
}

/** out = Tv. Choices are read in the order they lie in; of equal ones the incumbent is kept, else the first. */
export function sweep(v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  if (rowExpectation == 0) sweepBy(false, v, out, policy, from, to);
  else sweepBy(true, v, out, policy, from, to);
}

@inline
function sweepBy(shared: bool, v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  let c = load<i32>(stateChoices + ((<usize>from) << 2));
  for (let s = from; s < to; s++) {
    const end = load<i32>(stateChoices + ((<usize>(s + 1)) << 2));
    if (c == end) {
      widen(0);
      continue;
    }
    const incumbent = load<i32>(policy + ((<usize>s) << 2));
    let bestChoice = c;
    let best = (shared ? backupShared(c) : backup(c, v));
    for (c++; c < end; c++) {
      const q = (shared ? backupShared(c) : backup(c, v));
      if (q > best || (q == best && c == incumbent)) {
        best = q;
        bestChoice = c;
      }
    }
    store<f64>(out + ((<usize>s) << 3), best);
    store<i32>(policy + ((<usize>s) << 2), bestChoice);
    widen(best - at(v, s));
  }
}

/** out = T_π v. */
export function policySweep(v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  policySweepBy(false, v, out, policy, from, to);
}

/** The same where the expectations of the policy's rows have been computed. */
export function expectedPolicySweep(v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  policySweepBy(true, v, out, policy, from, to);
}

@inline
function policySweepBy(shared: bool, v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  for (let s = from; s < to; s++) {
    const c = load<i32>(policy + ((<usize>s) << 2));
    if (c < 0) {
      widen(0);
      continue;
    }
    const q = shared ? backupShared(c) : backup(c, v);
    store<f64>(out + ((<usize>s) << 3), q);
    widen(q - at(v, s));
  }
}

/** Gathers the rows of a policy, which all have one width: sweeps of it then read one stretch of memory instead of a row here and there. */
export function hold(policy: usize, from: i32, to: i32): void {
  for (let s = from; s < to; s++) {
    const c = load<i32>(policy + ((<usize>s) << 2));
    // Most states keep their choice from one improvement to the next.
    if (c < 0 || c == load<i32>(heldChoice + ((<usize>s) << 2))) continue;
    store<i32>(heldChoice + ((<usize>s) << 2), c);
    const b = firstBranch(rowOf(c));
    const h = s * width;
    for (let k = 0; k < width; k++) {
      store<i32>(heldTarget + ((<usize>(h + k)) << 2), load<i32>(target + ((<usize>(b + k)) << 2)));
      store<f64>(heldProbability + ((<usize>(h + k)) << 3), load<f64>(probability + ((<usize>(b + k)) << 3)));
    }
    store<f64>(heldReward + ((<usize>s) << 3), load<f64>(reward + ((<usize>c) << 3)));
  }
}

/** out = T_π v of the policy held. */
export function heldSweep(v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  let t = heldTarget + ((<usize>(from * width)) << 2);
  let p = heldProbability + ((<usize>(from * width)) << 3);
  for (let s = from; s < to; s++) {
    const end = t + ((<usize>width) << 2);
    if (load<i32>(policy + ((<usize>s) << 2)) < 0) {
      widen(0);
    } else {
      const q = load<f64>(heldReward + ((<usize>s) << 3)) + discount * expectation(t, p, end, v);
      store<f64>(out + ((<usize>s) << 3), q);
      widen(q - at(v, s));
    }
    t = end;
    p += (<usize>width) << 3;
  }
}

/** v = Tv in place, self-loops solved out. */
export function gaussSeidel(v: usize, policy: usize, from: i32, to: i32, backwards: i32): void {
  for (let i = from; i < to; i++) improveInPlace(backwards ? to - 1 - (i - from) : i, v, policy);
}

@inline
function improveInPlace(s: i32, v: usize, policy: usize): void {
  const first = load<i32>(stateChoices + ((<usize>s) << 2));
  const end = load<i32>(stateChoices + ((<usize>(s + 1)) << 2));
  if (first == end) {
    widen(0);
    return;
  }
  const incumbent = load<i32>(policy + ((<usize>s) << 2));
  const here = at(v, s);
  store<f64>(v + ((<usize>s) << 3), 0);
  let bestChoice = first;
  let best = backupLoopFree(first, s, here, v);
  for (let c = first + 1; c < end; c++) {
    const q = backupLoopFree(c, s, here, v);
    if (q > best || (q == best && c == incumbent)) {
      best = q;
      bestChoice = c;
    }
  }
  widen(best - here);
  store<f64>(v + ((<usize>s) << 3), best);
  store<i32>(policy + ((<usize>s) << 2), bestChoice);
}

/** v = T_π v in place, self-loops solved out. */
export function policyGaussSeidel(v: usize, policy: usize, from: i32, to: i32, backwards: i32): void {
  for (let i = from; i < to; i++) {
    const s = backwards ? to - 1 - (i - from) : i;
    const c = load<i32>(policy + ((<usize>s) << 2));
    if (c < 0) {
      widen(0);
      continue;
    }
    const here = at(v, s);
    store<f64>(v + ((<usize>s) << 3), 0);
    const q = backupLoopFree(c, s, here, v);
    widen(q - here);
    store<f64>(v + ((<usize>s) << 3), q);
  }
}

/** out[0], out[1], ... = Q of the choices of the states from .. to. */
export function choiceValues(v: usize, out: usize, from: i32, to: i32): void {
  const first = load<i32>(stateChoices + ((<usize>from) << 2));
  const end = load<i32>(stateChoices + ((<usize>to) << 2));
  for (let c = first; c < end; c++) store<f64>(out + ((<usize>(c - first)) << 3), anyBackup(c, v));
}

/** By state: the best Q - v, the lowest choice within `tolerance` of it, and that choice's Q - v. */
export function greedyWithin(v: usize, tolerance: f64, best: usize, chosen: usize, policy: usize, from: i32, to: i32): void {
  for (let s = from; s < to; s++) {
    const first = load<i32>(stateChoices + ((<usize>s) << 2));
    const end = load<i32>(stateChoices + ((<usize>(s + 1)) << 2));
    if (first == end) continue;
    const here = at(v, s);
    let most = anyBackup(first, v) - here;
    let choice = first;
    let own = most;
    // Whether some choice after `choice` may be the one where `choice` turns out not to be.
    let doubtful = false;
    for (let c = first + 1; c < end; c++) {
      const d = anyBackup(c, v) - here;
      if (d <= most) {
        doubtful = doubtful || d >= most - tolerance;
        continue;
      }
      if (most < d - tolerance) {
        choice = c;
        own = d;
        doubtful = false;
      } else doubtful = true;
      most = d;
    }
    if (doubtful) {
      while (own < most - tolerance) {
        choice++;
        own = anyBackup(choice, v) - here;
      }
    }
    store<i32>(policy + ((<usize>s) << 2), choice);
    store<f64>(best + ((<usize>s) << 3), most);
    store<f64>(chosen + ((<usize>s) << 3), own);
    widen(most);
    widen(own);
  }
}

@inline
function anyBackup(c: i32, v: usize): f64 {
  return rowExpectation == 0 ? backup(c, v) : backupShared(c);
}

/** The first choice of a state. */
export function firstChoice(s: i32): i32 {
  return load<i32>(stateChoices + ((<usize>s) << 2));
}
