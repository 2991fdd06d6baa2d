// Q(s,a) - v(s) of every choice with a bound on its rounding: what every certificate is made of.
import { rowOf } from "../mdp/index.ts";
import { CompensatedSum, nextUp, supNorm, UNIT_ROUNDOFF } from "../numeric/index.ts";
import { backupError } from "./problem.ts";
import type { Run } from "./run.ts";

/** Q(s,a) - v(s) of every choice, and how far off each may be besides one relative rounding. */
export interface ChoiceChanges {
  readonly difference: Float64Array;
  readonly error: number;
}

/** By the kernel, in plain arithmetic. */
export async function plainChanges(run: Run, v: Float64Array): Promise<ChoiceChanges> {
  const { problem } = run;
  const { choiceCount, stateChoices } = problem.storage;
  const difference = new Float64Array(choiceCount);
  await run.eachSlice((from, to) => {
    problem.kernel.q(v, difference, from, to);
    for (let s = from; s < to; s++) for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) difference[c]! -= v[s]!;
  });
  return { difference, error: backupError(problem, supNorm(v)) };
}

/**
 * The same with sums of twice the working precision (Ogita, Rump, Oishi 2005, Dot2): what is left is the rounding of the result
 * and a term of second order.
 */
export async function preciseChanges(run: Run, v: Float64Array): Promise<ChoiceChanges> {
  const { problem } = run;
  const { storage, discount, mass, widestRow, largestReward } = problem;
  const { stateChoices, rowBranches, target, probability, reward } = storage;
  const difference = new Float64Array(storage.choiceCount);
  const expectation = new CompensatedSum();
  const total = new CompensatedSum();
  await run.eachSlice((from, to) => {
    for (let s = from; s < to; s++) {
      for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
        const row = rowOf(storage, c);
        expectation.reset();
        for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) expectation.addProduct(probability[b]!, v[target[b]!]!);
        total.reset().add(reward[c]!).add(-v[s]!).addProduct(discount, expectation.high).addProduct(discount, expectation.low);
        difference[c] = total.value;
      }
    }
  });
  const largest = supNorm(v);
  const size = largestReward + largest + discount * mass.max * largest;
  const secondOrder = (widestRow + 4) ** 2 * UNIT_ROUNDOFF ** 2 * 8 * size;
  return { difference, error: nextUp(1.01 * (secondOrder + storage.rounding.reward + discount * storage.rounding.probability * largest)) };
}
