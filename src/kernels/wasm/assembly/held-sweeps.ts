// Sweeps of a policy that stays, over its rows gathered in one stretch of memory.
import { widen } from "./change";
import { expectation } from "./expectations";
import { at, discount, firstBranch, heldChoice, heldProbability, heldReward, heldTarget, probability, reward, rowOf, target, width } from "./model";

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
