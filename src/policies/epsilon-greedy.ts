// Epsilon-greedy: mostly the best choice, now and then any. As an explorer and as a policy.
import type { ChoiceTable, Objective } from "../mdp/index.ts";
import { type Explorer, explorerPolicy, knownExplorer } from "./explorer.ts";
import { addGreedyMass, checkTies, pickGreedy, type Ties } from "./greedy.ts";
import type { Policy } from "./policy.ts";
import { asSchedule, type Schedule } from "./schedule.ts";

export interface EpsilonGreedyOptions {
  /** Which of several best choices is taken. Default "random", so that an all-equal row is explored evenly. */
  readonly ties?: Ties | undefined;
}

/**
 * With probability epsilon any choice of the state, each equally likely, else a best one (Sutton and Barto, section 2.2).
 *
 * @param epsilon a number from 0 to 1, or a schedule by step.
 * @throws OptionError for an epsilon outside [0, 1].
 * @example
 * qLearning(env, { steps: 1e5, explore: epsilonGreedy(linearDecay({ from: 1, to: 0.05, steps: 5e4 })) });
 */
export function epsilonGreedy(epsilon: number | Schedule = 0.1, options: EpsilonGreedyOptions = {}): Explorer {
  const at = asSchedule(epsilon, "epsilonGreedy(epsilon)", 0, 1);
  const ties = checkTies(options.ties ?? "random");
  return knownExplorer(
    { epsilon: at, tiesAtRandom: ties === "random" },
    {
      name: "epsilon-greedy",
      pick: (q, from, to, rng, step) => (rng.chance(at(step, 1)) ? from + rng.below(to - from) : pickGreedy(q, from, to, rng, ties)),
      probabilities: (q, from, to, step, out) => {
        const rate = Math.min(1, Math.max(0, at(step, 1)));
        out.fill(rate / (to - from), from, to);
        addGreedyMass(q, from, to, 1 - rate, ties, out);
      },
    },
  );
}

/**
 * The epsilon-greedy policy of a fixed Q, the greedy part going to the lowest index among exact ties.
 *
 * @throws OptionError for an epsilon outside [0, 1].
 * @example
 * epsilonGreedyPolicy(best.q, 0.1).probability("high", "wait"); // 0.05
 */
export function epsilonGreedyPolicy<S, A>(q: ChoiceTable<S, A>, epsilon: number, objective: Objective = "maximize"): Policy<S, A> {
  return explorerPolicy(q, epsilonGreedy(epsilon, { ties: "lowest" }), objective);
}
