// Finds TensorFlow.js at run time: an optional peer, so it is never imported before it is needed.
import { BackendError } from "../errors.ts";

/** The module `@tensorflow/tfjs-core`. */
export type TensorFlow = typeof import("@tensorflow/tfjs-core");

const HINT = "npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu, and import the backend before learning.";

/**
 * tfjs-core with a backend that is ready.
 *
 * @param given the module to use instead of the one found by its name: a page's global `tf`, `@tensorflow/tfjs-node`.
 * @throws BackendError where there is no tfjs, or no backend is registered with it.
 */
export async function loadTensorFlow(given: object | undefined): Promise<TensorFlow> {
  const tf = given ?? (await importCore());
  if (!isTensorFlow(tf))
    throw new BackendError("tf is not TensorFlow.js, expected the module @tensorflow/tfjs-core or one that exports all of it.", { hint: HINT });
  if (tf.engine().registryFactory === undefined || Object.keys(tf.engine().registryFactory).length === 0) {
    throw new BackendError("no tfjs backend is registered, expected at least one.", {
      hint: 'import "@tensorflow/tfjs-backend-cpu" (or -webgpu, -webgl, tfjs-node) before learning.',
    });
  }
  await tf.ready();
  return tf;
}

async function importCore(): Promise<object> {
  try {
    const found: { readonly default?: object } = await import("@tensorflow/tfjs-core");
    // A CommonJS build, as Node gets it, stands under `default` as a whole.
    return found.default ?? found;
  } catch (cause) {
    throw new BackendError("@tensorflow/tfjs-core cannot be imported, expected it installed beside mdpkit.", { hint: HINT, cause });
  }
}

function isTensorFlow(module: object): module is TensorFlow {
  return ["engine", "ready", "tidy", "variable", "matMul", "train"].every((name) => name in module);
}
