// Which kernel sweeps a batch: WebAssembly where there is enough work to repay copying the model, the reference otherwise.
import { BackendError, OptionError } from "../../errors.ts";
import type { Storage } from "../../mdp/index.ts";
import type { Device } from "../choose-kernel.ts";
import type { BatchColumns, BatchKernel } from "./batch-kernel.ts";
import { cpuBatchKernel } from "./cpu-batch-kernel.ts";
import { wasmBatchKernel } from "./wasm-batch-kernel.ts";

/** From this many products of a probability and a value a sweep on `auto` takes WebAssembly. */
const WORTH_COPYING = 20_000;

/** @throws OptionError for a device that sweeps no batches; BackendError where WebAssembly is asked for and cannot be had. */
export function chooseBatchKernel(storage: Storage, columns: BatchColumns, device: Device): BatchKernel {
  if (device !== "auto" && device !== "cpu" && device !== "wasm") throw new OptionError("device", device, '"auto", "cpu" or "wasm"');
  if (device === "cpu" || (device === "auto" && storage.branchCount * columns.discount.length < WORTH_COPYING)) return cpuBatchKernel(storage, columns);
  const kernel = wasmBatchKernel(storage, columns);
  if (kernel !== undefined) return kernel;
  if (device === "auto") return cpuBatchKernel(storage, columns);
  throw new BackendError("the WebAssembly kernel cannot hold this batch, expected WebAssembly and at most 4 GiB of model and values.", {
    hint: 'use device: "auto" or "cpu", or fewer columns at once.',
  });
}
