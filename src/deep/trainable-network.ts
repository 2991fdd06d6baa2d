// The network while it learns: tf variables, its forward pass, and the gradient of the temporal-difference loss.
import type { Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import type { Objective } from "../mdp/index.ts";
import type { Rng } from "../numeric/index.ts";
import type { TensorFlow } from "./load-tensorflow.ts";
import { QNetwork, type QNetworkLayer } from "./q-network.ts";

/** A gradient beside the name of its variable, as tfjs's optimizers take it. */
interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

interface Layer {
  readonly weight: Variable;
  readonly bias: Variable;
}

/**
 * A multilayer perceptron of tf variables, max(0, ·) between its layers.
 *
 * The gradient is written out, not taken from tfjs's tape: tfjs-core by itself registers no gradients (the union package does), and three products a
 * layer are all there is to it.
 */
export class TrainableNetwork {
  readonly #tf: TensorFlow;
  readonly #sizes: readonly number[];
  readonly #layers: readonly Layer[];

  private constructor(tf: TensorFlow, sizes: readonly number[], layers: readonly Layer[]) {
    this.#tf = tf;
    this.#sizes = sizes;
    this.#layers = layers;
  }

  /**
   * Weights uniform in ±sqrt(6 / inputs), which keeps the variance of activations from layer to layer (He et al., "Delving deep into rectifiers", 2015),
   * those of the last layer a hundredth of it, so that learning starts from estimates near 0; biases 0.
   */
  static random(tf: TensorFlow, sizes: readonly number[], rng: Rng): TrainableNetwork {
    const layers = sizes.slice(1).map((outputs, i): Layer => {
      const inputs = sizes[i] ?? 0;
      const spread = Math.sqrt(6 / inputs) * (i === sizes.length - 2 ? 0.01 : 1);
      const weight = Float32Array.from({ length: inputs * outputs }, () => spread * (2 * rng.uniform() - 1));
      return tf.tidy(() => ({ weight: tf.variable(tf.tensor2d(weight, [inputs, outputs])), bias: tf.variable(tf.zeros([outputs])) }));
    });
    return new TrainableNetwork(tf, sizes, layers);
  }

  /** The same numbers in variables of its own. */
  copy(): TrainableNetwork {
    const tf = this.#tf;
    const layers = this.#layers.map(({ weight, bias }) => tf.tidy(() => ({ weight: tf.variable(tf.clone(weight)), bias: tf.variable(tf.clone(bias)) })));
    return new TrainableNetwork(tf, this.#sizes, layers);
  }

  /** Takes over the numbers of another network of the same sizes. */
  assign(other: TrainableNetwork): void {
    this.#tf.tidy(() => {
      for (const [i, layer] of this.#layers.entries()) {
        const from = other.#layers[i];
        if (from === undefined) continue;
        layer.weight.assign(this.#tf.clone(from.weight));
        layer.bias.assign(this.#tf.clone(from.bias));
      }
    });
  }

  /** Q of a batch: [batch, observationSize] in, [batch, actions] out. Within a tidy. */
  forward(observations: Tensor2D): Tensor2D {
    return this.#activations(observations).at(-1) ?? observations;
  }

  /**
   * The gradient by variable, of the mean over the batch of Huber's loss of Q(observation, action) - target. Within a tidy.
   *
   * @param taken [batch, actions], 1 at the action taken, else 0.
   * @param clip where Huber's loss turns from a parabola into a line.
   */
  gradient(observations: Tensor2D, taken: Tensor2D, target: Tensor1D, clip: number): NamedTensor[] {
    const tf = this.#tf;
    const activations = this.#activations(observations);
    const q = activations.at(-1) ?? observations;
    const error = tf.clipByValue(tf.sub(tf.sum(tf.mul(q, taken), 1), target), -clip, clip);
    let delta: Tensor2D = tf.mul(taken, tf.expandDims(tf.div(error, observations.shape[0]), 1));
    const gradients: NamedTensor[] = [];
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const layer = this.#layers[i];
      const input = activations[i];
      if (layer === undefined || input === undefined) continue;
      gradients.push({ name: layer.weight.name, tensor: tf.matMul(input, delta, true, false) }, { name: layer.bias.name, tensor: tf.sum(delta, 0) });
      if (i > 0) delta = tf.mul(tf.matMul(delta, asMatrix(layer.weight), false, true), tf.cast(tf.greater(input, 0), "float32"));
    }
    return gradients;
  }

  /** The numbers, the outputs divided by `scale` (negative where rewards were negated). Waits for the device. */
  async read(scale: number, objective: Objective): Promise<QNetwork> {
    const layers: QNetworkLayer[] = [];
    for (const [i, { weight, bias }] of this.#layers.entries()) {
      const turn = (x: number) => (i === this.#layers.length - 1 ? x / scale : x);
      const [w, b] = await Promise.all([weight.data(), bias.data()]);
      layers.push({ inputs: this.#sizes[i] ?? 0, outputs: this.#sizes[i + 1] ?? 0, weight: Float32Array.from(w, turn), bias: Float32Array.from(b, turn) });
    }
    return new QNetwork(layers, objective);
  }

  dispose(): void {
    for (const { weight, bias } of this.#layers) {
      weight.dispose();
      bias.dispose();
    }
  }

  /** The input, then each layer's output. */
  #activations(observations: Tensor2D): Tensor2D[] {
    const tf = this.#tf;
    const activations = [observations];
    for (const [i, { weight, bias }] of this.#layers.entries()) {
      const sum: Tensor2D = tf.add(tf.matMul(activations[i] ?? observations, asMatrix(weight)), bias);
      activations.push(i < this.#layers.length - 1 ? tf.relu(sum) : sum);
    }
    return activations;
  }
}

function asMatrix(variable: Variable): Tensor2D {
  return variable as unknown as Tensor2D;
}
