// Sweeps with two threads in a worker of the page until the second one has taken work: how many chunks it took.
import type { GarnetOptions } from "../../../src/envs/index.ts";
import { askWorker } from "./ask-worker.ts";

export interface HelpTask {
  readonly garnet: GarnetOptions;
  /** Sweeps at most: a thread takes a while to start, or never comes. */
  readonly rounds: number;
}

export function countHelp(task: HelpTask): Promise<number> {
  return askWorker(new Worker(new URL("./helping-worker.ts", import.meta.url), { type: "module" }), task);
}
