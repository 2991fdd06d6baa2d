// Bellman operators on TensorFlow.js tensors: WebGPU programs of our own, TensorFlow's sparse product, or composed operations on any backend.
export { kernelOn, openTensorKernel } from "./open-tensor-kernel.ts";
export { findTensorflow, startTensorflow, type TensorflowFacts } from "./start-tensorflow.ts";
export { type AdapterFacts, findAdapter, startWebGpu } from "./start-webgpu.ts";
export type { TensorDevice, TensorKernel, TensorKernelOptions } from "./tensor-kernel.ts";
export { onBackend, type TensorLike, type Tfjs } from "./tfjs.ts";
export { webGpuKernel } from "./webgpu/webgpu-kernel.ts";
