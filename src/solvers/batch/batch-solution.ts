// The answers of a batch: a certified solution for every column, and their values as matrices.
import type { Mdp } from "../../mdp/index.ts";
import type { Solution, Status } from "../solution.ts";

/** B solutions over one transition kernel. */
export interface BatchSolution<S, A> {
  readonly mdp: Mdp<S, A>;
  /** B. */
  readonly size: number;
  /** One a column, in the order given, each with its own bounds, policy and history; `solution.mdp` is the model under the column's reward and discount. */
  readonly solutions: readonly Solution<S, A>[];
  /** "converged" where every column is; else the status of the first that is not. */
  readonly status: Status;
  /** S × B numbers, state by state: the middle of the bounds. A matrix of its own each time it is read. */
  readonly value: Float64Array;
  /** S × B numbers each: hold the optimum of every column, rounding included. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Which kernel did the shared sweeps. */
  readonly device: string;
  /** Sweeps over all columns still at work. */
  readonly sweeps: number;
  /** Columns that needed more than shared sweeps and were ended one by one by `solve`. */
  readonly solvedAlone: number;
  readonly seconds: number;
}

/** @internal */
export function batchSolution<S, A>(
  mdp: Mdp<S, A>,
  solutions: readonly Solution<S, A>[],
  counts: Pick<BatchSolution<S, A>, "device" | "sweeps" | "solvedAlone" | "seconds">,
): BatchSolution<S, A> {
  const matrix = (columnOf: (solution: Solution<S, A>) => Float64Array): Float64Array => {
    const all = new Float64Array(mdp.stateCount * solutions.length);
    for (const [j, solution] of solutions.entries()) {
      const column = columnOf(solution);
      for (let s = 0; s < column.length; s++) all[s * solutions.length + j] = column[s]!;
    }
    return all;
  };
  return {
    mdp,
    size: solutions.length,
    solutions,
    status: solutions.find(({ status }) => status !== "converged")?.status ?? "converged",
    get value() {
      return matrix((solution) => solution.value.array);
    },
    get lower() {
      return matrix((solution) => solution.bounds.lower.array);
    },
    get upper() {
      return matrix((solution) => solution.bounds.upper.array);
    },
    ...counts,
  };
}
