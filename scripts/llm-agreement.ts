// The same model file behind two providers: what each says of the same questions. Shared by the tests with a real model and the script that writes the document.
import { maze } from "../src/envs/index.ts";
import { gridExamples, nodeLlamaCpp, openAiCompatible, promptTemplate, type ScoreRequest, type Scorer } from "../src/llm-prior/index.ts";
import { llamaLibrary } from "./llama-library.ts";

const MOVES = ["up", "down", "left", "right"];

/** Lines of mazes that differ in every way that matters: ways open, and where the goal is. */
export const AGREEMENT_LINES: readonly string[] = [
  "open: right; goal: right",
  "open: up, down; goal: down, left",
  "open: up, left, right; goal: up, right",
  "open: down; goal: left, down",
  "open: up, down, left, right; goal: left",
  "open: left; goal: right, up",
  "open: down, right; goal: down",
  "open: up, left; goal: up",
];

export interface Agreement {
  /** |difference| of ln p of each action in each question, as the model itself puts it: not normalised over the actions. */
  readonly differences: readonly number[];
  readonly median: number;
  readonly max: number;
  /** Seconds a question. */
  readonly seconds: readonly [first: number, second: number];
}

/** A maze's question in the words of the built-in grids. */
export function mazeQuestion(features: string): ScoreRequest {
  const template = promptTemplate({ actions: MOVES, task: maze().task, examples: gridExamples });
  return { prompt: template.render(features), actions: MOVES, answers: template.answers, states: [0] };
}

/** Asks both of every line. */
export async function agreement(first: Scorer, second: Scorer, lines: readonly string[]): Promise<Agreement> {
  const differences: number[] = [];
  const took = [0, 0];
  for (const line of lines) {
    // One after the other: they share the machine.
    const answers: (readonly number[])[] = [];
    for (const [i, scorer] of [first, second].entries()) {
      const began = performance.now();
      const { logProbabilities, coverage, floored } = await scorer.score(mazeQuestion(line));
      took[i] = (took[i] ?? 0) + (performance.now() - began) / 1000 / lines.length;
      if (floored > 0) throw new Error(`a provider did not return all actions of ${JSON.stringify(line)}`);
      answers.push(logProbabilities.map((x) => x + Math.log(coverage)));
    }
    const [a = [], b = []] = answers;
    for (const [i, x] of a.entries()) differences.push(Math.abs(x - (b[i] ?? Number.NaN)));
  }
  const sorted = differences.slice().sort((x, y) => x - y);
  const half = sorted.length / 2;
  const median = ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
  return { differences, median, max: sorted.at(-1) ?? Number.NaN, seconds: [took[0] ?? 0, took[1] ?? 0] };
}

/** The file in this process. Without `reuseHeader` it evaluates prompts as the server of `wholePromptServer` does. */
export async function localModel(modelPath: string, reuseHeader: boolean): ReturnType<typeof nodeLlamaCpp> {
  const threads = Number(process.env.MDPKIT_LLM_THREADS ?? 1);
  return nodeLlamaCpp({ modelPath, library: await llamaLibrary(), reuseHeader, runtime: { gpu: false, maxThreads: threads } });
}

/** The server, told to evaluate each prompt whole, and to list so many tokens that every action is among them. */
export function wholePromptServer(baseUrl: string, endpoint: "chat" | "completions" = "chat"): Scorer {
  return openAiCompatible({ baseUrl, endpoint, method: "logprobs", topLogprobs: 300, timeoutSeconds: 900, body: { cache_prompt: false } });
}
