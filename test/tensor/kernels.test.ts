// The kernel suite on every kernel under Node: the CPU's, and the tensor backends that are there.
import { describe, test } from "vitest";
import { cpuKernel, wasmKernel } from "../../src/kernels/index.ts";
import { backends } from "./backends.ts";
import { type KernelMaker, kernelCases, onArrays } from "./kernel-suite.ts";

const FLOAT64 = 2 ** -53;

const CPUS: readonly { readonly name: string; readonly kernels: KernelMaker }[] = [
  { name: "cpu", kernels: { roundoff: FLOAT64, make: (storage, discount) => onArrays(cpuKernel(storage, discount)) } },
  {
    name: "wasm",
    kernels: {
      roundoff: FLOAT64,
      make(storage, discount) {
        const kernel = wasmKernel(storage, discount);
        if (kernel === undefined) throw new Error("no WebAssembly here");
        return onArrays(kernel);
      },
    },
  },
];

for (const backend of [...CPUS, ...(await backends())]) {
  describe(`kernel ${backend.name}`, () => {
    if ("missing" in backend) {
      test(`the ${kernelCases().length} cases of the suite`, (context) => context.skip(backend.missing));
      return;
    }
    for (const { name, applies, run } of kernelCases()) if (applies(backend.kernels)) test(name, () => run(backend.kernels));
  });
}
