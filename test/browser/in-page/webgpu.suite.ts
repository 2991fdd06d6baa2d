// The kernel suite on WebGPU in a page, and solves by it.
import { expect, test } from "vitest";
import { startWebGpu } from "../../../src/kernels/tensor/index.ts";
import { isWebGpuBackend } from "../../../src/kernels/tensor/webgpu/backend.ts";
import { kernelSuiteOn } from "./kernel-suite-on.ts";
import { solvesOn } from "./solves-on.ts";

const tf = await startWebGpu();
const backend = tf.findBackend("webgpu");
if (!isWebGpuBackend(backend)) throw new Error("tfjs has a WebGPU backend of another shape");

/** What the device refused when nobody had asked: work that was never done. */
const refused: string[] = [];
(backend.device as unknown as EventTarget).addEventListener("uncapturederror", (event) => {
  const { error } = event as Event & { readonly error: { readonly message: string } };
  refused.push(error.message);
});

kernelSuiteOn(tf, "webgpu", true);
solvesOn(tf, "webgpu", "webgpu", ["solve", "valueIteration", "policyIteration"]);

test("the device refused nothing", () => {
  expect(refused).toEqual([]);
});
