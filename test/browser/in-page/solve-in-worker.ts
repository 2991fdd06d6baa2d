// Solves in a worker of the page, as a page must: what came out, as plain data.
import type { GarnetOptions } from "../../../src/envs/index.ts";
import type { AutoOptions } from "../../../src/solvers/index.ts";

export interface SolveTask {
  readonly garnet: GarnetOptions;
  readonly options: Pick<AutoOptions<unknown, unknown>, "method" | "device" | "threads" | "epsilon">;
}

export interface Solved {
  readonly isolated: boolean;
  readonly status: string;
  readonly device: string;
  readonly threads: number;
  readonly sweeps: number;
  readonly value: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly choice: readonly number[];
}

export function solveInWorker(task: SolveTask): Promise<Solved> {
  const worker = new Worker(new URL("./solving-worker.ts", import.meta.url), { type: "module" });
  return new Promise<Solved>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Solved | { readonly failed: string }>) => {
      if ("failed" in data) reject(new Error(data.failed));
      else resolve(data);
    };
    worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}
