// SARSA: on-policy control by the one-step backup of the choice taken next.
import type { Env } from "../../envs/env.ts";
import { learnControl } from "./control.ts";
import { SarsaAgent } from "./one-step.ts";
import type { LearnOptions, LearnResult } from "./options.ts";

/**
 * Learns Q of the exploring policy itself (Rummery and Niranjan, 1994; Sutton and Barto, section 6.4).
 *
 * @remarks The value learned counts the exploration: on a cliff it keeps away from the edge. It becomes the optimal one as
 *   exploration dies out. A truncated episode bootstraps from a choice drawn in the state it was cut off in.
 * @throws OptionError, EnvProtocolError as `qLearning`.
 * @example
 * await sarsa(env, { steps: 1e5, explore: epsilonGreedy(exponentialDecay({ from: 0.5, halfLife: 1e4 })) });
 */
export function sarsa<S, A>(env: Env<S, A>, options: LearnOptions<S, A>): Promise<LearnResult<S, A>> {
  return learnControl(env, "sarsa", options, ({ memory }) => new SarsaAgent(memory));
}
