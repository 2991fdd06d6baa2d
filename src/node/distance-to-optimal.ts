// How far a learner is from the exact answer: its Q, and what its greedy policy loses.
import type { ChoiceTable, Label, Mdp } from "../mdp/index.ts";
import { evaluatePolicy, type Solution } from "../solvers/index.ts";
import type { LearnResult } from "../solvers/learning/index.ts";

export interface Distance {
  /** ‖Q − Q*‖∞ over the choices that were visited. */
  readonly q: number;
  /** V* − V^π of the greedy policy where episodes start (V^π − V* when minimising). */
  readonly regret: number;
}

/** @throws UnsupportedModelError where the greedy policy's value is not defined (discount 1). */
export async function distanceToOptimal(learned: LearnResult<Label, Label>, exact: Solution<Label, Label>): Promise<Distance> {
  const { mdp, discount, objective } = exact;
  const own = await evaluatePolicy(mdp, learned.policy, { discount, objective, epsilon: exact.epsilon, maxSeconds: 60 });
  const best = startValue(mdp, exact.value.array);
  const mine = startValue(mdp, own.value.array);
  // Two equal infinities are no distance apart. Below zero is rounding: nothing is better than the optimum.
  const lost = best === mine ? 0 : objective === "minimize" ? mine - best : best - mine;
  return { q: visitedDistance(learned.q, exact.q, learned.visits), regret: Math.max(0, lost) };
}

function visitedDistance(q: ChoiceTable<Label, Label>, exact: ChoiceTable<Label, Label>, visits: Float64Array): number {
  let farthest = 0;
  for (let c = 0; c < visits.length; c++) {
    if (visits[c]! > 0 && q.array[c] !== exact.array[c]) farthest = Math.max(farthest, Math.abs(q.array[c]! - exact.array[c]!));
  }
  return farthest;
}

/** The expected value where episodes start; without a start, the mean over the states that are not terminal. */
function startValue(mdp: Mdp<Label, Label>, value: Float64Array): number {
  const { initial, storage } = mdp;
  let sum = 0;
  if (initial !== undefined) {
    for (let k = 0; k < initial.state.length; k++) sum += initial.probability[k]! * value[initial.state[k]!]!;
    return sum;
  }
  let count = 0;
  for (let s = 0; s < storage.stateCount; s++) {
    if (storage.terminal[s] === 1) continue;
    sum += value[s]!;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
