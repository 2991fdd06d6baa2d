// The value of a policy from its linear system: exact up to rounding where its components can be eliminated.
import { rowOf, type Storage } from "../../mdp/index.ts";
import { CompensatedSum } from "../../numeric/index.ts";
import type { Problem } from "../problem.ts";
import type { Run } from "../run.ts";
import { type Solved, solveSystem } from "./solve-system.ts";
import { policyMatrix } from "./sparse-matrix.ts";

/** A policy that will be improved need not be known better than this, in parts of the first residual. */
const REDUCTION = 1e-3;

/** How an evaluation went: in parts of the residual before, what is left by the solver's own reckoning. */
export interface Evaluated {
  readonly left: number;
  readonly how: string;
}

/** v = V^π of a discounted problem (S+1 numbers, overwritten; where a component has to be iterated, from where v stands). */
export async function evaluate(run: Run, { storage, discount }: Problem, policy: Int32Array, v: Float64Array): Promise<Evaluated> {
  return told(run, await solveSystem(policyMatrix(storage, discount, policy), rewardsOf(storage, policy), v, workOf(run)));
}

function rewardsOf({ stateCount, reward }: Storage, policy: Int32Array): Float64Array {
  const b = new Float64Array(stateCount);
  for (let s = 0; s < stateCount; s++) if (policy[s]! >= 0) b[s] = reward[policy[s]!]!;
  return b;
}

/**
 * v += x with (I - γP) x = T_π v - v, the residual in twice the working precision: repeating the call refines v to rounding level.
 *
 * @param low S+1 numbers besides: then v + low is what is evaluated, v stays, and `low` is overwritten, for twice the working precision.
 */
export async function refine(run: Run, problem: Problem, policy: Int32Array, v: Float64Array, low?: Float64Array): Promise<Evaluated> {
  const { storage, discount } = problem;
  const n = storage.stateCount;
  const b = new Float64Array(n);
  const before = await policyResidual(run, problem, policy, v, low, b);
  if (before === 0) return { left: 0, how: "exact already" };
  const x = new Float64Array(n);
  const solved = await solveSystem(policyMatrix(storage, discount, policy), b, x, workOf(run));
  const corrected = low ?? v;
  for (let s = 0; s < n; s++) corrected[s]! += x[s]!;
  return told(run, solved);
}

function workOf(run: Run) {
  return { reduction: REDUCTION, breathe: run.breathe, stop: () => run.limit !== undefined };
}

/** One sweep is counted for the elimination, two for an iteration: there and back. */
function told(run: Run, { left, iterations, largest, widest }: Solved): Evaluated {
  run.sweeps += 1 + 2 * iterations;
  const band = widest === 0 ? "" : `, bands up to ${widest}`;
  const iterated = iterations === 0 ? "" : `, ${iterations} iterations`;
  return { left, how: `components of up to ${largest} states${band}${iterated}` };
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
