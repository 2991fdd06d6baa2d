// One process of mdpkit, from the build in dist: reads a problem's files, solves it again and again, prints one JSON line.
// Run: npx tsx bench/peers/mdpkit.ts FOLDER OUT.npy ['{"epsilon":1e-6,"boundsTo":FOLDER}']; other options are those of solve.
import { join } from "node:path";
import { importDist } from "../dist.ts";
import { loadModel } from "../load-model.ts";
import { writeNpyFile } from "../npy.ts";

const [folder = "", out = "", given = "{}"] = process.argv.slice(2);
const { repeatSeconds = 2, most = 200, boundsTo, once = false, ...options } = JSON.parse(given);
const mdpkit = await importDist();
const baseMb = process.resourceUsage().maxRSS / 1024;
const { mdp, fileSeconds, buildSeconds } = loadModel(mdpkit, folder);
const loadedMb = process.resourceUsage().maxRSS / 1024;

const times: number[] = [];
const timed = async () => {
  const from = performance.now();
  const solution = await mdpkit.solve(mdp, { epsilon: 1e-6, ...options });
  times.push((performance.now() - from) / 1000);
  return solution;
};
// The first from a cold process; then as often as gives a steady figure.
let solution = await timed();
for (let spent = 0; !once && (times.length < 2 || (spent < repeatSeconds && times.length < most)); spent += times.at(-1) ?? 0) solution = await timed();

writeNpyFile(out, solution.value.array);
if (boundsTo !== undefined) {
  writeNpyFile(join(boundsTo, "lower.npy"), solution.bounds.lower.array);
  writeNpyFile(join(boundsTo, "upper.npy"), solution.bounds.upper.array);
}
const again = times.slice(1).sort((a, b) => a - b);
console.log(
  JSON.stringify({
    status: solution.status,
    method: `${solution.method}, ${solution.device}`,
    firstSeconds: times[0],
    seconds: again[again.length >> 1] ?? times[0],
    buildSeconds,
    fileSeconds,
    baseMb,
    loadedMb,
    peakMb: process.resourceUsage().maxRSS / 1024,
    claimedError: solution.gap / 2,
    sweeps: solution.sweeps,
  }),
);
// Workers kept for the next solve must not keep this process.
process.exit(0);
