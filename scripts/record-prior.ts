// Records a real language model's prior for the seed maze: `npx tsx scripts/record-prior.ts URL [SERVER]`, with a server as scripts/start-llm-server.sh starts it;
// SERVER says in words what answers there, such as "llama.cpp (xllamacpp 2026.10.11549)".
//
// Writes src/llm-prior/grid-examples.ts (the examples in the prompts) and src/llm-prior/recordings/seed-maze.ts (the model's answers), then prints how far the
// recorded prior is from the optimum. Nothing is chosen by the seed maze's answers: examples are drawn from random mazes, leaving out every description that
// occurs in the seed maze, and of several draws the one is kept with which the model agrees most with the optimum on further random mazes.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { maze } from "../src/envs/index.ts";
import {
  balancedExamples,
  compareToOptimal,
  decisionStates,
  elicitPrior,
  examplePool,
  gridCalibration,
  MemoryCache,
  maskedPrior,
  openAiCompatible,
  type PriorRecording,
  type PromptExample,
  recordScorer,
  replayScorer,
} from "../src/llm-prior/index.ts";
import { solve } from "../src/solvers/index.ts";
import { randomMaze } from "./random-maze.ts";
import { ROOT } from "./source-files.ts";

/** Examples come from so many random mazes of 5 x 5, two of each action a draw. */
const EXAMPLE_MAZES = 30;
const PER_ACTION = 2;
/** So many draws are tried on so many further mazes of 5 x 5. */
const DRAWS = 5;
const VALIDATION_MAZES = 8;

const [url, serverWords] = process.argv.slice(2);
if (url === undefined) {
  console.error("usage: npx tsx scripts/record-prior.ts URL [SERVER]");
  process.exit(2);
}

const seed = maze();
const { examples, agreement } = await chooseExamples(url);
write("src/llm-prior/grid-examples.ts", examplesModule(examples, agreement));

// llama.cpp keeps the last prompt's beginning evaluated, which moves log-probabilities by up to some tenths: off, so that order does not matter.
const server = openAiCompatible({ baseUrl: url, method: "logprobs", body: { cache_prompt: false } });
const scorer = recordScorer(server, { server: serverWords ?? (await serverName(url)) });
const options = { describe: seed.describe, task: seed.task, examples, calibrate: gridCalibration, mask: "blocked" } as const;
const prior = await elicitPrior(seed.mdp, {
  ...options,
  scorer,
  concurrency: 1,
  onProgress: ({ answered, prompts }) => console.error(`${answered} of ${prompts}`),
});
write("src/llm-prior/recordings/seed-maze.ts", recordingModule(scorer.recording()));

const again = replayScorer(scorer.recording());
const best = await solve(seed.mdp, { epsilon: 1e-9 });
const variants = {
  "recorded prior": prior.policy,
  "calibrated on the maze": (await elicitPrior(seed.mdp, { ...options, scorer: again, calibrate: "batch" })).policy,
  "not calibrated": (await elicitPrior(seed.mdp, { ...options, scorer: again, calibrate: "none" })).policy,
  "not masked": (await elicitPrior(seed.mdp, { ...options, scorer: again, mask: false })).policy,
  "mask alone": maskedPrior(seed.mdp).policy,
};
console.log(`${prior.provenance}; ${prior.prompts} prompts, coverage ${prior.coverage.toFixed(3)}`);
for (const [name, policy] of Object.entries(variants)) {
  const { agreement, massOnOptimal, mutualInformation, regret } = await compareToOptimal(seed.mdp, policy, best);
  console.log(
    `${name.padEnd(22)} agreement ${agreement.toFixed(3)}, mass on optimal ${massOnOptimal.toFixed(3)}, mutual information ${mutualInformation.toFixed(3)} nats, regret mean ${regret.mean.toFixed(4)} max ${regret.max.toFixed(4)}`,
  );
}

/** The draw of examples with which the model does best on the validation mazes: its mean agreement with the optimum there. */
async function chooseExamples(baseUrl: string): Promise<{ readonly examples: readonly PromptExample[]; readonly agreement: number }> {
  const pool = await collectPool();
  const asking = openAiCompatible({ baseUrl, method: "logprobs" });
  let chosen: { readonly examples: readonly PromptExample[]; readonly agreement: number } | undefined;
  for (let draw = 1; draw <= DRAWS; draw++) {
    const drawn = balancedExamples(pool, { perAction: PER_ACTION, seed: draw });
    const cache = new MemoryCache();
    let total = 0;
    for (let i = 0; i < VALIDATION_MAZES; i++) {
      const other = randomMaze(`validation ${i}`, 5);
      const options = { describe: other.describe, task: other.task, examples: drawn, calibrate: gridCalibration, mask: "blocked" } as const;
      const answered = await elicitPrior(other.mdp, { ...options, scorer: asking, cache, concurrency: 1 });
      total += (await compareToOptimal(other.mdp, answered.policy, await solve(other.mdp))).agreement;
    }
    const mean = total / VALIDATION_MAZES;
    console.log(`examples, draw ${draw}: agreement ${mean.toFixed(3)} on ${VALIDATION_MAZES} validation mazes`);
    if (chosen === undefined || mean > chosen.agreement) chosen = { examples: drawn, agreement: mean };
  }
  if (chosen === undefined) throw new Error("no draw of examples");
  return chosen;
}

/** Solved states of random mazes, none with a description that the seed maze has. */
async function collectPool(): Promise<PromptExample[]> {
  const taken = new Set(Array.from(decisionStates(seed.mdp), (s) => seed.describe(s)));
  const pool = new Map<string, PromptExample>();
  for (let i = 0; i < EXAMPLE_MAZES; i++) {
    const other = randomMaze(`example ${i}`, 5);
    for (const example of examplePool(await solve(other.mdp), other.describe)) {
      if (!taken.has(example.features) && !pool.has(example.features)) pool.set(example.features, example);
    }
  }
  return [...pool.values()];
}

function examplesModule(drawn: readonly PromptExample[], agreed: number): string {
  return `// Examples for prompts about mazes: solved cells of random mazes, two of each move. Written by scripts/record-prior.ts.
import type { PromptExample } from "./prompt.ts";

/**
 * Eight balanced examples in the words of the grids' \`describe\`; none describes a cell of the seed maze. Of ${DRAWS} draws the one with which the recorded model
 * agreed most with the optimum on ${VALIDATION_MAZES} other random mazes: ${agreed.toFixed(3)}.
 */
export const gridExamples: readonly PromptExample[] = [
${drawn.map((example) => `  { features: ${JSON.stringify(example.features)}, action: ${JSON.stringify(example.action)} },`).join("\n")}
];
`;
}

function recordingModule(recording: PriorRecording): string {
  return `// A language model's answers about the seed maze, as its server gave them. Written by scripts/record-prior.ts, not by hand.
import type { PriorRecording } from "../recording.ts";

/** Of ${recording.model}, made ${recording.recordedAt.slice(0, 10)}. */
export const seedMazeRecording: PriorRecording = ${JSON.stringify(recording, undefined, 2)};
`;
}

/** What the server calls itself in its answers' header. */
async function serverName(base: string): Promise<string> {
  const response = await fetch(`${new URL(base).origin}/v1/models`);
  return response.headers.get("server") ?? "a server that does not say its name";
}

function write(path: string, text: string): void {
  mkdirSync(join(ROOT, path, ".."), { recursive: true });
  writeFileSync(join(ROOT, path), text);
  console.error(`wrote ${path}`);
}
