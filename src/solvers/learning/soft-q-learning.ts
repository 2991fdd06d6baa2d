// Soft Q-learning with a prior: learns the optimum that pays for leaving a reference policy, acting by it all along.
import type { Env } from "../../envs/env.ts";
import { OptionError } from "../../errors.ts";
import { type Policy, softPrior } from "../../policies/index.ts";
import { checkSpace } from "./check-space.ts";
import { learnControl } from "./control.ts";
import { SoftQLearningAgent } from "./one-step.ts";
import type { LearnOptions, LearnResult } from "./options.ts";

export interface SoftQLearningOptions<S, A> extends Omit<LearnOptions<S, A>, "explore" | "prior" | "priorWeight" | "ceiling" | "gate"> {
  /** ρ: the advice. A choice it gives 0 is never taken. */
  readonly reference: Policy<S, A>;
  /** τ > 0, in units of reward: what a nat of divergence from ρ costs. */
  readonly temperature: number;
}

/**
 * Q-learning with the soft backup τ ln Σ ρ(a|s') exp(Q(s',a) / τ), and actions in proportion to ρ exp(Q / τ) (G-learning with a constant temperature: Fox, Pakman
 * and Tishby, "Taming the noise in reinforcement learning via soft updates", 2016).
 *
 * @remarks What it learns is `regularizedValueIteration`'s q, not Q*: the reference pulls for ever, by as much as τ says, so bad advice at a large τ stays bad. `value` and
 *   `policy` of the result are greedy for q, as those of every learner.
 * @throws OptionError, EnvProtocolError as `qLearning`; ShapeError where the reference is another model's.
 * @example
 * await softQLearning(toEnv(maze.mdp, { maxSteps: 200 }), { steps: 1e5, reference: prior.policy, temperature: 0.02 });
 */
export async function softQLearning<S, A>(env: Env<S, A>, options: SoftQLearningOptions<S, A>): Promise<LearnResult<S, A>> {
  const { reference, temperature, ...rest } = options;
  if (!(temperature > 0 && temperature < Infinity)) throw new OptionError("temperature", temperature, "a positive finite number");
  checkSpace(env, reference, "reference");
  const explore = softPrior(reference, temperature);
  return learnControl(env, "soft-q-learning", { ...rest, explore }, ({ memory }) => new SoftQLearningAgent(memory, explore));
}
