// Where Q starts when there is advice: optimism first, the advice as a bounded handicap for what it speaks against.

import type { Env } from "../../envs/env.ts";
import { OptionError } from "../../errors.ts";
import { ChoiceTable, type Objective } from "../../mdp/index.ts";
import type { Policy } from "../../policies/index.ts";
import { modelOf, type RewardRange, rewardRange } from "./ceiling.ts";
import { checkSpace } from "./check-space.ts";
import { objectiveOf, requireDiscount } from "./options.ts";

export interface PriorSeedOptions {
  /** γ; by default the environment's own. */
  readonly discount?: number | undefined;
  /** Default: the environment's own, else "maximize". */
  readonly objective?: Objective | undefined;
  /** V0: the most an episode can be worth (the least, when minimising). Default: what the model's rewards allow. */
  readonly ceiling?: number | undefined;
  /** w: what one nat of advice weighs, in units of reward. Default: one step's loss of optimism. */
  readonly weight?: number | undefined;
  /** Probabilities below this count as this, so that no choice is ruled out. Default 0.05. */
  readonly floor?: number | undefined;
}

export interface PriorSeed<S, A> {
  /** V0 + w · log max(prior, floor) of each choice; with a minus where the objective is to minimise. */
  readonly q: ChoiceTable<S, A>;
  /** What stood in for the options left out. */
  readonly ceiling: number;
  readonly weight: number;
  readonly floor: number;
}

/**
 * The default weight, in steps' losses of optimism a nat. With the default floor no choice is put back by more than three
 * steps: where steps cost alike, a detour costs two more than the way it avoids, which is one at least, so even next to the
 * goal what is advised against looks no worse than the detour proves to be, and is tried.
 */
const STEPS_PER_NAT = 1;

/** Where the rewards let an optimistic value stay as it is, a nat weighs this much of (1 - γ)·|V0|, else of the largest reward. */
const SHARE_OF_RETURN = 0.25;
const SHARE_OF_REWARD = 0.02;

/**
 * The table from which Q-learning makes use of a prior that may be wrong: Q0 = V0 + w · log prior.
 *
 * @remarks Every choice starts near V0, more than it can be worth, so a choice that was never tried stays attractive until it
 *   is, and each step of the way its value sinks a little: by (1 - γ)·V0 - (the best reward of a step) at least. The weight is
 *   counted in these steps: advice against a choice delays its trial by a few visits of its state and is then forgotten,
 *   because Q is learned. So good advice shortens the search and bad advice lengthens it by a bounded number of steps; the
 *   logarithm is cut at `floor` for the same reason. A larger weight helps a good prior more, and hides good choices from a
 *   bad one until the explorer takes them by chance: `bench/prior-seeding.ts` measures both. On slippery mazes a few steps a nat shorten learning most, and the default
 *   neither helps nor harms by much: docs/prior-quality.md has the figures, by quality of the advice.
 * @throws OptionError where neither the options nor the model behind `env` give a finite ceiling; ShapeError for a prior of
 *   another model.
 * @example
 * const seed = priorSeed(toEnv(maze), prior.policy);
 * await qLearning(env, { steps: 1e4, initialQ: seed.q }); // what { prior } does
 */
export function priorSeed<S, A>(env: Env<S, A>, prior: Policy<S, A>, options: PriorSeedOptions = {}): PriorSeed<S, A> {
  checkSpace(env, prior, "prior");
  const discount = requireDiscount(env, options.discount);
  const objective = objectiveOf(env, options.objective);
  const floor = options.floor ?? 0.05;
  if (!(floor > 0 && floor <= 1)) throw new OptionError("floor", floor, "a number above 0, at most 1");
  const model = modelOf(env);
  const range = model === undefined ? undefined : rewardRange(model, discount, objective);
  const ceiling = ceilingOf(options.ceiling, range);
  const weight = options.weight ?? defaultWeight(ceiling, range, discount, objective);
  if (!(weight >= 0 && weight < Infinity)) throw new OptionError("priorWeight", weight, "a finite number >= 0");
  const sign = objective === "minimize" ? -1 : 1;
  const q = prior.probabilities();
  for (let c = 0; c < q.length; c++) q[c] = ceiling + sign * weight * Math.log(Math.max(floor, q[c]!));
  return { q: new ChoiceTable(env.states, env.actions, env.choices, q), ceiling, weight, floor };
}

function ceilingOf(given: number | undefined, range: RewardRange | undefined): number {
  const ceiling = given ?? range?.ceiling;
  if (ceiling === undefined)
    throw new OptionError("ceiling", undefined, "the most an episode can be worth", "the environment has no model to read it from: pass ceiling.");
  if (!Number.isFinite(ceiling)) {
    throw new OptionError(
      "ceiling",
      ceiling,
      "a finite number",
      given === undefined ? "the rewards alone do not bound the values at this discount: pass ceiling." : undefined,
    );
  }
  return ceiling;
}

/** What a nat weighs where the options do not say: steps' least loss of optimism, see the constants above. */
function defaultWeight(ceiling: number, range: RewardRange | undefined, discount: number, objective: Objective): number {
  const sign = objective === "minimize" ? -1 : 1;
  // Without a model, steps are taken to pay nothing: then they lose this much.
  const going = range === undefined ? 0 : range.going;
  const drop = going === undefined ? 0 : sign * ((1 - discount) * ceiling - going);
  if (drop > 0) return STEPS_PER_NAT * drop;
  const ofReturn = SHARE_OF_RETURN * (1 - discount) * Math.abs(ceiling);
  if (ofReturn > 0) return ofReturn;
  if (range === undefined)
    throw new OptionError("priorWeight", undefined, "a number >= 0", "neither a model nor the ceiling says how large rewards are: pass priorWeight.");
  return SHARE_OF_REWARD * range.scale;
}
