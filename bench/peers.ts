// mdpkit and its peers in turn on the same files, to a true error of 1e-6: bench/results/peers.json and docs/benchmarks.md.
// Run: npm run bench:peers -- [--only NAMES] [--peers NAMES] [--rounds N] [--limit SECONDS] [--large] [--no-install] [--anew] [--solve JSON]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machine } from "./machine.ts";
import { filesOf } from "./model-files.ts";
import { bestSetting } from "./peers/best-setting.ts";
import { peersPython, peerVersions } from "./peers/environment.ts";
import { peersOptions } from "./peers/options.ts";
import { referenceOf } from "./peers/reference.ts";
import { keepPeerResult } from "./peers/results.ts";
import { type Entry, runRounds } from "./peers/rounds.ts";
import { chosenProblems, type Problem, problems } from "./problems.ts";
import { renderBenchmarks } from "./render.ts";

const options = peersOptions();
const python = peersPython(options.install);
const versions = peerVersions();
const peers = options.peers ?? [...versions.keys()];
for (const peer of peers) if (!versions.has(peer)) throw new Error(`--peers ${peer}, expected some of ${[...versions.keys()].join(", ")}`);
const work = mkdtempSync(join(tmpdir(), "mdpkit-bench-"));
try {
  for (const problem of chosenProblems(options.only, options.large)) {
    console.log(`${problem.name}: ${problem.about}`);
    try {
      await measure(problem);
    } catch (error) {
      // The others are still worth measuring.
      console.error(`  not measured: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function measure(problem: Problem): Promise<void> {
  const { folder, meta } = filesOf(problem);
  const reference = await referenceOf(python, folder);
  const entries: Entry[] = [{ party: "mdpkit", version: "", setting: undefined }];
  const { limit, buildLimit, anew } = options;
  for (const peer of peers) {
    const version = versions.get(peer) ?? "";
    entries.push({ party: peer, version, setting: await bestSetting({ python, peer, version, problem: problem.name, folder, limit, buildLimit, anew }) });
  }
  const parties = await runRounds(entries, { ...options, python, folder, work });
  const result = { problem: meta, machine: machine(), limit, reference, parties };
  keepPeerResult(
    result,
    problems.map(({ name }) => name),
  );
  renderBenchmarks();
}
