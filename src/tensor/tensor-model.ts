// A model placed on tensors: what the public Bellman operators work on.
import { kernelOn, type TensorKernel, type TensorLike, type Tfjs } from "../kernels/tensor/index.ts";
import type { Mdp } from "../mdp/index.ts";
import { requireDiscount } from "../solvers/options.ts";

/** What is used of the namespace `tf`: any copy of TensorFlow.js fits. `T` is its tensor type. */
export interface TensorLibrary<T extends TensorLike> {
  tensor(values: Float32Array | Int32Array, shape?: number[], dtype?: "float32" | "int32"): T;
  ready(): Promise<void>;
  getBackend(): string;
}

export interface TensorModelOptions {
  /** γ; by default the model's own. */
  readonly discount?: number | undefined;
  /** How many value vectors are backed up at once. Default 1. */
  readonly batch?: number | undefined;
}

/** A model on the backend that a copy of tfjs was set to. Holds tensors: `dispose` lets go of them. */
export interface TensorModel<T extends TensorLike = TensorLike> {
  /** "webgpu", "tensorflow", "webgl", "cpu", ... */
  readonly backend: string;
  readonly stateCount: number;
  readonly choiceCount: number;
  readonly batch: number;
  /** -1 where the model is minimised: the kernel maximises. */
  readonly sign: 1 | -1;
  /** @internal */
  readonly kernel: TensorKernel;
  /** @internal the tensor type, for inference only. */
  readonly example?: T;
  dispose(): void;
}

/**
 * Places a model on the backend in use: by programs of our own on WebGPU, TensorFlow's sparse product in tfjs-node, composed operations elsewhere.
 *
 * @throws OptionError without a discount; BackendError where the model does not fit.
 * @example
 * import * as tf from "@tensorflow/tfjs-core";
 * const model = await placeModel(tf, robot);
 * const q = bellmanQ(model, tf.tensor([40, 36])); // [C]
 * q.dispose(); model.dispose();
 */
export async function placeModel<S, A, T extends TensorLike>(tf: TensorLibrary<T>, mdp: Mdp<S, A>, options: TensorModelOptions = {}): Promise<TensorModel<T>> {
  const discount = requireDiscount(mdp, options.discount);
  await tf.ready();
  const sign = mdp.objective === "minimize" ? -1 : 1;
  const storage = sign === 1 ? mdp.storage : { ...mdp.storage, reward: mdp.storage.reward.map((r) => -r) };
  const kernel = kernelOn(tf as unknown as Tfjs, storage, discount, { batch: options.batch });
  return {
    backend: kernel.backend,
    stateCount: kernel.stateCount,
    choiceCount: kernel.choiceCount,
    batch: kernel.batch,
    sign,
    kernel,
    dispose: () => kernel.dispose(),
  };
}
