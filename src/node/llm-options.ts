// --llm and what goes with it: the server, the cache of its answers, and the prior asked of it.
import type { Command } from "commander";
import type { AnswerCache, Scorer } from "../llm-prior/index.ts";
import { openAiCompatible } from "../llm-prior/index.ts";
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
}

/** Declares the options of a command that can ask a language model. */
export function llmOptions(command: Command): Command {
  return command
    .option("--llm <url>", `an OpenAI-compatible server, such as http://127.0.0.1:8080/v1; its key, if it wants one, is taken from ${KEY_VARIABLE}`)
    .option("--llm-model <name>", "which of its models (default: the first that it lists)")
    .option("--cache <dir>", "where answers are kept, or off (default: the user's cache folder)");
}

export function readLlmOptions(read: OptionReader): LlmSettings {
  const url = read.text("llm");
  const model = read.text("llmModel");
  if (url !== undefined && !isHttp(url))
    read.fault(`--llm is ${JSON.stringify(url)}, expected an address that begins with http:// or https://, such as http://127.0.0.1:8080/v1.`);
  if (model !== undefined && url === undefined) read.fault("--llm-model is given without --llm, expected both.");
  return { url, model, cache: read.text("cache") };
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** The server as a scorer. */
export function serverScorer(world: World, url: string, model: string | undefined): Scorer {
  const apiKey = world.env[KEY_VARIABLE];
  return openAiCompatible({ baseUrl: url, model, ...(apiKey === undefined || apiKey === "" ? {} : { apiKey }) });
}

/** The cache that was asked for; undefined for off. A folder the user named must be writable, the default one need not. */
export function answerCache(world: World, { cache }: LlmSettings): AnswerCache | undefined {
  if (cache === "off") return undefined;
  return cache === undefined ? diskCache(cacheFolder(world.env)) : diskCache(pathIn(world, cache), { required: true });
}
