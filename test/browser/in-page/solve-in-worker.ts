// Solves in a worker of the page, as a page must: what came out, as plain data.
import type { GarnetOptions } from "../../../src/envs/index.ts";
import type { AutoOptions } from "../../../src/solvers/index.ts";
import { askWorker } from "./ask-worker.ts";

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
  return askWorker(new Worker(new URL("./solving-worker.ts", import.meta.url), { type: "module" }), task);
}
