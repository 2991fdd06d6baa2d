// A model out of tensors: dense probabilities and rewards, as learning code holds them.
import { ShapeError } from "../errors.ts";
import type { TensorLike } from "../kernels/tensor/index.ts";
import { type DenseModel, fromDense, type Mdp } from "../mdp/index.ts";

export interface TensorsModel extends Pick<DenseModel, "order" | "discount" | "objective" | "terminal" | "normalize"> {
  /** Probabilities [S, A, S], or [A, S, S] with `order: "action-first"`. A row of zeros is an infeasible choice. */
  readonly transition: TensorLike;
  /** R(s) as [S], R(s,a) as [S, A], or R(s,a,s') in the shape of `transition`. */
  readonly reward: TensorLike;
}

/**
 * Reads a model out of tensors, which are left alone.
 *
 * @remarks Rows of float32 numbers seldom sum to 1 within the 1e-9 that a model must: pass `normalize: true` to divide each by its sum. Nothing is
 *   normalised otherwise.
 * @throws ShapeError; InvalidModelError naming the rows that are no distributions.
 * @example
 * const mdp = await fromTensors({ transition: tf.tensor([[[0.5, 0.5], [0, 1]], [[0, 1], [1, 0]]]), reward: tf.tensor([[5, 10], [-1, 0]]), discount: 0.95 });
 */
export async function fromTensors(model: TensorsModel): Promise<Mdp> {
  const { transition, reward, ...rest } = model;
  if (transition.shape.length !== 3) throw new ShapeError(`transition has shape [${transition.shape.join(", ")}], expected three dimensions.`);
  if (reward.shape.length < 1 || reward.shape.length > 3)
    throw new ShapeError(`reward has shape [${reward.shape.join(", ")}], expected one to three dimensions.`);
  const [probabilities, rewards] = await Promise.all([numbersOf(transition, "transition"), numbersOf(reward, "reward")]);
  return fromDense({
    ...rest,
    transition: cubes(probabilities, transition.shape),
    reward: reward.shape.length === 1 ? Array.from(rewards) : reward.shape.length === 2 ? matrix(rewards, 0, reward.shape) : cubes(rewards, reward.shape),
  });
}

async function numbersOf(tensor: TensorLike, name: string): Promise<ArrayLike<number>> {
  const data = await tensor.data();
  if (Array.isArray(data)) throw new ShapeError(`${name} holds ${tensor.dtype}, expected numbers.`);
  return data;
}

function cubes(numbers: ArrayLike<number>, [outer = 0, ...inner]: readonly number[]): number[][][] {
  const size = inner.reduce((product, length) => product * length, 1);
  return Array.from({ length: outer }, (_, i) => matrix(numbers, i * size, inner));
}

function matrix(numbers: ArrayLike<number>, from: number, [rows = 0, columns = 0]: readonly number[]): number[][] {
  return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => numbers[from + r * columns + c]!));
}
