// Finding a GPU: the adapter and what it is, tfjs and its WebGPU backend, loaded only when somebody asks for them.
import { platform } from "#platform";
import { BackendError } from "../../errors.ts";
import type { GpuAdapter } from "../../platform/platform.ts";
import type { Tfjs } from "./tfjs.ts";

/** The adapter that WebGPU would compute on. */
export interface AdapterFacts {
  readonly name: string;
  /** Whether it is a CPU that plays a GPU: right, and slow. */
  readonly software: boolean;
  /** The longest array bound at once, in bytes. */
  readonly bindingLimit: number;
}

const HINT =
  "in Node install the peers (npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-webgpu webgpu) and a Vulkan driver; `mdpkit doctor` tells what is there.";

/** What adapters of software call themselves where they do not say so. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render|warp/i;

/** The adapter there is, or why there is none. */
export async function findAdapter(): Promise<AdapterFacts | { readonly missing: string }> {
  const gpu = await platform.findGpu();
  if (gpu === undefined) {
    return { missing: platform.name === "node" ? "the package webgpu is not installed" : "this browser has no WebGPU (navigator.gpu)" };
  }
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  return adapter === null ? { missing: "WebGPU found no adapter: no GPU with a driver, nor a software one" } : factsOf(adapter);
}

function factsOf({ info, isFallbackAdapter, limits }: GpuAdapter): AdapterFacts {
  const words = info === undefined ? [] : [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== "");
  const name = info?.description || words.join(" ") || "unnamed adapter";
  const software = info?.isFallbackAdapter ?? isFallbackAdapter ?? false;
  return { name, software: software || SOFTWARE.test(words.join(" ")), bindingLimit: limits.maxStorageBufferBindingSize };
}

/**
 * tfjs with its WebGPU backend started; the backend that was current stays so.
 *
 * @throws BackendError where there is no adapter, or tfjs is not installed.
 */
export async function startWebGpu(): Promise<Tfjs> {
  const adapter = await findAdapter();
  if ("missing" in adapter) throw new BackendError(`${adapter.missing}, expected a WebGPU adapter.`, { hint: HINT });
  const tf = await loadTfjs("webgpu");
  const before = tf.getBackend() as string | undefined;
  const started = await tf.setBackend("webgpu").catch(() => false);
  if (before !== undefined && before !== "" && before !== "webgpu") await tf.setBackend(before);
  if (!started) throw new BackendError("tfjs could not start its WebGPU backend, expected a device of the adapter.", { hint: HINT });
  return tf;
}

/** tfjs as the program has it, with its WebGPU backend if asked for. @throws BackendError where it is not installed. */
export async function loadTfjs(backend?: "webgpu"): Promise<Tfjs> {
  try {
    const tf = await import("@tensorflow/tfjs-core");
    if (backend === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
    return tf as unknown as Tfjs;
  } catch (error) {
    const peers = ["@tensorflow/tfjs-core", ...(backend === undefined ? [] : [`@tensorflow/tfjs-backend-${backend}`])].join(" and ");
    throw new BackendError(`${peers} cannot be loaded, expected to be installed.`, { hint: HINT, cause: error });
  }
}
