// The written-out gradient against finite differences of the loss, variable by variable.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { TrainableNetwork } from "../../../src/deep/trainable-network.ts";
import { Rng } from "../../../src/numeric/index.ts";

beforeAll(() => tf.setBackend("cpu"));

const BATCH = 6;
const CLIP = 0.4;

/** Huber's loss, float64, of errors. */
function huber(error: number): number {
  const size = Math.abs(error);
  return size <= CLIP ? 0.5 * size * size : CLIP * (size - 0.5 * CLIP);
}

test.each([[[3, 2]], [[3, 5, 2]], [[4, 6, 5, 3]]])("of a network of sizes %j", async (sizes) => {
  const rng = new Rng("gradient");
  const [inputs = 0, outputs = 0] = [sizes[0], sizes.at(-1)];
  const network = TrainableNetwork.random(tf, sizes, rng);
  const observations = Float32Array.from({ length: BATCH * inputs }, () => 2 * rng.uniform() - 1);
  const actions = Int32Array.from({ length: BATCH }, () => rng.below(outputs));
  const targets = Float32Array.from({ length: BATCH }, () => 2 * rng.uniform() - 1);
  const gradients = tf.tidy(() => {
    const taken = tf.cast(tf.oneHot(tf.tensor1d(actions, "int32"), outputs), "float32") as tf.Tensor2D;
    return network
      .gradient(tf.tensor2d(observations, [BATCH, inputs]), taken, tf.tensor1d(targets), CLIP)
      .map(({ name, tensor }) => ({ name, values: tensor.dataSync() }));
  });
  /** The loss with one number of one variable moved. */
  const lossOf = async (layer: number, part: "weight" | "bias", index: number, step: number): Promise<number> => {
    const { layers } = await network.read(1, "maximize");
    layers[layer]![part][index]! += step;
    const { QNetwork } = await import("../../../src/deep/index.ts");
    const moved = new QNetwork(layers);
    let loss = 0;
    for (let i = 0; i < BATCH; i++) loss += huber(moved.values(observations.subarray(i * inputs, (i + 1) * inputs))[actions[i]!]! - targets[i]!) / BATCH;
    return loss;
  };
  // Last layer first, weights then biases.
  let k = 0;
  for (let layer = sizes.length - 2; layer >= 0; layer--) {
    for (const part of ["weight", "bias"] as const) {
      const { values } = gradients[k++]!;
      for (let index = 0; index < values.length; index++) {
        const slope = ((await lossOf(layer, part, index, 1e-3)) - (await lossOf(layer, part, index, -1e-3))) / 2e-3;
        expect(values[index]!, `layer ${layer} ${part}[${index}]`).toBeCloseTo(slope, 3);
      }
    }
  }
  expect(k).toBe(gradients.length);
  network.dispose();
});
