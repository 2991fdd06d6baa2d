// Softmax (Boltzmann): choices in proportion to exp(Q / temperature). As an explorer and as a policy.
import { OptionError } from "../errors.ts";
import type { ChoiceTable, Objective } from "../mdp/index.ts";
import { type Explorer, explorerPolicy } from "./explorer.ts";
import { rowMax } from "./greedy.ts";
import type { Policy } from "./policy.ts";
import { asSchedule, type Schedule } from "./schedule.ts";

/**
 * Each choice with probability proportional to exp(Q / temperature) (Sutton and Barto, section 2.8).
 *
 * @param temperature in units of reward, positive: near 0 it is greedy, at infinity uniform. Or a schedule by step.
 * @throws OptionError for a temperature that is not positive; also while learning, if a schedule gives one.
 * @example
 * qLearning(env, { steps: 1e5, explore: softmax(0.5) });
 */
export function softmax(temperature: number | Schedule): Explorer {
  const at = asSchedule(temperature, "softmax(temperature)", Number.MIN_VALUE, Infinity);
  let weights = new Float64Array(16);
  const weigh = (q: Float64Array, from: number, to: number, step: number, out: Float64Array, offset: number): number => {
    const t = at(step, 1);
    if (!(t > 0)) throw new OptionError("softmax(temperature)", t, "a positive number");
    const best = rowMax(q, from, to);
    let total = 0;
    for (let c = from; c < to; c++) {
      // The best weighs exp(0) also where q or t is infinite.
      const weight = q[c] === best ? 1 : Math.exp((q[c]! - best) / t);
      out[offset + c - from] = weight;
      total += weight;
    }
    return total;
  };
  return {
    name: "softmax",
    pick: (q, from, to, rng, step) => {
      if (weights.length < to - from) weights = new Float64Array(2 * (to - from));
      let left = weigh(q, from, to, step, weights, 0) * rng.uniform();
      let taken = from;
      for (let c = from; c < to; c++) {
        const weight = weights[c - from]!;
        if (weight === 0) continue;
        taken = c;
        left -= weight;
        if (left < 0) break;
      }
      return taken;
    },
    probabilities: (q, from, to, step, out) => {
      const total = weigh(q, from, to, step, out, from);
      for (let c = from; c < to; c++) out[c] = out[c]! / total;
    },
  };
}

/**
 * The softmax policy of a fixed Q.
 *
 * @throws OptionError for a temperature that is not positive.
 * @example
 * softmaxPolicy(best.q, 0.5).probability("high", "wait");
 */
export function softmaxPolicy<S, A>(q: ChoiceTable<S, A>, temperature: number, objective: Objective = "maximize"): Policy<S, A> {
  return explorerPolicy(q, softmax(temperature), objective);
}
