// Where iterations start from that are to raise values only: a lower bound on the optimum.
import type { Problem } from "./problem.ts";

/** v = a lower bound with Tv >= v: the worst of the best rewards for ever, and no more than the 0 of an ended process. */
export function startFromBelow(problem: Problem, v: Float64Array): void {
  const { stateCount, stateChoices, reward } = problem.storage;
  let worst = Infinity;
  for (let s = 0; s < stateCount; s++) {
    let best = -Infinity;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (reward[c]! > best) best = reward[c]!;
    if (best > -Infinity && best < worst) worst = best;
  }
  const mass = problem.discount * (worst < 0 ? problem.mass.max : problem.mass.min);
  const bound = Math.min(problem.ends ? 0 : Infinity, worst / (1 - mass));
  for (let s = 0; s < stateCount; s++) v[s] = stateChoices[s] === stateChoices[s + 1] ? 0 : bound;
}
