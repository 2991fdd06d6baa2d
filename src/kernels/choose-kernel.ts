// Which kernel sweeps a model: WebAssembly where the model is large enough to repay copying it, the reference otherwise.
import { BackendError, OptionError } from "../errors.ts";
import type { Storage } from "../mdp/index.ts";
import { cpuKernel } from "./cpu/cpu-kernel.ts";
import type { BellmanKernel } from "./kernel.ts";
import { wasmKernel } from "./wasm/wasm-kernel.ts";

/** Where the arithmetic runs. `auto` chooses by the size of the model. */
export type Device = "auto" | "cpu" | "wasm";

/** From this many branches on `auto` takes WebAssembly. */
const WORTH_COPYING = 20_000;

/**
 * The kernel for a model.
 *
 * @throws BackendError where WebAssembly is asked for and cannot be had.
 */
export function chooseKernel(storage: Storage, discount: number, device: Device): BellmanKernel {
  if (device === "cpu" || (device === "auto" && storage.branchCount < WORTH_COPYING)) return cpuKernel(storage, discount);
  if (device !== "auto" && device !== "wasm") throw new OptionError("device", device, '"auto", "cpu" or "wasm"');
  const kernel = wasmKernel(storage, discount);
  if (kernel !== undefined) return kernel;
  if (device === "auto") return cpuKernel(storage, discount);
  throw new BackendError("the WebAssembly kernel cannot hold this model, expected WebAssembly and at most 4 GiB of model and vectors.", {
    hint: 'use device: "auto" or "cpu".',
  });
}
