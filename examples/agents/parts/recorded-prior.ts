// A language model's advice on every state of an example: from the recording beside it or, with --record URL, from a server, written down anew.
import { readFileSync, writeFileSync } from "node:fs";
import { elicitPrior, type Mdp, openAiCompatible, type Prior, recordScorer, replayScorer, type Scorer } from "mdpkit";
import { type PromptExample, readRecording } from "mdpkit/llm-prior";

export interface Advice<S> {
  /** The recording's name in recordings/. */
  readonly name: string;
  readonly task: string;
  readonly examples: readonly PromptExample[];
  readonly describe: (state: S) => string;
}

/** The prior, and the recording as a scorer, for an agent that asks step by step. */
export async function recordedPrior<S, A>(mdp: Mdp<S, A>, advice: Advice<S>): Promise<{ readonly prior: Prior<S, A>; readonly scorer: Scorer }> {
  const file = new URL(`../recordings/${advice.name}.json`, import.meta.url);
  const [flag, url] = process.argv.slice(2);
  if (flag === "--record" && url !== undefined) await record(mdp, advice, url, file);
  const scorer = replayScorer(readRecording(JSON.parse(readFileSync(file, "utf8"))));
  return { prior: await ask(mdp, advice, scorer), scorer };
}

/** `npx tsx examples/agents/NAME.ts --record URL`, with a server as scripts/start-llm-server.sh starts it. */
async function record<S, A>(mdp: Mdp<S, A>, advice: Advice<S>, baseUrl: string, file: URL): Promise<void> {
  const server = openAiCompatible({ baseUrl, method: "logprobs" });
  const scorer = recordScorer(server, { server: process.env.MDPKIT_SERVER_NAME ?? "a server at the time of recording" });
  await ask(mdp, advice, scorer, ({ answered, prompts }) => {
    if (answered % 20 === 0 || answered === prompts) console.error(`${advice.name}: ${answered} of ${prompts} prompts answered`);
  });
  const { answers, ...head } = scorer.recording();
  const lines = answers.map((answer) => `    ${JSON.stringify(answer)}`).join(",\n");
  writeFileSync(file, `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "answers": [\n${lines}\n  ]\n}\n`);
}

function ask<S, A>(
  mdp: Mdp<S, A>,
  { describe, task, examples }: Advice<S>,
  scorer: Scorer,
  onProgress?: (progress: { readonly answered: number; readonly prompts: number }) => void,
): Promise<Prior<S, A>> {
  return elicitPrior(mdp, { scorer, task, examples, describe: (_, state) => describe(state), concurrency: 1, onProgress });
}
