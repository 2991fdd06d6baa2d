// tfjs's WebGPU backend, as far as our kernels use it, and how they hand it programs.
import { BackendError } from "../../../errors.ts";
import type { NumericType, TensorInfo } from "../tfjs.ts";
import { WORKGROUP } from "./programs.ts";

/** A WGSL program as tfjs runs it: one output, read-only inputs, some uniforms. */
interface Program {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly dispatchLayout: { x: number[] };
  dispatch: [number, number, number];
  readonly workgroupSize: [number, number, number];
  readonly uniforms: string;
  shaderKey: string;
  getUserCode(): string;
}

export interface WebGpuDevice {
  readonly limits: { readonly maxStorageBufferBindingSize: number; readonly maxBufferSize: number };
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  pushErrorScope(filter: "out-of-memory" | "validation" | "internal"): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
}

export interface WebGpuBackend {
  readonly device: WebGpuDevice;
  makeTensorInfo(shape: number[], dtype: NumericType): TensorInfo;
  runWebGPUProgram(program: Program, inputs: TensorInfo[], dtype: NumericType, uniforms: { type: string; data: number[] }[], output?: TensorInfo): TensorInfo;
}

export function isWebGpuBackend(backend: object | null): backend is WebGpuBackend {
  return backend !== null && "runWebGPUProgram" in backend && "device" in backend;
}

/** One program and what it works on. */
export interface Call {
  /** Names the code: the same name, the same code. */
  readonly name: string;
  readonly code: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly uniforms: readonly { readonly name: string; readonly type: "i32" | "f32"; readonly value: number }[];
  readonly threads: number;
  readonly output: TensorInfo;
}

/** Queues a program. tfjs writes into the program object, so each call gets a new one. */
export function runProgram(backend: object, { name, code, inputs, uniforms, threads, output }: Call): void {
  if (!isWebGpuBackend(backend)) throw new BackendError("the tfjs backend of a WebGPU kernel has no runWebGPUProgram, expected tfjs-backend-webgpu 4.");
  const program: Program = {
    variableNames: Object.keys(inputs),
    outputShape: output.shape,
    dispatchLayout: { x: output.shape.map((_, i) => i) },
    dispatch: [Math.ceil(threads / WORKGROUP), 1, 1],
    workgroupSize: [WORKGROUP, 1, 1],
    uniforms: uniforms.map((uniform) => `${uniform.name} : ${uniform.type}, `).join(""),
    shaderKey: name,
    getUserCode: () => code,
  };
  const data = uniforms.map(({ type, value }) => ({ type: type === "i32" ? "int32" : "float32", data: [value] }));
  backend.runWebGPUProgram(program, Object.values(inputs), output.dtype === "int32" ? "int32" : "float32", data, output);
}
