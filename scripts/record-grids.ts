// Records a model's exact scores of every question that mazes and FrozenLake can ask in the words of the built-in grids:
// `npx tsx scripts/record-grids.ts MODEL.gguf`, with node-llama-cpp as scripts/install-node-llama-cpp.sh installs it.
//
// Writes bench/recordings/<model>-maze.json and -frozen-lake.json: recordings (see replayScorer), which `elicitPrior` replays for any maze, and for FrozenLake
// 4x4 and 8x8, with `...gridPrompts` and the built-in's own `describe` and `task`.
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { frozenLake, maze } from "../src/envs/index.ts";
import { gridCalibration, gridExamples, nodeLlamaCpp, promptTemplate, recordScorer } from "../src/llm-prior/index.ts";
import { fileDigest } from "../src/node/file-digest.ts";
import { llamaLibrary } from "./llama-library.ts";
import { ROOT } from "./source-files.ts";

const MOVES = ["up", "down", "left", "right"];

const [modelPath] = process.argv.slice(2);
if (modelPath === undefined) {
  console.error("usage: npx tsx scripts/record-grids.ts MODEL.gguf");
  process.exit(2);
}
const scorer = await nodeLlamaCpp({
  modelPath,
  library: await llamaLibrary(),
  digest: await fileDigest(modelPath),
  runtime: { gpu: false, maxThreads: Number(process.env.MDPKIT_LLM_THREADS ?? 1) },
});
const name = basename(modelPath).split("-").slice(0, 2).join("-").toLowerCase();

await record(`${name}-maze`, maze().task, MOVES, mazeLines());
const lakes = [frozenLake(), frozenLake({ map: "8x8" })];
const lines = lakes.flatMap(({ mdp, describe }) =>
  Array.from({ length: mdp.stateCount }, (_, s) => s)
    .filter((s) => mdp.storage.terminal[s] === 0)
    .map(describe),
);
await record(`${name}-frozen-lake`, lakes[0]?.task ?? "", lakes[0]?.mdp.actions.toArray().map(String) ?? [], [...lines, ...gridCalibration]);
await scorer.dispose();

/** Every line a maze's cell can have: each set of open ways with each direction of the goal. */
function mazeLines(): string[] {
  const goals = gridCalibration.map((line) => line.slice(line.indexOf("goal: ")));
  const sets = Array.from({ length: 16 }, (_, bits) => MOVES.filter((_move, i) => (bits >> i) % 2 === 1));
  return sets.flatMap((open) => goals.map((goal) => `open: ${open.join(", ") || "none"}; ${goal}`));
}

async function record(file: string, task: string, actions: readonly string[], features: readonly string[]): Promise<void> {
  const template = promptTemplate({ actions, task, examples: gridExamples });
  const recorder = recordScorer(scorer, { server: "node-llama-cpp, the shared beginning of the prompts evaluated once" });
  const different = [...new Set(features)];
  for (const [i, line] of different.entries()) {
    await recorder.score({ prompt: template.render(line), actions, answers: template.answers, states: [] });
    if (i % 20 === 0) console.error(`${file}: ${i} of ${different.length}`);
  }
  const path = `bench/recordings/${file}.json`;
  writeFileSync(join(ROOT, path), `${JSON.stringify(recorder.recording(), undefined, 1)}\n`);
  console.error(`wrote ${path}: ${different.length} answers`);
}
