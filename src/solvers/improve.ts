// Policy improvement: a state switches to its best choice only where that beats the incumbent by more than rounding can feign.
import { supNorm } from "../numeric/index.ts";
import { gapOf } from "./bounds.ts";
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
  const { stateChoices, choiceCount } = problem.storage;
  const q = new Float64Array(choiceCount);
  const margin = 2 * backupError(problem, supNorm(v));
  const change = { min: 0, max: 0 };
  let switched = 0;
  await run.eachSlice((from, to) => {
    problem.kernel.q(v, q, from, to);
    for (let s = from; s < to; s++) {
      const incumbent = policy[s]!;
      if (incumbent < 0) continue;
      let best = incumbent;
      for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (q[c]! > q[best]!) best = c;
      const d = q[best]! - v[s]!;
      if (d < change.min) change.min = d;
      if (d > change.max) change.max = d;
      if (q[best]! > q[incumbent]! + margin) {
        policy[s] = best;
        switched++;
      }
    }
  });
  run.sweeps++;
  run.record("improve", change, problem.discount < 1 ? gapOf(problem, change) : Infinity, `${switched} states switched`);
  return switched;
}
