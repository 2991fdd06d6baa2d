// The Bellman operators as functions of tensors. Each returns a new tensor, the caller's to dispose (or `tf.tidy`'s).
import { ShapeError } from "../errors.ts";
import { onBackend, type TensorLike, type Tfjs } from "../kernels/tensor/index.ts";
import type { TensorModel } from "./tensor-model.ts";

/**
 * Q(s,a) = R(s,a) + γ Σ p(s'|s,a) v(s') of every choice, in float32.
 *
 * @param v values [S], or [S, B] of a model placed for a batch of B.
 * @returns [C] or [C, B], in choice order.
 * @throws ShapeError
 * @example
 * const q = bellmanQ(model, tf.zeros([model.stateCount])); // the expected rewards
 */
export function bellmanQ<T extends TensorLike>(model: TensorModel<T>, v: T): T {
  return signed(model, v, (x) => model.kernel.q(x));
}

/**
 * Tv: the best Q of each state (the least where the model is minimised), 0 where terminal.
 *
 * @returns [S] or [S, B].
 * @throws ShapeError
 * @example
 * for (let i = 0; i < 100; i++) v = tf.tidy(() => bellmanBackup(model, v)); // value iteration, without a certificate
 */
export function bellmanBackup<T extends TensorLike>(model: TensorModel<T>, v: T): T {
  return signed(model, v, (x) => model.kernel.sweep(x));
}

/**
 * The choices that are greedy for v; of equal ones the lowest, or the incumbent's.
 *
 * @param incumbent int32 choices [S] or [S, B].
 * @returns int32 [S] or [S, B]: choices, -1 where terminal.
 * @throws ShapeError
 */
export function greedyChoices<T extends TensorLike>(model: TensorModel<T>, v: T, incumbent?: T): T {
  return signed(model, v, (x) => model.kernel.greedy(x, incumbent), false);
}

/**
 * T_π v of a policy given as choices.
 *
 * @param policy int32 choices [S] or [S, B], such as `greedyChoices` returns.
 * @returns [S] or [S, B].
 * @throws ShapeError
 */
export function policyBackup<T extends TensorLike>(model: TensorModel<T>, v: T, policy: T): T {
  requireShape(model, policy, "policy");
  return signed(model, v, (x) => model.kernel.policySweep(x, policy));
}

/** Calls an operator that maximises: a minimised model is the maximised one of negative rewards and values. */
function signed<T extends TensorLike>(model: TensorModel<T>, v: T, operate: (v: TensorLike) => TensorLike, turnBack = true): T {
  requireShape(model, v, "v");
  const { tf, backend } = model.kernel;
  if (model.sign === 1) return operate(v) as T;
  const turned = negative(tf, backend, v);
  const result = operate(turned);
  turned.dispose();
  if (!turnBack) return result as T;
  const answer = negative(tf, backend, result);
  result.dispose();
  return answer as T;
}

function negative(tf: Tfjs, backend: string, x: TensorLike): TensorLike {
  return onBackend(tf, backend, () => tf.mul(x, -1));
}

function requireShape({ stateCount, batch }: TensorModel, tensor: TensorLike, name: string): void {
  const expected = batch === 1 ? [stateCount] : [stateCount, batch];
  if (tensor.shape.length === expected.length && tensor.shape.every((size, i) => size === expected[i])) return;
  throw new ShapeError(`${name} has shape [${tensor.shape.join(", ")}], expected [${expected.join(", ")}].`);
}
