// What bench:peers found, as it stands in bench/results/peers.json; a run of some problems replaces those and keeps the others.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../machine.ts";
import { BENCH, type Meta } from "../model-files.ts";
import type { Attempt } from "./best-setting.ts";

/** One party on one problem. */
export interface PartyResult {
  readonly party: string;
  readonly version: string;
  /** "over": no method ended within the limit; "does not reach": none came to the true error asked for, whatever its tolerance. */
  readonly outcome: "reached" | "does not reach" | "over" | "failed";
  readonly note?: string;
  readonly method?: string;
  readonly tolerance?: number;
  /** Median over the rounds of a solve in a process that has solved before (mdpkit), or whose compiled parts are warm (peers). */
  readonly seconds?: number;
  /** Median over the rounds of the first solve of a process. */
  readonly firstSeconds?: number;
  readonly rounds?: readonly number[];
  readonly buildSeconds?: number;
  /** Most memory the process held, and what it held before it took the model. */
  readonly peakMb?: number;
  readonly baseMb?: number;
  /** The error the party itself proves, if any. */
  readonly claimedError?: number;
  readonly status?: string;
  /** Found by the independent check. */
  readonly trueError?: number;
  readonly residual?: number;
  readonly tried?: readonly Attempt[];
}

export interface ProblemResult {
  readonly problem: Meta;
  readonly machine: Machine;
  readonly limit: number;
  /** Half the width of the bounds that errors are measured against, and what the independent check says of their middle. */
  readonly reference: { readonly halfGap: number; readonly errorByResidual: number };
  readonly parties: readonly PartyResult[];
}

export const RESULTS = join(BENCH, "results");
const FILE = join(RESULTS, "peers.json");

export function readPeerResults(): ProblemResult[] {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : [];
}

/** Parties that were not run this time keep their figures only if nothing else was measured anew. */
export function keepPeerResult(result: ProblemResult, order: readonly string[]): void {
  const others = readPeerResults().filter(({ problem }) => problem.name !== result.problem.name);
  const sorted = [...others, result].sort((a, b) => order.indexOf(a.problem.name) - order.indexOf(b.problem.name));
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}
