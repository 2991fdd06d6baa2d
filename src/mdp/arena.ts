// WebAssembly memory that large models are built in, so that a kernel sweeps their arrays where they lie.

/** A large model's memory: its arrays are views of it, and what lies behind them is free for a kernel's vectors. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** From this byte (a multiple of 64) on nothing of the model is stored. */
  readonly workspace: number;
  /** Whether a kernel works in the workspace now; another one then takes memory of its own. */
  busy: boolean;
}

const PAGE = 65536;

/** A 32-bit memory ends at 4 GiB. */
export const MOST_BYTES: number = 65536 * PAGE;

/** Whether memories can be shared between threads here: always in Node, in a browser only where the page is cross-origin isolated. */
export const SHARES_MEMORY: boolean = typeof SharedArrayBuffer !== "undefined" && (globalThis.crossOriginIsolated ?? true);

/**
 * Linear memory of at least so many bytes, zeroed, shared between threads where that can be had; undefined where it cannot be had at all.
 * Pages never written to hold no memory.
 */
export function linearMemory(bytes: number): WebAssembly.Memory | undefined {
  if (bytes > MOST_BYTES || typeof WebAssembly === "undefined") return undefined;
  const pages = Math.ceil(bytes / PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: SHARES_MEMORY });
  } catch {
    return undefined; // the address space asked for is not to be had
  }
}
