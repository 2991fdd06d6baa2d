// Which devices this release can solve on, and a clear word on the others.
import { BackendError } from "../errors.ts";
import type { Device } from "../kernels/index.ts";

export const DEVICES = ["auto", "cpu", "wasm", "webgpu", "tensorflow"] as const;

/**
 * The device for a solver. One that was asked for and is not there is refused: nothing is solved elsewhere in silence.
 *
 * @throws BackendError for the devices of later releases.
 */
export function solverDevice(device: (typeof DEVICES)[number] | undefined): Device {
  if (device === "webgpu" || device === "tensorflow") {
    throw new BackendError(`--device ${device} is not in this release, expected auto, cpu or wasm.`, {
      hint: "leave --device out; `mdpkit doctor` lists what there is.",
    });
  }
  return device ?? "auto";
}
