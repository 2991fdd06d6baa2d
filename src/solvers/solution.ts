// What every solver returns: values, a policy, bounds that hold, a status that is never silent, and how it got there.
import { NotConvergedError } from "../errors.ts";
import type { ChoiceTable, Mdp, Objective, StateTable } from "../mdp/index.ts";
import type { Policy } from "../policies/policy.ts";

/**
 * How a solve ended. `converged`: half the gap is at most epsilon. `precision`: the gap asked for is below what
 * float64 can prove here. The others name the limit that was met.
 */
export type Status = "converged" | "max-sweeps" | "max-time" | "aborted" | "precision";

export type Method =
  | "value-iteration"
  | "gauss-seidel"
  | "policy-iteration"
  | "modified-policy-iteration"
  | "finite-horizon"
  | "policy-evaluation"
  | "regularized-value-iteration";

/** One line of a solve's history: an iteration, or a word on a decision. */
export interface HistoryEntry {
  /** Sweeps done so far. */
  readonly sweep: number;
  readonly stage: string;
  /** max - min of the last change, and its sup norm. */
  readonly span: number;
  readonly residual: number;
  /** Width of the bounds known then; Infinity where none are. */
  readonly gap: number;
  readonly seconds: number;
  readonly note?: string;
}

export interface Bounds<S> {
  readonly lower: StateTable<S>;
  readonly upper: StateTable<S>;
}

/** The answer of a solver. Tables and policy are views of flat arrays in state and choice order. */
export interface Solution<S, A> {
  readonly mdp: Mdp<S, A>;
  readonly status: Status;
  readonly method: Method;
  /** Which kernel did the sweeps: "cpu", "wasm", ... */
  readonly device: string;
  /** How many threads shared its synchronous sweeps, at most: 1 where memory cannot be shared between threads, as in a page that is not cross-origin isolated. */
  readonly threads: number;
  readonly objective: Objective;
  readonly discount: number;
  /** The accuracy asked for, absolute, in the sup norm. */
  readonly epsilon: number;
  /** S values: the middle of the bounds. Terminal states 0; +-Infinity where the optimum is infinite. */
  readonly value: StateTable<S>;
  /** C values: one backup of `value`, computed when first read. */
  readonly q: ChoiceTable<S, A>;
  /** Greedy for the certifying backup, lowest action index within `tieTolerance`; its own value lies within the bounds too. */
  readonly policy: Policy<S, A>;
  /** Contain the true optimum of the model as given, rounding included. */
  readonly bounds: Bounds<S>;
  /** The widest upper - lower over the states where both are finite or unequal. */
  readonly gap: number;
  /** ‖T value - value‖∞ of the value returned, over states with finite value; computed from `q` when read. */
  readonly residual: number;
  readonly tieTolerance: number;
  readonly sweeps: number;
  readonly seconds: number;
  readonly history: readonly HistoryEntry[];
}

/**
 * For tests and scripts that must not go on with an unproven answer.
 *
 * @throws NotConvergedError unless the status is "converged".
 */
export function assertConverged<S, A>(solution: Solution<S, A>): void {
  if (solution.status === "converged") return;
  throw new NotConvergedError(
    `${solution.method} ended with status ${solution.status} after ${solution.sweeps} sweeps, gap ${solution.gap}, expected half the gap <= epsilon ${solution.epsilon}.`,
    {
      details: { status: solution.status, gap: solution.gap, residual: solution.residual },
      hint: "raise maxSweeps or maxSeconds, or ask for a larger epsilon.",
    },
  );
}
