// From the word for a device to a kernel on it: what is needed is loaded when it is asked for, and no sooner.
import type { Storage } from "../../mdp/index.ts";
import { startWebGpu } from "./start-webgpu.ts";
import type { TensorDevice, TensorKernel, TensorKernelOptions } from "./tensor-kernel.ts";
import { webGpuKernel } from "./webgpu/webgpu-kernel.ts";

/**
 * Places a model on a device.
 *
 * @param storage the compiled model, its rewards to be maximised.
 * @throws BackendError where the device cannot be had, or the model does not fit on it.
 */
export async function openTensorKernel(_device: TensorDevice, storage: Storage, discount: number, options: TensorKernelOptions = {}): Promise<TensorKernel> {
  return webGpuKernel(await startWebGpu(), storage, discount, options);
}
