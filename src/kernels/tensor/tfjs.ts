// What mdpkit uses of TensorFlow.js, as interfaces of its own: no type of an optional peer shows in ours, and any copy of tfjs fits.

/** A tensor: `tf.Tensor` is one. */
export interface TensorLike {
  readonly shape: number[];
  readonly dtype: string;
  readonly dataId: object;
  readonly isDisposed: boolean;
  data(): Promise<Float32Array | Int32Array | Uint8Array | string[]>;
  dispose(): void;
}

/** What a backend knows a tensor by. */
export interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: string;
}

export type NumericType = "float32" | "int32";

/** A kernel as tfjs registers them: one operation on one backend. */
export interface RegisteredKernel {
  kernelName: string;
  backendName: string;
  kernelFunc(call: { inputs: Record<string, TensorInfo | undefined>; backend: object; attrs?: object }): TensorInfo | TensorInfo[];
}

/** The namespace `tf`, as far as it is used here. `T` is its tensor type. */
export interface Tfjs<T extends TensorLike = TensorLike> {
  tensor(values: Float32Array | Int32Array, shape?: number[], dtype?: NumericType): T;
  getBackend(): string;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  findBackend(name: string): object | null;
  findBackendFactory(name: string): (() => object) | undefined;
  registerBackend(name: string, factory: () => object, priority?: number): boolean;
  removeBackend(name: string): void;
  registerKernel(kernel: RegisteredKernel): void;
  getKernel(kernelName: string, backendName: string): object | undefined;
  engine(): { runKernel(kernelName: string, inputs: Record<string, T>, attrs?: object): unknown };
  memory(): { numTensors: number; numBytes: number };
  tidy<R>(work: () => R): R;
  env(): { getBool(flag: string): boolean };
  add(a: T, b: T | number): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T | number): T;
  sum(x: T, axis: number): T;
  min(x: T, axis: number): T;
  max(x: T, axis: number): T;
  argMax(x: T, axis: number): T;
  gather(x: T, indices: T): T;
  where(condition: T, a: T, b: T): T;
  less(a: T, b: T): T;
  greater(a: T, b: T): T;
  greaterEqual(a: T, b: T): T;
  cast(x: T, dtype: NumericType): T;
  concat(tensors: T[], axis: number): T;
  stack(tensors: T[], axis: number): T;
  reshape(x: T, shape: number[]): T;
  fill(shape: number[], value: number, dtype: NumericType): T;
  zeros(shape: number[]): T;
  zerosLike(x: T): T;
}

/** Runs synchronous `work` with a backend made current, and makes the one before it current again: solving changes nothing for who computes beside it. */
export function onBackend<R>(tf: Tfjs, name: string, work: () => R): R {
  const before = tf.getBackend();
  // Of a backend that has been started, setBackend's work is done when it returns; the promise is a formality.
  if (before !== name) void tf.setBackend(name);
  try {
    return work();
  } finally {
    if (before !== name && before !== "" && before !== undefined) void tf.setBackend(before);
  }
}
