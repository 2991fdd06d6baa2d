// Q-learning: off-policy control by the one-step backup with a max.
import type { Env } from "../../envs/env.ts";
import { compileQLearning } from "./compiled/compile-q-learning.ts";
import { learnControl } from "./control.ts";
import { QLearningAgent } from "./one-step.ts";
import type { LearnOptions, LearnResult } from "./options.ts";

/**
 * Learns the optimal Q from steps of an environment, whatever explores (Watkins, 1989; Sutton and Barto, section 6.5).
 *
 * @remarks A truncated episode bootstraps from the state it was cut off in, a terminated one does not. Infeasible actions
 *   are neither taken nor part of a maximum. With a `prior`, Q starts as `priorSeed` says.
 * @throws OptionError for a missing discount or an option out of range; EnvProtocolError for an environment that breaks its protocol.
 * @example
 * const learned = await qLearning(toEnv(robot, { maxSteps: 200 }), { steps: 1e5, seed: 7 });
 * learned.q.at("high", "search"); // about 2500/59
 */
export function qLearning<S, A>(env: Env<S, A>, options: LearnOptions<S, A>): Promise<LearnResult<S, A>> {
  return learnControl(env, "q-learning", options, ({ memory }) => new QLearningAgent(memory), compileQLearning);
}
