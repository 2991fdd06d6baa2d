// Our Bellman operators as tfjs kernels of its WebGPU backend: what `tf.engine().runKernel` finds.
import type { NumericType, TensorInfo, Tfjs } from "../tfjs.ts";
import { runProgram } from "./backend.ts";
import {
  changeProgram,
  expectationProgram,
  greedyProgram,
  policySweepProgram,
  qProgram,
  type Shape,
  sweepProgram,
  UNIFORMS,
  type UniformName,
  WORKGROUP,
} from "./programs.ts";

/** One dispatch: a slab of the model. */
export interface SlabCall {
  readonly shape: Shape;
  /** WGSL variable -> name among the kernel's inputs. */
  readonly variables: Readonly<Record<string, string>>;
  readonly uniforms: Readonly<Record<UniformName, number>>;
}

export interface SlabAttributes {
  readonly outputShape: number[];
  readonly calls: readonly SlabCall[];
}

export interface ChangeAttributes {
  readonly count: number;
  readonly batch: number;
  readonly parts: number;
  readonly outputShape: number[];
}

const SLAB_KERNELS: Readonly<
  Record<string, { readonly dtype: NumericType; readonly code: (shape: Shape, variables: Readonly<Record<string, string>>) => string }>
> = {
  MdpkitSweep: { dtype: "float32", code: sweepProgram },
  MdpkitQ: { dtype: "float32", code: qProgram },
  MdpkitGreedy: { dtype: "int32", code: (shape, variables) => greedyProgram(shape, "incumbents" in variables) },
  MdpkitPolicySweep: { dtype: "float32", code: policySweepProgram },
  MdpkitExpectation: { dtype: "float32", code: ({ fixed }) => expectationProgram(fixed) },
};

/** Tells tfjs about our kernels, once a copy of tfjs. */
export function registerBellmanKernels(tf: Tfjs): void {
  for (const [kernelName, { dtype, code }] of Object.entries(SLAB_KERNELS)) {
    register(tf, kernelName, (backend, inputs, attributes: SlabAttributes) => {
      const output = makeOutput(backend, attributes.outputShape, dtype);
      for (const { shape, variables, uniforms } of attributes.calls) {
        runProgram(backend, {
          name: `${kernelName} ${JSON.stringify(shape)}`,
          code: code(shape, variables),
          inputs: pick(inputs, variables),
          uniforms: UNIFORMS.map(([name, type]) => ({ name, type, value: uniforms[name] })),
          threads: uniforms.itemCount * uniforms.batch,
          output,
        });
      }
      return output;
    });
  }
  for (const [kernelName, again] of [
    ["MdpkitChange", false],
    ["MdpkitChangeAgain", true],
  ] as const) {
    register(tf, kernelName, (backend, inputs, { count, batch, parts, outputShape }: ChangeAttributes) => {
      const output = makeOutput(backend, outputShape, "float32");
      const uniforms = { count, batch, parts };
      runProgram(backend, {
        name: kernelName,
        code: changeProgram(again),
        inputs: present(inputs),
        uniforms: Object.entries(uniforms).map(([name, value]) => ({ name, type: "i32", value })),
        threads: parts * batch * WORKGROUP,
        output,
      });
      return output;
    });
  }
}

type Inputs = Record<string, TensorInfo | undefined>;

function register<A extends object>(tf: Tfjs, kernelName: string, run: (backend: object, inputs: Inputs, attributes: A) => TensorInfo): void {
  if (tf.getKernel(kernelName, "webgpu") != null) return;
  tf.registerKernel({ kernelName, backendName: "webgpu", kernelFunc: ({ inputs, backend, attrs }) => run(backend, inputs, attrs as A) });
}

function makeOutput(backend: object, shape: number[], dtype: NumericType): TensorInfo {
  return (backend as { makeTensorInfo(shape: number[], dtype: NumericType): TensorInfo }).makeTensorInfo(shape, dtype);
}

function pick(inputs: Inputs, variables: Readonly<Record<string, string>>): Record<string, TensorInfo> {
  return present(Object.fromEntries(Object.entries(variables).map(([variable, name]) => [variable, inputs[name]])));
}

function present(inputs: Inputs): Record<string, TensorInfo> {
  const found: Record<string, TensorInfo> = {};
  for (const [name, input] of Object.entries(inputs)) if (input !== undefined) found[name] = input;
  return found;
}
