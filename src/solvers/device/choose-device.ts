// Where a solve runs: the device asked for, or for "auto" the one that is expected to win.
import { OptionError, UnsupportedModelError } from "../../errors.ts";
import { WORTH_COPYING, WORTH_SHARING } from "../../kernels/index.ts";
import { findAdapter, findTensorflow, startWebGpu, type TensorDevice } from "../../kernels/tensor/index.ts";
import type { Storage } from "../../mdp/index.ts";
import type { CheckedOptions } from "../options.ts";

/** From this many stored branches on, a GPU's sweeps repay starting it, loading tfjs and moving the model there: about a second in all. */
export const WORTH_A_GPU = 4_000_000;

/**
 * The tensor device for a solve, or undefined for the CPU.
 *
 * @throws OptionError for a word that is no device; UnsupportedModelError where a tensor device is asked for at discount 1.
 */
export async function chooseDevice(storage: Storage, { device, discount }: Pick<CheckedOptions, "device" | "discount">): Promise<TensorDevice | undefined> {
  // Nothing to sweep.
  if (storage.choiceCount === 0) return undefined;
  switch (device) {
    case "cpu":
    case "wasm":
      return undefined;
    case "auto":
      return discount === 1 || storage.target.length < WORTH_A_GPU ? undefined : deviceForAuto();
    case "webgpu":
    case "tensorflow":
    case "tfjs":
      if (discount < 1) return device;
      throw new UnsupportedModelError(`device ${device} solves discounted models, the discount is 1, expected less.`, {
        hint: 'at discount 1 use device: "auto", "cpu" or "wasm".',
      });
    default:
      throw new OptionError("device", device, 'one of "auto", "cpu", "wasm", "webgpu", "tensorflow", "tfjs"');
  }
}

/** A GPU of hardware. Software that plays one sweeps no faster than the CPU kernels, and less precisely. */
async function deviceForAuto(): Promise<TensorDevice | undefined> {
  const adapter = await findAdapter();
  if (!("missing" in adapter) && !adapter.software) {
    // What is there but cannot be used is no reason to fail: the CPU is as right.
    return startWebGpu().then(
      () => "webgpu",
      () => undefined,
    );
  }
  const tensorflow = await findTensorflow();
  return "missing" in tensorflow || !tensorflow.gpu ? undefined : "tensorflow";
}

/** What `auto` would do with a model of so many stored branches here, and why. */
export async function explainAuto(branches: number): Promise<{ readonly device: "cpu" | "wasm" | TensorDevice; readonly why: string }> {
  if (branches < WORTH_COPYING) return { device: "cpu", why: `below ${WORTH_COPYING} branches nothing repays starting it` };
  const device = branches < WORTH_A_GPU ? undefined : await deviceForAuto();
  if (device !== undefined) return { device, why: "a GPU of hardware, and sweeps enough to repay moving the model there" };
  const threads = branches < WORTH_SHARING ? "one thread" : "one thread a core";
  if (branches < WORTH_A_GPU) return { device: "wasm", why: `${threads}; a GPU is considered from ${WORTH_A_GPU} branches on` };
  const adapter = await findAdapter();
  return {
    device: "wasm",
    why: `${threads}; ${"missing" in adapter ? adapter.missing : adapter.software ? `${adapter.name} is no GPU but software` : "tfjs is not installed"}`,
  };
}
