// Evaluating a policy to a fraction of its present residual, at a cost that does not grow with how far values travel.
import { rowOf } from "../../mdp/index.ts";
import { CompensatedSum } from "../../numeric/index.ts";
import type { Problem } from "../problem.ts";
import type { Run } from "../run.ts";
import { factoriseBand } from "./band.ts";
import { correct } from "./correct.ts";
import { policyMatrix } from "./sparse-matrix.ts";

/** A policy that will be improved need not be known better than this, in parts of the first residual. */
const REDUCTION = 1e-3;

/** Multilevel cycles in one evaluation, at most. */
const MOST_CYCLES = 30;

/** How an evaluation went: in parts of the residual before, what is left by the solver's own reckoning. */
export interface Evaluated {
  readonly left: number;
  readonly how: string;
}

/**
 * v += x with (I - γP) x = T_π v - v, about: directly where the policy's system is narrow, by multilevel cycles elsewhere.
 *
 * @param v S+1 numbers, overwritten. The residual is computed in twice the working precision, so that repeating the call refines v to rounding level.
 * @param low S+1 numbers besides: then v + low is what is evaluated, v stays, and `low` is overwritten, for twice the working precision.
 */
export async function evaluateMultilevel(run: Run, problem: Problem, policy: Int32Array, v: Float64Array, low?: Float64Array): Promise<Evaluated> {
  const { storage, discount } = problem;
  const n = storage.stateCount;
  const b = new Float64Array(n);
  const corrected = low ?? v;
  const before = await policyResidual(run, problem, policy, v, low, b);
  if (before === 0) return { left: 0, how: "exact already" };
  const matrix = policyMatrix(storage, discount, policy);
  await run.breathe();
  const factors = factoriseBand(matrix);
  await run.breathe();
  if (factors !== undefined) {
    factors.solve(b);
    for (let s = 0; s < n; s++) corrected[s]! += b[s]!;
    run.sweeps += factors.width;
    return { left: 0, how: `direct solve in a band of ${factors.width}` };
  }
  const x = new Float64Array(n);
  const breathe = async () => {
    await run.breathe();
    return run.limit !== undefined;
  };
  const { residual, cycles, sweeps } = await correct(matrix, b, x, { target: REDUCTION * before, mostCycles: MOST_CYCLES, breathe });
  run.sweeps += sweeps;
  for (let s = 0; s < n; s++) corrected[s]! += x[s]!;
  return { left: residual / before, how: `${cycles} multilevel cycles` };
}

/** b = T_π v - v in twice the working precision, rounded once, v being v + low where there is a `low`; 0 in terminal states. Answers its sup norm. */
async function policyResidual(
  run: Run,
  { storage, discount }: Problem,
  policy: Int32Array,
  v: Float64Array,
  low: Float64Array | undefined,
  b: Float64Array,
): Promise<number> {
  const { rowBranches, target, probability, reward } = storage;
  const expectation = new CompensatedSum();
  const total = new CompensatedSum();
  let most = 0;
  await run.eachSlice((from, to) => {
    for (let s = from; s < to; s++) {
      const c = policy[s]!;
      if (c < 0) continue;
      const row = rowOf(storage, c);
      expectation.reset();
      for (let k = rowBranches[row]!; k < rowBranches[row + 1]!; k++) expectation.addProduct(probability[k]!, v[target[k]!]!);
      total.reset().add(reward[c]!).add(-v[s]!);
      if (low !== undefined) {
        for (let k = rowBranches[row]!; k < rowBranches[row + 1]!; k++) expectation.addProduct(probability[k]!, low[target[k]!]!);
        total.add(-low[s]!);
      }
      b[s] = total.addProduct(discount, expectation.high).addProduct(discount, expectation.low).value;
      most = Math.max(most, Math.abs(b[s]!));
    }
  });
  return most;
}
