// Expected SARSA: the one-step backup with the expectation over the target policy's choices.
import type { Env } from "../../envs/env.ts";
import type { Explorer } from "../../policies/index.ts";
import { learnControl } from "./control.ts";
import { ExpectedSarsaAgent } from "./one-step.ts";
import type { LearnOptions, LearnResult } from "./options.ts";

export interface ExpectedSarsaOptions<S, A> extends LearnOptions<S, A> {
  /** The policy whose Q is learned. Default: `explore`, so on-policy; `greedy()` makes it Q-learning. */
  readonly target?: Explorer | undefined;
}

/**
 * Learns Q of a target policy without the noise of drawing its next choice (van Seijen et al., 2009; Sutton and Barto,
 * section 6.6).
 *
 * @throws OptionError, EnvProtocolError as `qLearning`.
 * @example
 * await expectedSarsa(env, { steps: 1e5, explore: softmax(1) });
 */
export function expectedSarsa<S, A>(env: Env<S, A>, options: ExpectedSarsaOptions<S, A>): Promise<LearnResult<S, A>> {
  return learnControl(env, "expected-sarsa", options, ({ memory, explore }) => new ExpectedSarsaAgent(memory, options.target ?? explore));
}
