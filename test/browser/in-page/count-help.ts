// Sweeps with two threads in a worker of the page until the second one has taken work: how many chunks it took.
import type { GarnetOptions } from "../../../src/envs/index.ts";

export interface HelpTask {
  readonly garnet: GarnetOptions;
  /** Sweeps at most: a thread takes a while to start, or never comes. */
  readonly rounds: number;
}

export function countHelp(task: HelpTask): Promise<number> {
  const worker = new Worker(new URL("./helping-worker.ts", import.meta.url), { type: "module" });
  return new Promise<number>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
    worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}
