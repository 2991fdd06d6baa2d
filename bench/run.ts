// mdpkit by itself: all methods × kernels × threads, and one sweep against a C loop and the memory's bandwidth: bench/results/bench.json.
// Run: npm run bench -- [--only NAMES] [--repeat N] [--max-seconds N] [--large] [--sweeps-only]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machine } from "./machine.ts";
import { BENCH, filesOf, type Meta } from "./model-files.ts";
import { autoVerdicts } from "./own/auto-rule.ts";
import { type CPrograms, compileC } from "./own/c-loop.ts";
import { threadCounts } from "./own/configurations.ts";
import type { Loaded, SolveFigures, SweepFigures } from "./own/measure.ts";
import { type CSweep, keepOwnResult } from "./own/results.ts";
import { type ChildResult, runChild } from "./peers/child.ts";
import { chosenProblems, problems } from "./problems.ts";
import { renderBenchmarks } from "./render.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    repeat: { type: "string", default: "5" },
    "max-seconds": { type: "string", default: "30" },
    large: { type: "boolean", default: false },
    "sweeps-only": { type: "boolean", default: false },
  },
});
const only = values.only.split(",").filter((word) => word !== "");
const maxSeconds = Number(values["max-seconds"]);
const programs = compileC();
const copyGbPerSecond = threadCounts().flatMap((threads) => (programs === undefined ? [] : [{ threads, gbPerSecond: programs.copy(threads) }]));
for (const { threads, gbPerSecond } of copyGbPerSecond) console.log(`copy of memory, ${threads} threads: ${gbPerSecond.toFixed(1)} GB/s read plus written`);
try {
  for (const problem of chosenProblems(only, values.large)) {
    console.log(`${problem.name}: ${problem.about}`);
    const { folder, meta } = filesOf(problem);
    const cSweeps = programs === undefined ? [] : sweepsInC(programs, folder, meta);
    const options = JSON.stringify({ repeat: Number(values.repeat), maxSeconds, sweepsOnly: values["sweeps-only"] });
    // A configuration runs until its time is up, once more than that if the limit comes late; loading has its own time.
    const child = await runChild([process.execPath, "--import", "tsx", join(BENCH, "own", "measure.ts"), folder, options], () => 3 * maxSeconds + 300);
    const solves = child.lines.flatMap((line): SolveFigures[] => (line.solve === undefined ? [] : [line.solve as SolveFigures]));
    const sweeps = child.lines.flatMap((line): SweepFigures[] => (line.sweep === undefined ? [] : [line.sweep as SweepFigures]));
    const loaded = child.lines[0]?.loaded as Loaded | undefined;
    const auto = autoVerdicts(solves);
    const failure = failureOf(child);
    keepOwnResult(
      {
        problem: meta,
        machine: machine(),
        compiler: programs?.compiler,
        copyGbPerSecond,
        loaded,
        solves,
        sweeps,
        cSweeps,
        auto,
        ...(failure === undefined ? {} : { failure }),
      },
      problems.map(({ name }) => name),
    );
    for (const s of solves)
      console.log(
        `  ${s.method} ${s.device} ×${s.threads}: ${s.seconds.toFixed(4)} s (spread ${(100 * s.spread).toFixed(0)}%), ${s.sweeps} sweeps, ${s.status}, error ${s.error.toExponential(1)}`,
      );
    for (const s of sweeps)
      console.log(
        `  sweep ${s.device} ×${s.threads} ${s.layout}: ${s.msPerSweep.toFixed(3)} ms, fastest ${s.fastestMs.toFixed(3)}, ${(s.bytes / s.msPerSweep / 1e6).toFixed(1)} GB/s`,
      );
    for (const s of cSweeps) console.log(`  C loop ×${s.threads} ${s.layout}: ${s.msPerSweep.toFixed(3)} ms, fastest ${s.fastestMs.toFixed(3)}`);
    for (const a of auto)
      console.log(`  auto ${a.device} ×${a.threads}: ${a.verdict}, ${a.auto.toFixed(4)} s against ${a.best.toFixed(4)} s of ${a.bestMethod}`);
    if (failure !== undefined) console.error(`  ${failure}`);
    renderBenchmarks();
  }
} finally {
  programs?.remove();
}

function sweepsInC(c: CPrograms, folder: string, meta: Meta): CSweep[] {
  return threadCounts().flatMap((threads) =>
    (["csr", "fixed"] as const).flatMap((layout): CSweep[] => {
      const time = c.sweep(folder, meta, threads, layout);
      return time === undefined ? [] : [{ threads, layout, ...time }];
    }),
  );
}

function failureOf({ end, complaint, lines }: ChildResult): string | undefined {
  if (end === "ok") return undefined;
  return `measuring ended (${end}) after ${lines.length} lines: ${complaint.trim().split("\n").at(-1) ?? ""}`;
}
