// Policy improvement: a state switches to its best choice only where that beats the incumbent by more than rounding can feign.
import { supNorm } from "../numeric/index.ts";
import { gapOf } from "./bounds.ts";
import { ChoiceRoom } from "./choice-changes.ts";
import { backupError } from "./problem.ts";
import type { Run } from "./run.ts";

/**
 * Improves `policy` in place for v.
 *
 * @remarks Switching on ties, or on rounding, lets policy iteration run in circles between tied policies; a margin above the rounding error cannot.
 * @returns how many states switched.
 */
export async function improvePolicy(run: Run, v: Float64Array, policy: Int32Array): Promise<number> {
  const { problem } = run;
  const { stateChoices } = problem.storage;
  const room = new ChoiceRoom(problem);
  const margin = 2 * backupError(problem, supNorm(v));
  const change = { min: 0, max: 0 };
  let switched = 0;
  await run.eachSlice((from, to) => {
    const q = room.for(from, to);
    problem.kernel.q(v, q, from, to);
    const offset = stateChoices[from]!;
    for (let s = from; s < to; s++) {
      if (policy[s]! < 0) continue;
      const incumbent = policy[s]! - offset;
      let best = incumbent;
      for (let k = stateChoices[s]! - offset; k < stateChoices[s + 1]! - offset; k++) if (q[k]! > q[best]!) best = k;
      const d = q[best]! - v[s]!;
      if (d < change.min) change.min = d;
      if (d > change.max) change.max = d;
      if (q[best]! > q[incumbent]! + margin) {
        policy[s] = best + offset;
        switched++;
      }
    }
  });
  run.sweeps++;
  run.record("improve", change, problem.discount < 1 ? gapOf(problem, change) : Infinity, `${switched} states switched`);
  return switched;
}
