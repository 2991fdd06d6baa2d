// The kernel suite on a tfjs backend of the page.
import { describe, test } from "vitest";
import { kernelOn, onBackend, type Tfjs } from "../../../src/kernels/tensor/index.ts";
import { type KernelMaker, kernelCases, onTensors } from "../../tensor/kernel-suite.ts";

/** The largest relative rounding of a float32 operation. */
const FLOAT32 = 2 ** -24;

/** Declares the suite's cases for a backend that has been started; `cuts`: it cuts long arrays to the length it can bind. */
export function kernelSuiteOn(tf: Tfjs, backend: string, cuts: boolean): void {
  const makeTensors: KernelMaker["makeTensors"] = (storage, discount, options) => onBackend(tf, backend, () => kernelOn(tf, storage, discount, options));
  const kernels: KernelMaker = { roundoff: FLOAT32, cuts, makeTensors, make: (storage, discount) => onTensors(makeTensors(storage, discount, {})) };
  describe(`kernel ${backend}`, () => {
    for (const { name, applies, run } of kernelCases()) if (applies(kernels)) test(name, () => run(kernels));
  });
}
