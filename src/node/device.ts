// The devices of the command line; one that is asked for and cannot be had is told before anything is loaded.
import { BackendError } from "../errors.ts";
import type { Device } from "../kernels/index.ts";
import { startTensorflow, startWebGpu } from "../kernels/tensor/index.ts";
import { UsageError } from "./exit.ts";

export const DEVICES = ["auto", "cpu", "wasm", "webgpu", "tensorflow"] as const;

/**
 * The device for a solver. One that was asked for and is not there is refused: nothing is solved elsewhere in silence.
 *
 * @throws BackendError where the device cannot be had; UsageError where it is asked for what it cannot do.
 */
export async function solverDevice(device: (typeof DEVICES)[number] | undefined, horizon: number | undefined): Promise<Device> {
  if (device === "webgpu" || device === "tensorflow") {
    if (horizon !== undefined)
      throw new UsageError(
        `--horizon and --device ${device} are both given, expected auto, cpu or wasm: backward induction is certified stage by stage in float64.`,
      );
    await (device === "webgpu" ? startWebGpu() : startTensorflow()).catch((error: unknown) => {
      throw error instanceof BackendError ? new BackendError(`--device ${device}: ${error.message}`, { cause: error }) : error;
    });
  }
  return device ?? "auto";
}
