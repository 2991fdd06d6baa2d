// What deep Q-learning came to, run by run: bench/results/deep-q.jsonl, one line a run, so that several processes may add to it at once.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../machine.ts";
import { BENCH } from "../model-files.ts";

/** What a problem measures of one seed. */
export interface Outcome {
  /** What the greedy policy is worth: its exact start value, or the mean return of its test episodes. */
  readonly value: number;
  /** The network's own estimate of the start, where one state is the start. */
  readonly estimate?: number;
  readonly status: string;
  /** tfjs's backend. */
  readonly backend: string;
  readonly steps: number;
  readonly updates: number;
  readonly wallSeconds: number;
}

export interface DeepRun extends Outcome {
  readonly problem: string;
  readonly seed: number;
  readonly cpuSeconds: number;
  readonly machine: Machine;
}

const FILE = join(BENCH, "results", "deep-q.jsonl");

export function addRun(run: DeepRun): void {
  // JSON has no infinities: a policy that runs in circles is worth one.
  appendFileSync(FILE, `${JSON.stringify(run, (_, x: unknown) => (x === -Infinity ? "-Infinity" : x))}\n`);
}

/** The newest run of each problem and seed. */
export function readRuns(): DeepRun[] {
  const newest = new Map<string, DeepRun>();
  const lines = existsSync(FILE)
    ? readFileSync(FILE, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
  for (const line of lines) {
    const run: DeepRun = JSON.parse(line, (_, x: unknown) => (x === "-Infinity" ? -Infinity : x));
    newest.set(`${run.problem} ${run.seed}`, run);
  }
  return [...newest.values()].sort((a, b) => a.seed - b.seed);
}
