// --llm and what goes with it: the server, the cache of its answers, and the prior asked of it.
import type { Command } from "commander";
import { type AnswerCache, type AskBudget, openAiCompatible, type Scorer, type TokenPrice } from "../llm-prior/index.ts";
import { shownAddress } from "../llm-prior/secrets.ts";
import { cacheFolder } from "./cache-folder.ts";
import { diskCache } from "./disk-cache.ts";
import type { OptionReader } from "./options.ts";
import { pathIn, type World } from "./world.ts";

/** The environment variable a server's key is taken from; no other is looked at. */
export const KEY_VARIABLE = "MDPKIT_API_KEY";

export interface LlmSettings {
  readonly url: string | undefined;
  readonly model: string | undefined;
  /** A folder, or "off"; undefined: the user's cache folder. */
  readonly cache: string | undefined;
  /** How patiently the server is asked; left out: as the library does. */
  readonly patience?: { readonly timeoutSeconds?: number | undefined; readonly retries?: number | undefined } | undefined;
  readonly concurrency?: number | undefined;
  readonly budget?: AskBudget | undefined;
  readonly price?: TokenPrice | undefined;
}

/** Declares the options of a command that can ask a language model. */
export function llmOptions(command: Command): Command {
  return command
    .option("--llm <url>", `an OpenAI-compatible server, such as http://127.0.0.1:8080/v1; its key, if it wants one, is taken from ${KEY_VARIABLE}`)
    .option("--llm-model <name>", "which of its models (default: the first that it lists)")
    .option("--cache <dir>", "where answers are kept, or off (default: the user's cache folder)")
    .option("--timeout <seconds>", "how long one request to the server may take (default: 120)")
    .option("--retries <n>", "repeats after a time-out, a lost connection, 429 or 5xx (default: 3)");
}

/** Declares the options of a command that asks about every state: what that may take. */
export function askingOptions(command: Command): Command {
  return command
    .option("--concurrency <n>", "questions under way at once (default: 4)")
    .option("--max-calls <n>", "give up before more requests than this; answers stay in the cache, so that the same command goes on from there")
    .option("--max-tokens <n>", "the same for tokens read and written")
    .option("--max-seconds <seconds>", "the same for time")
    .option("--max-cost <amount>", "the same for money, at --price")
    .option("--price <input,output>", "what a million tokens read and written cost, such as 0.4,1.6");
}

export function readLlmOptions(read: OptionReader): LlmSettings {
  const url = read.text("llm");
  const model = read.text("llmModel");
  if (url !== undefined && !isHttp(url))
    read.fault(`--llm is ${JSON.stringify(shownAddress(url))}, expected an address that begins with http:// or https://, such as http://127.0.0.1:8080/v1.`);
  if (model !== undefined && url === undefined) read.fault("--llm-model is given without --llm, expected both.");
  return {
    url,
    model,
    cache: read.text("cache"),
    patience: { timeoutSeconds: read.number("timeout", { min: 0, above: true, max: 86_400 }), retries: read.number("retries", { min: 0, integer: true }) },
    ...readAskingOptions(read),
  };
}

function readAskingOptions(read: OptionReader): Pick<LlmSettings, "concurrency" | "budget" | "price"> {
  const price = readPrice(read);
  const cost = read.number("maxCost", { min: 0 });
  if (cost !== undefined && price === undefined) read.fault("--max-cost is given without --price INPUT,OUTPUT, expected both.");
  return {
    concurrency: read.number("concurrency", { min: 1, integer: true }),
    budget: {
      calls: read.number("maxCalls", { min: 0, integer: true }),
      tokens: read.number("maxTokens", { min: 0, integer: true }),
      seconds: read.number("maxSeconds", { min: 0 }),
      cost,
    },
    price,
  };
}

function readPrice(read: OptionReader): TokenPrice | undefined {
  const given = read.text("price");
  if (given === undefined) return undefined;
  const [, input, output] = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(given) ?? [];
  if (input === undefined || output === undefined) {
    read.fault(`--price is ${JSON.stringify(given)}, expected two numbers such as 0.4,1.6: for a million tokens read, and written.`);
    return undefined;
  }
  return { input: Number(input), output: Number(output) };
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** The server as a scorer. */
export function serverScorer(world: World, url: string, { model, patience }: LlmSettings): Scorer {
  const apiKey = world.env[KEY_VARIABLE];
  return openAiCompatible({ baseUrl: url, model, ...patience, ...(apiKey === undefined || apiKey === "" ? {} : { apiKey }) });
}

/** The cache that was asked for; undefined for off. A folder the user named must be writable, the default one need not. */
export function answerCache(world: World, { cache }: LlmSettings): AnswerCache | undefined {
  if (cache === "off") return undefined;
  return cache === undefined ? diskCache(cacheFolder(world.env)) : diskCache(pathIn(world, cache), { required: true });
}
