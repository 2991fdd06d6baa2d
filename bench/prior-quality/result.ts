// What bench/results/prior-quality.json holds.
import type { Machine } from "../machine.ts";
import type { Problem } from "./environments.ts";
import type { Ratio } from "./statistics.ts";
import type { TunedSchedule, TunedWeight } from "./tuning.ts";

/** Mean episodes needed with advice, and the ratio to none. */
export interface WithAdvice extends Ratio {
  readonly mean: number;
}

export interface Measured {
  readonly name: string;
  readonly family: Problem["family"];
  /** V* of the start. */
  readonly best: number;
  /** Without a prior: each seed's episodes. */
  readonly control: { readonly mean: number; readonly episodes: readonly number[] };
  readonly sources: readonly {
    readonly name: string;
    /** Right in 80% of the states or more, by construction. */
    readonly good: boolean;
    /** The first seed's prior beside the optimum: agreement, and the regret of following it from the start as a share of |V*|. */
    readonly agreement: number;
    readonly regretAtStart: number;
    /** With the tuned weight, and with the library's default one. */
    readonly tuned: WithAdvice;
    readonly default: WithAdvice;
  }[];
}

export interface PriorQualityResult {
  readonly machine: Machine;
  readonly seconds: number;
  readonly seeds: number;
  readonly tuningSeeds: number;
  readonly lakeTuningSeeds: number;
  readonly tuningMazes: readonly string[];
  /** Every schedule tried without a prior, the best first. */
  readonly schedules: Readonly<Record<Problem["family"], readonly TunedSchedule[]>>;
  /** Every weight tried on the tuning mazes, the chosen one first. */
  readonly weights: readonly TunedWeight[];
  readonly measured: readonly Measured[];
  /** The geometric mean of the ratios over all environments and the good sources. */
  readonly pooled: { readonly tuned: Ratio; readonly default: Ratio };
}
