// One process of bench: loads a problem, runs every configuration again and again, prints a JSON line for each, then one for each kernel's sweep.
// Run: npx tsx bench/own/measure.ts FOLDER '{"repeat":5,"maxSeconds":30}'
import type * as Mdpkit from "../../src/index.ts";
import { importDist } from "../dist.ts";
import { loadModel } from "../load-model.ts";
import { median, spread } from "../median.ts";
import { type Configuration, configurations, solveOptions, threadCounts } from "./configurations.ts";
import { type Layout, layoutOf, sweepBytes } from "./layout.ts";
import { sweepMilliseconds } from "./sweep-time.ts";

export interface SolveFigures extends Configuration {
  readonly seconds: number;
  readonly spread: number;
  readonly runs: number;
  readonly firstSeconds: number;
  readonly sweeps: number;
  readonly status: Mdpkit.Status;
  /** Half the width of the certified bounds. */
  readonly error: number;
  /** The method it ended with. */
  readonly ended: string;
}

export interface SweepFigures {
  readonly device: "cpu" | "wasm";
  readonly threads: number;
  readonly layout: Layout;
  readonly msPerSweep: number;
  readonly fastestMs: number;
  /** Bytes of the model and the values that one sweep has to read and write. */
  readonly bytes: number;
}

export interface Loaded {
  readonly buildSeconds: number;
  readonly storedBranches: number;
}

const [folder = "", given = "{}"] = process.argv.slice(2);
const {
  repeat = 5,
  maxSeconds = 30,
  sweepsOnly = false,
}: { readonly repeat?: number; readonly maxSeconds?: number; readonly sweepsOnly?: boolean } = JSON.parse(given);
const mdpkit = await importDist();
const { mdp, buildSeconds } = loadModel(mdpkit, folder);
const loaded: Loaded = { buildSeconds, storedBranches: mdp.storage.target.length };
console.log(JSON.stringify({ loaded }));

for (const configuration of sweepsOnly ? [] : configurations()) console.log(JSON.stringify({ solve: await measureSolve(configuration) }));
for (const threads of [0, ...threadCounts()]) console.log(JSON.stringify({ sweep: await measureSweep(threads) }));
// Workers kept for the next solve must not keep this process.
process.exit(0);

async function measureSolve(configuration: Configuration): Promise<SolveFigures> {
  const times: number[] = [];
  const once = async (): Promise<Mdpkit.Solution<number, number>> => {
    const from = performance.now();
    const solution = await mdpkit.solve(mdp, { ...solveOptions(configuration), maxSeconds });
    times.push((performance.now() - from) / 1000);
    return solution;
  };
  const first = await once();
  let last = first;
  // The first run of a configuration warms it; one that takes long is not run again as often.
  for (let spent = 0; times.length <= repeat && first.status !== "max-time" && (times.length < 2 || spent < maxSeconds); spent += times.at(-1) ?? 0)
    last = await once();
  const counted = times.length > 1 ? times.slice(1) : times;
  return {
    ...configuration,
    seconds: median(counted),
    spread: spread(counted),
    runs: counted.length,
    firstSeconds: times[0] ?? Number.NaN,
    sweeps: last.sweeps,
    status: last.status,
    error: last.gap / 2,
    ended: last.method,
  };
}

/** 0 threads: the reference kernel. */
async function measureSweep(threads: number): Promise<SweepFigures> {
  const kernel = threads === 0 ? ({ device: "cpu", threads: 1 } as const) : ({ device: "wasm", threads } as const);
  const time = await sweepMilliseconds(mdpkit, mdp, kernel);
  return { ...kernel, layout: layoutOf(mdp.storage), ...time, bytes: sweepBytes(mdp.storage) };
}
