// The synchronous Bellman operators: the same loops as the reference kernel, compiled to WebAssembly.
import { backup, backupShared } from "./backup";
import { widen } from "./change";
import { at, rowExpectation, stateChoices } from "./model";

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
