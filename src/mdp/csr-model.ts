// What a model of compressed sparse rows consists of.
import type { InitialDistribution } from "./initial.ts";
import type { Label } from "./labels.ts";
import type { Objective } from "./mdp.ts";

export interface CsrModel<S extends Label = number, A extends Label = number> {
  readonly states: number | readonly S[];
  readonly actions: number | readonly A[];
  /** S·A + 1 offsets; row s·A + a. An empty row is an infeasible choice. */
  readonly indptr: ArrayLike<number>;
  /** B successors, in any order within a row; equal ones are added up. */
  readonly indices: ArrayLike<number>;
  /** B probabilities. */
  readonly data: ArrayLike<number>;
  /** R(s,a) as S·A numbers, or R(s,a,s') as B numbers with `rewardPer: "branch"`. -Infinity (maximize) or Infinity (minimize) also makes a choice infeasible. */
  readonly reward: ArrayLike<number>;
  readonly rewardPer?: "choice" | "branch";
  /** Terminal state indices; their rows are not read. */
  readonly terminal?: Iterable<number>;
  readonly discount?: number;
  readonly objective?: Objective;
  readonly initial?: InitialDistribution;
  readonly normalize?: boolean;
}
