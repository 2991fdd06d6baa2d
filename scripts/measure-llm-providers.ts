// Providers side by side on one model file: exact scores, the walk over listed tokens, what drawing answers instead of reading scores costs.
import { join } from "node:path";
import { type ActionScores, openAiCompatible, type Scorer } from "../src/llm-prior/index.ts";
import { llmFolder } from "./llama-library.ts";
import { AGREEMENT_LINES, type Agreement, agreement, localModel, mazeQuestion, wholePromptServer } from "./llm-agreement.ts";

export const MODEL_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf";

export interface MeasuredProviders {
  readonly model: string;
  /** One row a pair of providers. */
  readonly pairs: readonly (Pick<Agreement, "median" | "max" | "seconds"> & { readonly first: string; readonly second: string; readonly questions: number })[];
  /** Drawn answers against exact scores of the same questions. */
  readonly sampled: readonly { readonly way: string; readonly samples: number; readonly named: number; readonly divergence: number }[];
}

const SAMPLES = 8;
const LINES = AGREEMENT_LINES.slice(0, 4);
const SAMPLED_LINES = AGREEMENT_LINES.slice(0, 1);

export async function measureProviders(url: string): Promise<MeasuredProviders> {
  const path = join(llmFolder(), MODEL_FILE);
  const server = wholePromptServer(url);
  const local = await localModel(path, false);
  const whole = askedOnce(local);
  const pairs: MeasuredProviders["pairs"][number][] = [];
  const pair = async (first: string, second: string, a: typeof server, b: typeof server, lines: readonly string[]) => {
    const { median, max, seconds } = await agreement(a, b, lines);
    pairs.push({ first, second, questions: lines.length, median, max, seconds });
    console.error(first, "|", second, median, max);
  };
  await pair("node-llama-cpp, whole prompts", "llama.cpp server, chat, no prompt cache", whole, server, LINES);
  await pair(
    "node-llama-cpp, whole prompts",
    "llama.cpp server, completions, token walk",
    whole,
    wholePromptServer(url, "completions"),
    AGREEMENT_LINES.slice(0, 3),
  );
  const reusing = await localModel(path, true);
  await pair("node-llama-cpp, whole prompts", "node-llama-cpp, shared header evaluated once", whole, reusing, LINES);
  const sampled: MeasuredProviders["sampled"][number][] = [];
  for (const schema of [true, false]) {
    const drawing = openAiCompatible({ baseUrl: url, method: "samples", samples: SAMPLES, schema });
    let named = 0;
    let divergence = 0;
    for (const line of SAMPLED_LINES) {
      const drawn = await drawing.score(mazeQuestion(line));
      named += drawn.coverage / SAMPLED_LINES.length;
      divergence += divergenceOf(await reusing.score(mazeQuestion(line)), drawn) / SAMPLED_LINES.length;
    }
    sampled.push({ way: schema ? "under the schema" : "as free text", samples: SAMPLES * SAMPLED_LINES.length, named, divergence });
    console.error(sampled.at(-1));
  }
  const { model } = await whole.info();
  await local.dispose();
  await reusing.dispose();
  return { model, pairs, sampled };
}

/** Remembers answers: each pair compares with the same ones, and seconds are those of the first time. */
function askedOnce(scorer: Scorer): Scorer {
  const known = new Map<string, Promise<ActionScores>>();
  return {
    info: () => scorer.info(),
    score: (request) => {
      const answer = known.get(request.prompt.text) ?? scorer.score(request);
      known.set(request.prompt.text, answer);
      return answer;
    },
  };
}

/** KL(exact ‖ drawn) in nats. */
function divergenceOf(exact: ActionScores, drawn: ActionScores): number {
  return exact.logProbabilities.reduce((sum, x, i) => sum + Math.exp(x) * (x - (drawn.logProbabilities[i] ?? Number.NaN)), 0);
}
