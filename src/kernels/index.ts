// Bellman operators: one interface, one folder a kernel.
export { chooseKernel, type Device, type KernelOptions, type Threads, WORTH_COPYING, WORTH_SHARING } from "./choose-kernel.ts";
export { cpuKernel } from "./cpu/cpu-kernel.ts";
export type { BellmanKernel, Change } from "./kernel.ts";
export { wasmKernel } from "./wasm/wasm-kernel.ts";
