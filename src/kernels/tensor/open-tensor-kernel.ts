// From the word for a device to a kernel on it: what is needed is loaded when it is asked for, and no sooner.
import { BackendError } from "../../errors.ts";
import type { Storage } from "../../mdp/index.ts";
import { composedKernel } from "./composed/composed-kernel.ts";
import { paddedRows } from "./composed/padded-rows.ts";
import { startTensorflow } from "./start-tensorflow.ts";
import { loadTfjs, startWebGpu } from "./start-webgpu.ts";
import type { TensorDevice, TensorKernel, TensorKernelOptions } from "./tensor-kernel.ts";
import { sparseProduct } from "./tensorflow/sparse-product.ts";
import type { Tfjs } from "./tfjs.ts";
import { webGpuKernel } from "./webgpu/webgpu-kernel.ts";

/**
 * Places a model on a device.
 *
 * @param storage the compiled model, its rewards to be maximised.
 * @throws BackendError where the device cannot be had, or the model does not fit on it.
 */
export async function openTensorKernel(device: TensorDevice, storage: Storage, discount: number, options: TensorKernelOptions = {}): Promise<TensorKernel> {
  switch (device) {
    case "webgpu":
      return webGpuKernel(await startWebGpu(), storage, discount, options);
    case "tensorflow":
      return tensorflowKernel(await startTensorflow(), storage, discount, options);
    case "tfjs":
      return kernelOn(await startTfjs(), storage, discount, options);
  }
}

/** The kernel for whichever backend a copy of tfjs is set to: the fastest that is known for it. */
export function kernelOn(tf: Tfjs, storage: Storage, discount: number, options: TensorKernelOptions = {}): TensorKernel {
  const backend = tf.getBackend();
  if (backend === "webgpu") return webGpuKernel(tf, storage, discount, options);
  if (backend === "tensorflow") return tensorflowKernel(tf, storage, discount, options);
  const expectation = paddedRows(tf, backend, storage, options.batch ?? 1);
  return composedKernel(tf, storage, discount, { device: "tfjs", backend, expectation }, options);
}

function tensorflowKernel(tf: Tfjs, storage: Storage, discount: number, options: TensorKernelOptions): TensorKernel {
  const expectation = sparseProduct(tf, storage, options.batch ?? 1);
  return composedKernel(tf, storage, discount, { device: "tensorflow", backend: "tensorflow", expectation }, options);
}

async function startTfjs(): Promise<Tfjs> {
  const tf = await loadTfjs();
  await tf.ready().catch(() => undefined);
  if (tf.getBackend() === undefined || tf.getBackend() === "") {
    throw new BackendError("tfjs has no backend, expected one to be loaded and set.", {
      hint: 'for example import "@tensorflow/tfjs-backend-cpu" (or -webgl) and await tf.setBackend("cpu") before.',
    });
  }
  return tf;
}
