// What differs between Node and the browser, as an interface: the clock is the same in both; giving way, cores and workers are not.

export interface Platform {
  readonly name: "node" | "browser";
  /** Logical cores, at least 1. */
  readonly cores: number;
  /** Bytes of memory that this process (in a browser: the page's heap) takes now; undefined where that is not told. */
  memoryBytes(): number | undefined;
  /** Whether this thread may sleep until another one wakes it: not on a page's own thread. */
  readonly maySleep: boolean;
  /** Lets timers, input and rendering run, then goes on. */
  giveWay(): Promise<void>;
  /**
   * Starts a thread that runs `program`, in which `receive(handler)` is there to get messages by and `leave()` to end by. It does not keep the
   * process alive.
   * Undefined where threads cannot be had.
   */
  startWorker(program: string): Worker | undefined;
  /**
   * Makes WebGPU reachable as `navigator.gpu`, where it is not already (Node: through the optional package `webgpu`).
   * Undefined where it cannot be had.
   */
  findGpu(): Promise<Gpu | undefined>;
  /** TensorFlow's native binding for Node, `tfjs-node-gpu` or `tfjs-node`, if one is installed. @throws what loading an installed one throws. */
  loadNativeTensorflow(): Promise<object | undefined>;
  /** Tells whoever runs the program something that went otherwise than asked. */
  warn(message: string): void;
}

/** What is used of `navigator.gpu`. */
export interface Gpu {
  requestAdapter(options?: { readonly powerPreference?: "high-performance" | "low-power" }): Promise<GpuAdapter | null>;
}

export interface GpuAdapter {
  readonly info?: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly isFallbackAdapter?: boolean;
  readonly limits: { readonly maxStorageBufferBindingSize: number; readonly maxBufferSize: number };
}

/** A thread of ours. */
export interface Worker {
  post(message: unknown): void;
}
