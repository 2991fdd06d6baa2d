// The tensor backends under Node: each started, or the reason why it cannot be.
import "@tensorflow/tfjs-backend-cpu";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as tfjs from "@tensorflow/tfjs-core";
import { findAdapter, findTensorflow, kernelOn, onBackend, startWebGpu, type Tfjs } from "../../src/kernels/tensor/index.ts";
import { type KernelMaker, onTensors } from "./kernel-suite.ts";

export interface StartedBackend {
  readonly name: string;
  /** What a solver is told. */
  readonly device: "webgpu" | "tensorflow" | "tfjs";
  /** What computes, in words. */
  readonly facts: string;
  readonly kernels: KernelMaker;
  readonly tf: Tfjs;
}

/** A backend, or why it is missing. */
export type Backend = StartedBackend | { readonly name: string; readonly missing: string };

const FLOAT32 = 2 ** -24;

/** Where scripts/build-tfjs-node.sh puts its build. */
const BUILT = fileURLToPath(new URL("../../.tfjs-node", import.meta.url));

export async function backends(): Promise<Backend[]> {
  return [await webGpu(), await tensorflow(), await composed()];
}

function started(name: string, device: StartedBackend["device"], backend: string, facts: string, tf: Tfjs, cuts: boolean): StartedBackend {
  const makeTensors: KernelMaker["makeTensors"] = (storage, discount, options) => onBackend(tf, backend, () => kernelOn(tf, storage, discount, options));
  return {
    name,
    device,
    facts,
    tf,
    kernels: { roundoff: FLOAT32, cuts, makeTensors, make: (storage, discount) => onTensors(makeTensors(storage, discount, {})) },
  };
}

async function webGpu(): Promise<Backend> {
  const adapter = await findAdapter();
  if ("missing" in adapter) return { name: "webgpu", missing: adapter.missing };
  return started("webgpu", "webgpu", "webgpu", `${adapter.name}${adapter.software ? ", software" : ""}`, await startWebGpu(), true);
}

async function tensorflow(): Promise<Backend> {
  if (process.env.MDPKIT_TFJS_NODE === undefined && existsSync(BUILT)) process.env.MDPKIT_TFJS_NODE = BUILT;
  const found = await findTensorflow();
  if ("missing" in found) return { name: "tensorflow", missing: `${found.missing} (scripts/build-tfjs-node.sh builds it)` };
  return started("tensorflow", "tensorflow", "tensorflow", `TensorFlow ${found.version}${found.gpu ? " on a GPU" : ""}`, found.tf, false);
}

async function composed(): Promise<Backend> {
  await tfjs.setBackend("cpu");
  return started("composed on tfjs-cpu", "tfjs", "cpu", "tfjs-cpu", tfjs as unknown as Tfjs, false);
}
