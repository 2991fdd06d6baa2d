// What bench found, as it stands in bench/results/bench.json; a run of some problems replaces those and keeps the others.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../machine.ts";
import { BENCH, type Meta } from "../model-files.ts";
import type { AutoVerdict } from "./auto-rule.ts";
import type { Loaded, SolveFigures, SweepFigures } from "./measure.ts";
import type { SweepTime } from "./sweep-time.ts";

export interface CSweep extends SweepTime {
  readonly threads: number;
  readonly layout: "csr" | "fixed";
}

export interface OwnResult {
  readonly problem: Meta;
  readonly machine: Machine;
  readonly compiler: string | undefined;
  /** Measured copy of memory by the number of threads, GB/s read plus written. */
  readonly copyGbPerSecond: readonly { readonly threads: number; readonly gbPerSecond: number }[];
  readonly loaded: Loaded | undefined;
  readonly solves: readonly SolveFigures[];
  readonly sweeps: readonly SweepFigures[];
  readonly cSweeps: readonly CSweep[];
  readonly auto: readonly AutoVerdict[];
  /** What went wrong, if something did. */
  readonly failure?: string;
}

const FOLDER = join(BENCH, "results");
const FILE = join(FOLDER, "bench.json");

export function readOwnResults(): OwnResult[] {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : [];
}

export function keepOwnResult(result: OwnResult, order: readonly string[]): void {
  const others = readOwnResults().filter(({ problem }) => problem.name !== result.problem.name);
  const sorted = [...others, result].sort((a, b) => order.indexOf(a.problem.name) - order.indexOf(b.problem.name));
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}
