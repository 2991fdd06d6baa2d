// Exploring by advice: where a learner leaves its greedy choice it asks a prior instead of taking any choice; and following both at once.
import { OptionError } from "../errors.ts";
import type { Rng } from "../numeric/index.ts";
import type { Explorer } from "./explorer.ts";
import { addGreedyMass, pickGreedy } from "./greedy.ts";
import type { Policy } from "./policy.ts";
import { asSchedule, type Schedule } from "./schedule.ts";

/**
 * Epsilon-greedy whose exploring steps are drawn from a prior: with probability epsilon a choice by the prior, else a best one (policy reuse, Fernández and
 * Veloso 2006).
 *
 * @remarks Choices that the prior gives 0 are never explored: keep a floor, as priors from `elicitPrior` have. Advice that is wrong costs exploration for as long as
 *   epsilon lasts, so let it fall; seeding Q (`prior` of `qLearning`) is the safer use, see docs/prior-quality.md.
 * @param prior of the model that is learned: its choices' order is that of Q.
 * @param epsilon a number from 0 to 1, or a schedule by step: how fast the advice is given up.
 * @throws OptionError for an epsilon outside [0, 1].
 * @example
 * qLearning(env, { steps: 1e5, explore: priorGuided(prior.policy, exponentialDecay({ from: 0.5, halfLife: 2e3 })) });
 */
export function priorGuided<S, A>(prior: Policy<S, A>, epsilon: number | Schedule = 0.1): Explorer {
  const at = asSchedule(epsilon, "priorGuided(epsilon)", 0, 1);
  const probability = prior.probabilities();
  return {
    name: "prior-guided",
    pick: (q, from, to, rng, step) => (rng.chance(at(step, 1)) ? rng.pick(probability, from, to) : pickGreedy(q, from, to, rng, "random")),
    probabilities: (q, from, to, step, out) => {
      const rate = Math.min(1, Math.max(0, at(step, 1)));
      for (let c = from; c < to; c++) out[c] = rate * probability[c]!;
      addGreedyMass(q, from, to, 1 - rate, "random", out);
    },
  };
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
