// A model made ready for iterating: rewards to be maximised, the numbers that bounds need, and a kernel.
import { type BellmanKernel, chooseKernel, type KernelOptions } from "../kernels/index.ts";
import { rowOf, type Storage } from "../mdp/index.ts";
import { nextDown, nextUp, supNorm, UNIT_ROUNDOFF } from "../numeric/index.ts";

/**
 * What every iteration works on. Always maximising: a minimised model comes with its rewards negated, and its answers are
 * negated back, which is exact.
 */
export interface Problem {
  readonly storage: Storage;
  readonly discount: number;
  readonly kernel: BellmanKernel;
  /** What was asked for: parts of this problem are given kernels by the same rule. */
  readonly where: KernelOptions;
  /** 1, or -1 for a minimised model. */
  readonly sign: 1 | -1;
  /** The exact sums of continuing probability lie in [min, max], over all rows. */
  readonly mass: { readonly min: number; readonly max: number };
  /** Whether some process ends: a terminal state, or probability lost to an ended branch. There d = Tv - v is 0. */
  readonly ends: boolean;
  readonly widestRow: number;
  readonly largestReward: number;
  /** Whether branches lead only on to states of higher numbers, or only to lower ones, besides staying and ending: then one in-place sweep solves it all. */
  readonly course: "up" | "down" | undefined;
}

/** Where it matters little: small parts, single backups. */
const ANYWHERE: KernelOptions = { device: "auto", threads: 1 };

export function makeProblem(given: Storage, objective: "maximize" | "minimize", discount: number, where: KernelOptions = ANYWHERE): Problem {
  const sign = objective === "minimize" ? -1 : 1;
  const storage = sign === 1 ? given : { ...given, reward: given.reward.map((r) => -r) };
  const largestReward = supNorm(storage.reward);
  return { storage, discount, kernel: chooseKernel(storage, discount, where), where, sign, largestReward, ...factsOf(given) };
}

type RowFacts = Pick<Problem, "mass" | "ends" | "widestRow" | "course">;

const KNOWN = new WeakMap<Storage, RowFacts>();

/** Found out once a model: they take as long as a sweep. */
function factsOf(storage: Storage): RowFacts {
  const known = KNOWN.get(storage);
  if (known !== undefined) return known;
  const facts = { ...rowFacts(storage), course: courseOf(storage) };
  KNOWN.set(storage, facts);
  return facts;
}

/** Most models that have no course show it in their first states. */
function courseOf(storage: Storage): "up" | "down" | undefined {
  const { stateCount, stateChoices, rowBranches, target, terminal } = storage;
  let up = true;
  let down = true;
  for (let s = 0; s < stateCount; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      const row = rowOf(storage, c);
      for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) {
        const t = target[b]!;
        if (t === s || t === stateCount || terminal[t] === 1) continue;
        if (t < s) up = false;
        else down = false;
      }
      if (!up && !down) return undefined;
    }
  }
  return up ? "up" : "down";
}

/** Row sums with rounding bounds, the widest row, and whether anything ends. */
function rowFacts(storage: Storage): Omit<RowFacts, "course"> {
  const { rowCount, rowBranches, target, probability, stateCount, terminal } = storage;
  let min = Infinity;
  let max = 0;
  let widestRow = 1;
  let ends = terminal.includes(1);
  for (let row = 0; row < rowCount; row++) {
    const from = rowBranches[row]!;
    const to = rowBranches[row + 1]!;
    let sum = 0;
    for (let b = from; b < to; b++) {
      if (target[b] === stateCount) ends = true;
      else sum += probability[b]!;
    }
    if (sum < min) min = sum;
    if (sum > max) max = sum;
    if (to - from > widestRow) widestRow = to - from;
  }
  // A plain sum of n positive numbers is off by at most n u relatively (Higham, Accuracy and Stability, section 4.2).
  const slack = widestRow * UNIT_ROUNDOFF * 1.01;
  const merged = storage.rounding.probability;
  return { mass: { min: Math.max(0, nextDown(min * (1 - slack) - merged)), max: nextUp(max * (1 + slack) + merged) }, ends, widestRow };
}

/**
 * A bound on the rounding error of any plain backup R + γ Σ p v in floats, |v| <= largest: what the model's compiling
 * rounded and what the operations of the longest row can round.
 */
export function backupError(problem: Problem, largest: number): number {
  const { storage, discount, mass, widestRow, largestReward } = problem;
  const size = largestReward + discount * mass.max * largest;
  return (
    nextUp(1.01 * ((widestRow + 4) * UNIT_ROUNDOFF * size + storage.rounding.reward + discount * storage.rounding.probability * largest)) +
    Number.MIN_VALUE * widestRow
  );
}
