// What can be had where this runs: cores, memory that threads share, WebAssembly, a GPU.
import { SHARES_MEMORY } from "mdpkit/mdp";
import type { Capabilities } from "./protocol.ts";

export async function capabilities(): Promise<Capabilities> {
  return {
    isolated: SHARES_MEMORY,
    cores: Math.max(1, navigator.hardwareConcurrency),
    devices: [
      { device: "auto", missing: undefined },
      { device: "cpu", missing: undefined },
      { device: "wasm", missing: typeof WebAssembly === "undefined" ? "this browser has none" : undefined },
      { device: "webgpu", missing: await missingWebGpu() },
      { device: "tfjs", missing: missingWebGl() },
    ],
  };
}

/** Why there is no WebGPU here; undefined where there is. */
async function missingWebGpu(): Promise<string | undefined> {
  // Not in every browser, and so not in every version of the types.
  const { gpu } = navigator as { readonly gpu?: { requestAdapter(): Promise<object | null> } };
  if (gpu === undefined) return "this browser has none";
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter === null ? "no adapter" : undefined;
}

/** The same of WebGL in a worker: a canvas that is on no page. */
function missingWebGl(): string | undefined {
  if (typeof OffscreenCanvas === "undefined") return "not in this browser's workers";
  return new OffscreenCanvas(1, 1).getContext("webgl2") === null ? "no adapter" : undefined;
}
