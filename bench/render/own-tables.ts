// The tables of mdpkit by itself: one sweep against C and the memory, methods × kernels × threads, and the rule that auto keeps.
import type { OwnResult } from "../own/results.ts";
import { machineLine, seconds, table } from "./figures.ts";

export function ownTables(results: readonly OwnResult[]): string[] {
  if (results.length === 0) return ["## mdpkit by itself", "", "Not measured yet.", ""];
  const compilers = [...new Set(results.flatMap((r) => (r.compiler === undefined ? [] : [r.compiler])))];
  return [
    "## mdpkit by itself",
    "",
    `${machineLine(results.map((r) => r.machine))} The C loop: ${compilers.join("; ") || "no compiler"}.`,
    "",
    ...sweepTable(results),
    ...methodTable(results),
    ...autoTable(results),
    ...failures(results),
  ];
}

/** The best layout of the C loop counts. */
function sweepTable(results: readonly OwnResult[]): string[] {
  const rows = results.flatMap((r) =>
    r.sweeps
      .filter((s) => s.device === "wasm")
      .map((s) => {
        const copy = r.copyGbPerSecond.find((c) => c.threads === s.threads)?.gbPerSecond;
        const inC = (layout: string): number | undefined => r.cSweeps.find((c) => c.threads === s.threads && c.layout === layout)?.msPerSweep;
        const inThreads = r.cSweeps.filter((c) => c.threads === s.threads);
        const best = Math.min(...inThreads.map((c) => c.msPerSweep));
        const fastest = Math.min(...inThreads.map((c) => c.fastestMs));
        const bandwidth = s.bytes / s.msPerSweep / 1e6;
        return [
          r.problem.name,
          String(s.threads),
          s.layout,
          seconds(s.msPerSweep),
          seconds(inC("csr")),
          seconds(inC("fixed")),
          Number.isFinite(best) ? (s.msPerSweep / best).toFixed(2) : "",
          Number.isFinite(fastest) ? (s.fastestMs / fastest).toFixed(2) : "",
          bandwidth.toFixed(1),
          copy === undefined ? "" : copy.toFixed(1),
        ];
      }),
  );
  return [
    "### One synchronous sweep",
    "",
    "Milliseconds, the median within solves: bounds, history and giving way included. GB/s counts each array of the layout once, the values read at random too, so that models",
    "that fit a cache can exceed the copy of memory beside it (bytes read plus written, as many threads). The C loop stores no shared rows.",
    "",
    table(["problem", "threads", "layout", "mdpkit, ms", "C, CSR, ms", "C, fixed, ms", "mdpkit / best C", "fastest sweeps", "GB/s", "copy, GB/s"], rows),
    "",
  ];
}

function methodTable(results: readonly OwnResult[]): string[] {
  const rows = results.flatMap((r) =>
    r.solves.map((s) => [
      r.problem.name,
      s.method,
      s.device,
      String(s.threads),
      `${seconds(s.seconds)} ± ${(50 * s.spread).toFixed(0)}%`,
      seconds(s.firstSeconds),
      String(s.sweeps),
      s.error.toExponential(1),
      s.method === "auto" && s.ended !== "auto" ? `${s.status} (${s.ended})` : s.status,
    ]),
  );
  return [
    "### Methods, kernels, threads",
    "",
    table(["problem", "method", "kernel", "threads", "seconds", "first", "sweeps", "certified error", "status"], rows),
    "",
  ];
}

function autoTable(results: readonly OwnResult[]): string[] {
  const verdicts = results.flatMap((r) => r.auto.map((a) => ({ problem: r.problem.name, ...a })));
  const broken = verdicts.filter((a) => a.verdict === "broken");
  return [
    "### The rule for auto",
    "",
    `Never worse than twice the best fixed method plus 5 ms: kept ${verdicts.length - broken.length} of ${verdicts.length} times.`,
    "",
    ...(broken.length === 0
      ? []
      : [
          table(
            ["broken on", "kernel", "threads", "auto, s", "best, s", "by"],
            broken.map((a) => [a.problem, a.device, String(a.threads), seconds(a.auto), seconds(a.best), a.bestMethod]),
          ),
          "",
        ]),
  ];
}

function failures(results: readonly OwnResult[]): string[] {
  const failed = results.filter((r) => r.failure !== undefined);
  return failed.length === 0 ? [] : ["### Not measured to the end", "", ...failed.map((r) => `- ${r.problem.name}: ${r.failure}`), ""];
}
