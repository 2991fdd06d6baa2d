// The TensorFlow.js the runs use: a real tfjs-node where TFJS_NODE names the folder it is installed in, else tfjs-backend-cpu.
import { createRequire } from "node:module";
import { join } from "node:path";

let loaded: object | undefined;

/** Loads it once. */
export async function useTensorFlow(): Promise<void> {
  const folder = process.env.TFJS_NODE;
  if (folder === undefined) await import("@tensorflow/tfjs-backend-cpu");
  else loaded = createRequire(join(folder, "package.json"))("@tensorflow/tfjs-node");
}

/** What `deepQLearning` is given as `tf`; undefined for the one it finds by itself. */
export function tensorFlow(): object | undefined {
  return loaded;
}
