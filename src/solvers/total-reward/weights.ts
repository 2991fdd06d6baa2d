// Weights w with w >= 1/2 + Σ p w for every near-optimal choice: expected steps to the end, by which errors are measured at discount 1.
import { rowOf } from "../../mdp/index.ts";
import { DIRECT_LIMIT, evaluateDirectly } from "../direct.ts";
import { makeProblem, type Problem } from "../problem.ts";
import type { Run } from "../run.ts";

/** How many sweeps the weights may take. */
const MOST_SWEEPS = 100_000;

/**
 * The largest expected number of steps over the policies of the choices in `near` (C flags), as close as needed.
 *
 * @returns S+1 weights with w(s) - Σ p w >= 1/2 - rounding for every flagged choice, or undefined where the sweeps did not settle (some policy of these
 *   choices hardly ends).
 */
export async function stepWeights(run: Run, problem: Problem, near: Uint8Array, policy: Int32Array): Promise<Float64Array | undefined> {
  const { storage } = problem;
  const w = new Float64Array(storage.stateCount + 1);
  if (storage.stateCount <= DIRECT_LIMIT) {
    const steps = makeProblem({ ...storage, reward: new Float64Array(storage.choiceCount).fill(1) }, "maximize", 1);
    const longest = policy.slice();
    for (let round = 0; round < 100; round++) {
      if (!evaluateDirectly(steps, longest, w) || w.some((x) => x < 0)) return undefined;
      const { most, switched } = lengthen(problem, near, w, longest);
      if (most <= 0.5) return w;
      if (!switched) break;
    }
    w.fill(0);
  }
  let settled = false;
  for (let k = 0; k < MOST_SWEEPS && !settled && run.limit === undefined; k++) {
    let most = 0;
    await (k % 2 === 0 ? run.eachSlice(sweep) : run.eachSliceBackwards(sweep));
    settled = most <= 0.25;

    function sweep(from: number, to: number): void {
      for (let i = from; i < to; i++) {
        const s = k % 2 === 0 ? i : to - 1 - (i - from);
        let best = w[s]!;
        for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
          if (near[c] === 1) best = Math.max(best, stepsAfter(problem, c, s, w));
        }
        if (best - w[s]! > most) most = best - w[s]!;
        w[s] = best;
      }
    }
  }
  // In place, later states moved after earlier ones looked: one look at all of them decides.
  return settled && lengthen(problem, near, w, policy.slice()).most <= 0.5 ? w : undefined;
}

/** Switches to the longest near choice; the largest 1 + Σ p w - w over near choices. */
function lengthen(problem: Problem, near: Uint8Array, w: Float64Array, policy: Int32Array): { most: number; switched: boolean } {
  const { storage } = problem;
  let most = 0;
  let switched = false;
  for (let s = 0; s < storage.stateCount; s++) {
    let best = w[s]! + 1e-9 * (1 + w[s]!);
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      if (near[c] === 0) continue;
      const q = 1 + expectation(problem, c, w);
      if (q - w[s]! > most) most = q - w[s]!;
      if (q > best) {
        best = q;
        if (policy[s] !== c) switched = true;
        policy[s] = c;
      }
    }
  }
  return { most, switched };
}

/** 1 + Σ p w with the self-loop solved out. */
function stepsAfter(problem: Problem, c: number, s: number, w: Float64Array): number {
  const { storage } = problem;
  const row = rowOf(storage, c);
  let sum = 1;
  let loop = 0;
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
    if (storage.target[b] === s) loop += storage.probability[b]!;
    else sum += storage.probability[b]! * w[storage.target[b]!]!;
  }
  return loop < 1 ? sum / (1 - loop) : Infinity;
}

/** Σ p w of a choice. */
export function expectation(problem: Problem, c: number, w: Float64Array): number {
  const { storage } = problem;
  const row = rowOf(storage, c);
  let sum = 0;
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) sum += storage.probability[b]! * w[storage.target[b]!]!;
  return sum;
}
