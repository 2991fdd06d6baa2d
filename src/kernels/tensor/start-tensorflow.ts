// TensorFlow's native backend in Node: tfjs-node-gpu, else tfjs-node, whichever is installed.
import { platform } from "#platform";
import { BackendError } from "../../errors.ts";
import type { Tfjs } from "./tfjs.ts";

/** What is there of TensorFlow. */
export interface TensorflowFacts {
  readonly tf: Tfjs;
  /** The version of its library. */
  readonly version: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
}

const HINT =
  "install @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu, or set MDPKIT_TFJS_NODE to a folder that holds one (scripts/build-tfjs-node.sh of mdpkit's repository builds one).";

/** The installed binding, started; or why there is none. */
export async function findTensorflow(): Promise<TensorflowFacts | { readonly missing: string }> {
  if (platform.name !== "node") return { missing: "TensorFlow's library runs under Node, not in a browser" };
  let loaded: object | undefined;
  try {
    loaded = await platform.loadNativeTensorflow();
  } catch (error) {
    return { missing: `tfjs-node is installed but does not load: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}` };
  }
  if (loaded === undefined) return { missing: "neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed" };
  const tf = loaded as Tfjs;
  await tf.ready();
  const backend = tf.findBackend("tensorflow") as { binding?: { TF_Version?: string }; isUsingGpuDevice?: boolean } | null;
  if (backend === null) return { missing: "tfjs-node is installed, but its tensorflow backend does not start" };
  return { tf, version: backend.binding?.TF_Version ?? "unknown", gpu: backend.isUsingGpuDevice === true };
}

/** @throws BackendError where there is none. */
export async function startTensorflow(): Promise<Tfjs> {
  const found = await findTensorflow();
  if ("missing" in found) throw new BackendError(`${found.missing}, expected one of them.`, { hint: HINT });
  return found.tf;
}
