// Gauss-Seidel sweeps: state by state in place, self-loops solved out.
import { widen } from "./change";
import { at, discount, firstBranch, probability, reward, rowOf, stateChoices, target } from "./model";

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
