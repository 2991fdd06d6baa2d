// Bellman operators: one interface, one folder a kernel.
export type { BatchChange, BatchColumns, BatchKernel } from "./batch/batch-kernel.ts";
export { chooseBatchKernel } from "./batch/choose-batch-kernel.ts";
export { cpuBatchKernel } from "./batch/cpu-batch-kernel.ts";
export { wasmBatchKernel } from "./batch/wasm-batch-kernel.ts";
export { chooseKernel, type Device, type KernelOptions, type Threads, WORTH_COPYING, WORTH_SHARING } from "./choose-kernel.ts";
export { cpuKernel } from "./cpu/cpu-kernel.ts";
export type { BellmanKernel, Change } from "./kernel.ts";
export { wasmKernel } from "./wasm/wasm-kernel.ts";
