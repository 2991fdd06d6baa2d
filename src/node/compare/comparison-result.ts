// All that `mdpkit compare` found out, before it is shown.
import type { Baseline, PriorReview } from "../../llm-prior/index.ts";
import type { Label } from "../../mdp/index.ts";
import type { Solution } from "../../solvers/index.ts";
import type { LoadedModel } from "../load-model.ts";
import type { GivenPrior } from "./given-priors.ts";

export interface ComparisonResult {
  readonly model: LoadedModel;
  readonly exact: Solution<Label, Label>;
  readonly given: readonly GivenPrior[];
  /** None where they are not shown. */
  readonly baselines: readonly Baseline<Label, Label>[];
  /** Of the priors given, then of the baselines, in their order. */
  readonly reviews: readonly PriorReview[];
}
