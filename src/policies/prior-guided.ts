// Exploring by advice: where a learner leaves its greedy choice it asks a prior instead of taking any choice; and following both at once.
import { OptionError } from "../errors.ts";
import type { Rng } from "../numeric/index.ts";
import type { Explorer } from "./explorer.ts";
import { addGreedyMass, pickGreedy } from "./greedy.ts";
import type { Policy } from "./policy.ts";
import { asSchedule, type Schedule } from "./schedule.ts";

export interface PriorGuidedOptions {
  /**
   * k > 0: how many visits of a state halve the prior's part in exploring it. After n(s) visits an exploring step follows the prior with probability
   * k / (k + n(s)), else takes any choice. Default: no fading, by epsilon alone.
   */
  readonly visits?: number | undefined;
}

/**
 * Epsilon-greedy whose exploring steps are drawn from a prior: with probability epsilon a choice by the prior, else a best one (policy reuse, Fernández and
 * Veloso 2006).
 *
 * @remarks Choices that the prior gives 0 are never explored unless `visits` is given: keep a floor, as priors from `elicitPrior` have. Advice that is wrong costs
 *   exploration for as long as epsilon lasts, so let it fall, or let the advice fade with `visits`: then a state that has hardly been seen is explored as the prior
 *   says, one that is well known as `epsilonGreedy` does, whenever that comes to be, and advice that is wrong is washed out. Seeding Q (`prior` of `qLearning`) is
 *   the safer use, see docs/prior-quality.md.
 * @param prior of the model that is learned: its choices' order is that of Q.
 * @param epsilon a number from 0 to 1, or a schedule by step: how often exploring steps are made.
 * @throws OptionError for an epsilon outside [0, 1] or visits that are not positive; while learning, where a learner counts no visits and `visits` is given.
 * @example
 * qLearning(env, { steps: 1e5, explore: priorGuided(prior.policy, exponentialDecay({ from: 0.5, halfLife: 2e3 })) });
 * qLearning(env, { steps: 1e5, explore: priorGuided(prior.policy, 0.2, { visits: 10 }) });
 */
export function priorGuided<S, A>(prior: Policy<S, A>, epsilon: number | Schedule = 0.1, options: PriorGuidedOptions = {}): Explorer {
  const at = asSchedule(epsilon, "priorGuided(epsilon)", 0, 1);
  const half = options.visits ?? Infinity;
  if (!(half > 0)) throw new OptionError("priorGuided(visits)", half, "a positive number");
  const probability = prior.probabilities();
  const trust = (from: number, to: number, visits: Float64Array | undefined): number => (half === Infinity ? 1 : half / (half + visitsOf(from, to, visits)));
  return {
    name: "prior-guided",
    pick: (q, from, to, rng, step, visits) => {
      if (!rng.chance(at(step, 1))) return pickGreedy(q, from, to, rng, "random");
      // Without fading nothing is drawn for it.
      if (half < Infinity && !rng.chance(trust(from, to, visits))) return from + rng.below(to - from);
      return rng.pick(probability, from, to);
    },
    probabilities: (q, from, to, step, out, visits) => {
      const rate = Math.min(1, Math.max(0, at(step, 1)));
      const share = trust(from, to, visits);
      for (let c = from; c < to; c++) out[c] = rate * (share * probability[c]! + (1 - share) / (to - from));
      addGreedyMass(q, from, to, 1 - rate, "random", out);
    },
  };
}

/** n(s): how often the choices of a state have been updated. @throws OptionError where they are not counted */
function visitsOf(from: number, to: number, visits: Float64Array | undefined): number {
  if (visits === undefined) {
    throw new OptionError("visits", undefined, "C counts of the choices, which priorGuided was told to fade by", "this learner counts none: leave visits out.");
  }
  let total = 0;
  for (let c = from; c < to; c++) total += visits[c]!;
  return total;
}

/** The soft policy of a reference, and its value: what KL-regularised learners act by and back up. */
export interface SoftExplorer extends Explorer {
  /** τ ln Σ ρ(c) exp(q[c] / τ) over a row: the value of the best policy that pays τ a nat for leaving ρ. */
  readonly softValue: (q: Float64Array, from: number, to: number) => number;
}

/**
 * Each choice in proportion to ρ(c) exp(q[c] / τ): softmax with a prior as reference (Fox, Pakman and Tishby 2016).
 *
 * @param temperature τ in units of reward a nat, positive and finite.
 * @throws OptionError for a temperature that is not.
 * @example
 * expectedSarsa(env, { steps: 1e5, explore: softPrior(prior.policy, 0.05) });
 */
export function softPrior<S, A>(reference: Policy<S, A>, temperature: number): SoftExplorer {
  if (!(temperature > 0 && temperature < Infinity)) throw new OptionError("softPrior(temperature)", temperature, "a positive finite number");
  const rho = reference.probabilities();
  const weights = new Float64Array(rho.length);
  const weigh = (q: Float64Array, from: number, to: number): { readonly most: number; readonly total: number } => {
    let most = -Infinity;
    for (let c = from; c < to; c++) if (rho[c]! > 0 && q[c]! > most) most = q[c]!;
    let total = 0;
    for (let c = from; c < to; c++) total += weights[c] = rho[c] === 0 ? 0 : rho[c]! * Math.exp((q[c]! - most) / temperature);
    return { most, total };
  };
  return {
    name: "soft-prior",
    pick: (q: Float64Array, from: number, to: number, rng: Rng) => {
      const { total } = weigh(q, from, to);
      let left = rng.uniform() * total;
      let taken = from;
      for (let c = from; c < to; c++) {
        if (weights[c] === 0) continue;
        taken = c;
        left -= weights[c]!;
        if (left < 0) break;
      }
      return taken;
    },
    probabilities: (q, from, to, _step, out) => {
      const { total } = weigh(q, from, to);
      for (let c = from; c < to; c++) out[c] = weights[c]! / total;
    },
    softValue: (q, from, to) => {
      const { most, total } = weigh(q, from, to);
      return most + temperature * Math.log(total);
    },
  };
}
