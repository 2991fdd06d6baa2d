// Which kernel sweeps a model, by how many threads: WebAssembly where the model is large enough to repay copying it, the reference otherwise.
import { platform } from "#platform";
import { BackendError, OptionError } from "../errors.ts";
import type { Storage } from "../mdp/index.ts";
import { cpuKernel } from "./cpu/cpu-kernel.ts";
import type { BellmanKernel } from "./kernel.ts";
import type { TensorDevice } from "./tensor/tensor-kernel.ts";
import { wasmKernel } from "./wasm/wasm-kernel.ts";

/** Where the arithmetic runs. `auto` chooses by the size of the model and, for the largest, by whether there is a GPU. */
export type Device = "auto" | "cpu" | "wasm" | TensorDevice;

/** How many threads share a synchronous sweep. `auto`: one a core for large models, one for others. */
export type Threads = "auto" | number;

/** Where and how: what of a solver's options concerns kernels. */
export interface KernelOptions {
  readonly device: Device;
  readonly threads: Threads;
}

/** From this many branches on `auto` takes WebAssembly. */
export const WORTH_COPYING = 20_000;

/** From this many branches on threads repay the word that starts a shared sweep. */
export const WORTH_SHARING = 400_000;

/** Sweeps are bound by memory: more threads than this add nothing. */
const MOST_THREADS = 16;

/**
 * The kernel for a model.
 *
 * @throws BackendError where WebAssembly is asked for and cannot be had.
 */
export function chooseKernel(storage: Storage, discount: number, { device, threads }: KernelOptions): BellmanKernel {
  if (device === "cpu" || (device === "auto" && storage.branchCount < WORTH_COPYING)) return cpuKernel(storage, discount);
  if (device !== "auto" && device !== "wasm") throw new OptionError("device", device, '"auto", "cpu" or "wasm"', "tensor devices sweep discounted models.");
  // Who asks for a number of threads gets them, also where there is hardly anything to share.
  const kernel = threads === "auto" ? wasmKernel(storage, discount, threadsFor(storage)) : wasmKernel(storage, discount, threads, 1);
  if (kernel !== undefined) return kernel;
  if (device === "auto")
    return cpuKernel(storage, discount, "WebAssembly has no room for this model and its vectors (4 GiB at most): plain TypeScript sweeps it");
  throw new BackendError("the WebAssembly kernel cannot hold this model, expected WebAssembly and at most 4 GiB of model and vectors.", {
    hint: 'use device: "auto" or "cpu".',
  });
}

function threadsFor(storage: Storage): number {
  return storage.target.length < WORTH_SHARING ? 1 : Math.min(platform.cores, MOST_THREADS);
}
