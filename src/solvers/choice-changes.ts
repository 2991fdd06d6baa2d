// Q(s,a) - v(s) of every choice with a bound on its rounding: what every certificate is made of.
import { rowOf } from "../mdp/index.ts";
import { CompensatedSum, nextUp, supNorm, UNIT_ROUNDOFF } from "../numeric/index.ts";
import { backupError, type Problem } from "./problem.ts";
import type { Run } from "./run.ts";

/** Q(s,a) - v(s) of the choices of some states, computed when asked for: for large models all of them at once would fill the memory. */
export interface ChoiceChanges {
  /** Of the states from .. to, first choice first. Good until the next call. */
  readonly of: (from: number, to: number) => Float64Array;
  /** How far off each may be besides one relative rounding. */
  readonly error: number;
}

/** By the kernel, in plain arithmetic. */
export function plainChanges(problem: Problem, v: Float64Array): ChoiceChanges {
  const { stateChoices } = problem.storage;
  const room = new ChoiceRoom(problem);
  const of = (from: number, to: number) => {
    const difference = room.for(from, to);
    problem.kernel.q(v, difference, from, to);
    let k = 0;
    for (let s = from; s < to; s++) for (const end = k + stateChoices[s + 1]! - stateChoices[s]!; k < end; k++) difference[k]! -= v[s]!;
    return difference;
  };
  return { of, error: backupError(problem, supNorm(v)) };
}

/**
 * The same with sums of twice the working precision (Ogita, Rump, Oishi 2005, Dot2): what is left is the rounding of the result
 * and a term of second order. With `low`, of v + low in place of v.
 */
export function preciseChanges(problem: Problem, v: Float64Array, low?: Float64Array): ChoiceChanges {
  const { storage, discount, mass, widestRow, largestReward } = problem;
  const { stateChoices, choiceRow, rowBranches, target, probability, reward } = storage;
  const room = new ChoiceRoom(problem);
  const expectation = new CompensatedSum();
  const total = new CompensatedSum();
  const expect = (row: number) => {
    expectation.reset();
    for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) expectation.addProduct(probability[b]!, v[target[b]!]!);
    if (low !== undefined) for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) expectation.addProduct(probability[b]!, low[target[b]!]!);
  };
  // Rows that serve several choices are summed up when the first of them asks.
  const kept = choiceRow === undefined ? undefined : new KeptSums(storage.rowCount);
  const of = (from: number, to: number) => {
    const difference = room.for(from, to);
    let k = 0;
    for (let s = from; s < to; s++) {
      for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
        const row = rowOf(storage, c);
        if (kept === undefined) expect(row);
        else if (!kept.load(row, expectation)) {
          expect(row);
          kept.save(row, expectation);
        }
        total.reset().add(reward[c]!).add(-v[s]!);
        if (low !== undefined) total.add(-low[s]!);
        total.addProduct(discount, expectation.high).addProduct(discount, expectation.low);
        difference[k++] = total.value;
      }
    }
    return difference;
  };
  const largest = supNorm(v) + (low === undefined ? 0 : supNorm(low));
  const size = largestReward + largest + discount * mass.max * largest;
  const terms = (low === undefined ? 1 : 2) * widestRow + 5;
  const secondOrder = terms ** 2 * UNIT_ROUNDOFF ** 2 * 8 * size;
  return { of, error: nextUp(1.01 * (secondOrder + storage.rounding.reward + discount * storage.rounding.probability * largest)) };
}

/** Sums of twice the working precision, kept by row. */
class KeptSums {
  readonly #known: Uint8Array;
  readonly #high: Float64Array;
  readonly #low: Float64Array;

  constructor(rows: number) {
    this.#known = new Uint8Array(rows);
    this.#high = new Float64Array(rows);
    this.#low = new Float64Array(rows);
  }

  load(row: number, sum: CompensatedSum): boolean {
    if (this.#known[row] === 0) return false;
    sum.high = this.#high[row]!;
    sum.low = this.#low[row]!;
    return true;
  }

  save(row: number, sum: CompensatedSum): void {
    this.#known[row] = 1;
    this.#high[row] = sum.high;
    this.#low[row] = sum.low;
  }
}

/** All of them, C numbers. */
export async function allChanges(run: Run, changes: ChoiceChanges): Promise<Float64Array> {
  const { stateChoices, choiceCount } = run.problem.storage;
  const all = new Float64Array(choiceCount);
  await run.eachSlice((from, to) => all.set(changes.of(from, to).subarray(0, stateChoices[to]! - stateChoices[from]!), stateChoices[from]!));
  return all;
}

/** Room for a number a choice of some states, used again and again. */
export class ChoiceRoom {
  readonly #stateChoices: Int32Array;
  #room = new Float64Array(0);

  constructor(problem: Problem) {
    this.#stateChoices = problem.storage.stateChoices;
  }

  for(from: number, to: number): Float64Array {
    const length = this.#stateChoices[to]! - this.#stateChoices[from]!;
    if (this.#room.length < length) this.#room = new Float64Array(length);
    return this.#room;
  }
}
