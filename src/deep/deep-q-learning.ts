// Deep Q-learning: Q by a network, for environments too large for a table.
import type { ObservationEnv } from "../envs/index.ts";
import { DeepQLearner } from "./deep-q-learner.ts";
import { loadTensorFlow } from "./load-tensorflow.ts";
import { checkDeepQOptions, type DeepQOptions, type DeepQResult } from "./options.ts";

/**
 * Learns a network of Q from steps of an environment: double deep Q-learning with a target network and uniform replay, on TensorFlow.js.
 *
 * @remarks Mnih et al., "Human-level control through deep reinforcement learning" (2015): replay, target network, clipped errors; van Hasselt, Guez and Silver,
 *   "Deep reinforcement learning with double Q-learning" (2016): the learning network picks the next action, the target network values it; Adam (Kingma and
 *   Ba, 2015) takes the steps. A truncated episode bootstraps, a terminated one does not; infeasible actions are neither taken nor part of a maximum.
 *   tfjs is an optional peer: import a backend (`@tensorflow/tfjs-backend-cpu`, `-webgpu`, tfjs-node) before. The same seed gives the same run on the same backend. It leaves no tensor behind.
 *   The answer is an estimate: `certified` is false, there are no bounds, and learning may fail. Where a model is known, `networkPolicy` and `evaluatePolicy`
 *   say what the learned policy is really worth.
 * @param env one environment, or several of a kind, stepped together with one prediction for all.
 * @throws OptionError; ShapeError for environments of different sizes; EnvProtocolError for one that breaks its protocol; BackendError without tfjs or a backend.
 * @example
 * import "@tensorflow/tfjs-backend-cpu";
 * const { network, certified } = await deepQLearning([cartPole(), cartPole()], { steps: 50_000, discount: 0.99, seed: 1 });
 * certified; // false
 * network.best([0, 0, 0.05, 0]);
 */
export async function deepQLearning<A>(env: ObservationEnv<A> | readonly ObservationEnv<A>[], options: DeepQOptions): Promise<DeepQResult> {
  const envs = isList(env) ? env : [env];
  const checked = checkDeepQOptions(envs, options);
  const tf = await loadTensorFlow(options.tf);
  const learner = new DeepQLearner(tf, envs, checked);
  try {
    return await learner.run();
  } finally {
    learner.dispose();
  }
}

function isList<A>(env: ObservationEnv<A> | readonly ObservationEnv<A>[]): env is readonly ObservationEnv<A>[] {
  return Array.isArray(env);
}
