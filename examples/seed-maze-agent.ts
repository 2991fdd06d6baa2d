// The program mdpkit grew from, whole: an agent in a 4x4 maze that perceives, describes, plans with a language model, parses, acts and learns; 100 training
// episodes with their total reward, then a test run, drawn.
//
//   tsx examples/seed-maze-agent.ts                       with the recording of a model that comes with mdpkit
//   tsx examples/seed-maze-agent.ts --llm http://127.0.0.1:8080/v1 [--llm-model NAME]    with a live one
//   tsx examples/seed-maze-agent.ts --learn off           the model's advice alone
//   tsx examples/seed-maze-agent.ts --out FOLDER          also writes the test run's trace, a report of it, and a fine-tuning set
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  blockedShield,
  compareToOptimal,
  elicitPrior,
  greedyPolicy,
  gridPrompts,
  MemoryCache,
  makeBuiltIn,
  openAiCompatible,
  replayScorer,
  runAgent,
  scorerPlanner,
  seedMazeRecording,
  solve,
  toEnv,
} from "mdpkit";
import { fineTuningLines, leaningOf, learnedPlanner, samplingPlanner, TabularLearner, writeTrace } from "mdpkit/agent";
import { agentSection, gridPicture, renderReport } from "mdpkit/report";

const { values: given } = parseArgs({
  options: {
    llm: { type: "string" },
    "llm-model": { type: "string" },
    learn: { type: "string", default: "on" },
    episodes: { type: "string", default: "100" },
    out: { type: "string" },
  },
});
const learning = given.learn !== "off";
const episodes = Number(given.episodes);

// The world: `0` open, `1` a wall; from the upper left to the lower right, reward 1 on arrival.
const maze = makeBuiltIn("maze:0000/1101/0000/1010");
const { mdp } = maze;
const env = toEnv(mdp, { maxSteps: 200 });

// The language model: live, or a recording of one, and called so.
const scorer = given.llm === undefined ? replayScorer(seedMazeRecording) : openAiCompatible({ baseUrl: given.llm, model: given["llm-model"] });
const cache = new MemoryCache();
const asked = { scorer, cache, task: maze.task, examples: gridPrompts.examples };
// What the model is inclined to answer whatever it sees: taken away from its answers.
const prior = await elicitPrior(mdp, { ...asked, describe: (state) => maze.describe(Number(state)), calibrate: "none" });
const leaning = prior.logProbabilities === undefined ? undefined : leaningOf(prior.logProbabilities);
const model = await scorerPlanner(scorer, { ...asked, leaning, actions: mdp.actions.toArray().map(String) });
const adviser = samplingPlanner(model, { seed: 1 });
// The same question is not asked twice: what was asked for the leaning is answered from the cache from here on.
console.log(`planner: ${model.name}, ${prior.prompts} questions, ${prior.calls} calls of a model; learning ${learning ? "on" : "off"}\n`);

// Perceive -> describe -> plan -> parse -> execute -> feed back; each part could be another.
const learner = new TabularLearner(env, { learningRate: 0.5 });
const parts = {
  env,
  perceive: (_: unknown, index: number) => index,
  describe: (cell: number) => maze.describe(cell),
  shield: blockedShield(mdp),
  budgets: { seconds: 600 },
  ...(learning ? { learn: learner } : {}),
};

let total = 0;
for (let episode = 1; episode <= episodes; episode++) {
  const planner = learning ? learnedPlanner(adviser, learner, { explore: 0.1, seed: episode }) : adviser;
  const result = await runAgent({ ...parts, planner, seed: episode });
  if (result.error !== undefined) throw result.error;
  total += result.totalReward;
  console.log(
    `episode ${String(episode).padStart(3)}: total reward ${result.totalReward} in ${result.steps} steps, ${result.trace.end.spent.modelCalls} model calls`,
  );
}
console.log(`\ntotal reward of ${episodes} training episodes: ${total}\n`);

const test = await runAgent({
  ...parts,
  planner: learning ? learnedPlanner(model, learner, { explore: 0 }) : adviser,
  budgets: { steps: 40 },
  onStep: ({ step, observation, action, feedback, next }) =>
    console.log(`${step + 1}. sees "${observation}", goes ${action}. ${feedback}\n${maze.render(next)}\n`),
});
console.log(`test run: ${test.status} after ${test.steps} steps, total reward ${test.totalReward}`);

// What no sample tells: how far from the best that can be done at all, proven.
const best = await solve(mdp, { epsilon: 1e-9 });
const policy = learning ? greedyPolicy(learner.q) : prior.policy;
const { states, regret } = await compareToOptimal(mdp, policy, best);
const start = states.indexOf(0);
const whose = learning ? "what was learned" : "the model's advice";
console.log(`exact regret of ${whose} at the start: ${regret.perState[start]}, proven to be from ${regret.lower[start]} to ${regret.upper[start]}`);

if (given.out !== undefined) {
  await mkdir(given.out, { recursive: true });
  await writeFile(join(given.out, "test-run.jsonl"), writeTrace(test.trace));
  const report = {
    title: "The seed maze: the test run",
    grid: maze.grid === undefined ? undefined : gridPicture(maze.grid),
    agent: agentSection(test),
    provenance: { version: "0.1.0", date: new Date().toISOString().slice(0, 10) },
  };
  await writeFile(join(given.out, "test-run.html"), renderReport(report));
  await writeFile(join(given.out, "fine-tuning.jsonl"), [...fineTuningLines(best, { describe: (_, cell) => maze.describe(cell), task: maze.task })].join(""));
  console.log(`wrote test-run.jsonl, test-run.html and fine-tuning.jsonl to ${given.out}`);
}
