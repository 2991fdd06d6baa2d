// Deep Q-learning over seeds: how near it comes to the exact start value of built-ins, and how long it keeps CartPole's pole up.
// Run: npx tsx bench/deep-q.ts [PROBLEM[=SEED,SEED,...]] ...; without one all of them; with --render alone none. Adds to bench/results/deep-q.jsonl and writes docs/deep-q-learning.md.
// TFJS_NODE=FOLDER, where a real @tensorflow/tfjs-node is installed, runs it on TensorFlow's own library; else it runs on tfjs-backend-cpu.
import { writeFileSync } from "node:fs";
import { problems } from "./deep/problems.ts";
import { render } from "./deep/render.ts";
import { addRun, readRuns } from "./deep/results.ts";
import { useTensorFlow } from "./deep/tensorflow.ts";
import { machine } from "./machine.ts";

await useTensorFlow();

const renderOnly = process.argv.includes("--render");
const asked = process.argv
  .slice(2)
  .filter((text) => text !== "--render")
  .map((text) => {
    const [name = "", seeds] = text.split("=");
    return { name, seeds: seeds?.split(",").map(Number) };
  });

for (const { name, seeds } of asked.length > 0 || renderOnly ? asked : problems.map((problem) => ({ name: problem.name, seeds: undefined }))) {
  const problem = problems.find((candidate) => candidate.name === name);
  if (problem === undefined) throw new Error(`no problem ${name}, expected one of ${problems.map((candidate) => candidate.name).join(", ")}`);
  for (const seed of seeds ?? Array.from({ length: problem.seeds }, (_, k) => k)) {
    const before = process.cpuUsage();
    const run = await problem.run(seed);
    addRun({ problem: name, seed, ...run, cpuSeconds: process.cpuUsage(before).user / 1e6, machine: machine() });
    console.log(`${name} seed ${seed}: ${JSON.stringify(run)}`);
  }
}
writeFileSync(new URL("../docs/deep-q-learning.md", import.meta.url), await render(problems, readRuns()));
