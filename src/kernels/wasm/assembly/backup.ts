// One choice's backup: R + γ Σ p v.
import { expectationOf } from "./expectations";
import { discount, reward, rowExpectation, rowOf } from "./model";

@inline
export function backup(c: i32, v: usize): f64 {
  return load<f64>(reward + ((<usize>c) << 3)) + discount * expectationOf(rowOf(c), v);
}

/** The same where `expectations` has been at it. */
@inline
export function backupShared(c: i32): f64 {
  return load<f64>(reward + ((<usize>c) << 3)) + discount * load<f64>(rowExpectation + ((<usize>rowOf(c)) << 3));
}
