// docs/benchmarks.md from bench/results: every number in it comes from there. Run alone: npx tsx bench/render.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BENCH } from "./model-files.ts";
import { readOwnResults } from "./own/results.ts";
import { readPeerResults } from "./peers/results.ts";
import { ownTables } from "./render/own-tables.ts";
import { peerTables } from "./render/peer-tables.ts";

export function renderBenchmarks(): void {
  const preface = ["# Benchmarks", "", "Written by `npm run bench:peers` and `npm run bench`; every number stands in `bench/results`.", ""];
  const text = [...preface, ...peerTables(readPeerResults()), ...ownTables(readOwnResults())].join("\n");
  writeFileSync(join(BENCH, "..", "docs", "benchmarks.md"), `${text.trimEnd()}\n`);
}

if (process.argv[1]?.endsWith("render.ts") === true) renderBenchmarks();
