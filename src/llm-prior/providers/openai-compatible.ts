// Any server that speaks OpenAI's chat completions: llama.cpp, vLLM, LM Studio, hosted ones. One short answer with log-probabilities a question.
import { OptionError, PriorError } from "../../errors.ts";
import { beginAlike } from "../prompt.ts";
import { scoreSamples } from "../sample-scores.ts";
import type { ActionScores, ScoreOptions, ScoreRequest, Scorer, ScorerInfo } from "../scorer.ts";
import { scoreTokens } from "../token-scores.ts";
import { chatTexts, chatTokens, modelNames } from "./chat-answer.ts";
import { type HttpOptions, JsonClient } from "./http-json.ts";

export interface OpenAiCompatibleOptions extends HttpOptions {
  /** The server's address, with or without the path: `http://127.0.0.1:8080` means `http://127.0.0.1:8080/v1`. */
  readonly baseUrl: string;
  /** Default: the first of GET /models. */
  readonly model?: string | undefined;
  /** `logprobs`, or fail; `samples`, always; `auto` (default): log-probabilities where the server gives them, else samples. */
  readonly method?: "auto" | "logprobs" | "samples" | undefined;
  /** Alternatives asked for at each position, 1 to 20 on most servers. Default 20. */
  readonly topLogprobs?: number | undefined;
  /** Answers drawn for each question where there are no log-probabilities. Default 8. */
  readonly samples?: number | undefined;
  /** Further fields of the request that a server understands, such as llama.cpp's `cache_prompt`. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** A server that can be asked for its models, and scores actions. */
export interface OpenAiCompatible extends Scorer {
  /** The names GET /models lists. @throws PriorError */
  models(options?: ScoreOptions): Promise<readonly string[]>;
}

/** Positions looked at: the answer's first token, and one more where that is a blank or a quote. */
const POSITIONS = 2;
/** Room for a sampled answer: a label, its quotes, an end. */
const SAMPLE_TOKENS = 12;

/**
 * A scorer behind an OpenAI-compatible server.
 *
 * @remarks It reads `logprobs` and `top_logprobs` of chat completions. It never uses `echo` with `/completions`, the other way to score a text: Ollama and
 *   llama.cpp ignore `echo` without a word, and a prior built on that is noise. Where an answer comes without log-probabilities (or the server refuses to give
 *   them) it draws `samples` answers and parses each strictly, from then on.
 * @throws OptionError for an address that is none. Its methods throw PriorError: server down, no such model, an answer of another shape.
 * @example
 * const scorer = openAiCompatible({ baseUrl: "http://127.0.0.1:8080/v1" });
 * await scorer.models(); // ["SmolLM2-135M-Instruct.Q4_1"]
 */
export function openAiCompatible(options: OpenAiCompatibleOptions): OpenAiCompatible {
  return new ChatScorer(options);
}

class ChatScorer implements OpenAiCompatible {
  readonly #base: string;
  readonly #client: JsonClient;
  readonly #method: "auto" | "logprobs" | "samples";
  readonly #topLogprobs: number;
  readonly #samples: number;
  readonly #body: Readonly<Record<string, unknown>>;
  #model: string | undefined;
  /** Known once an answer came without log-probabilities. */
  #withoutLogprobs = false;

  constructor(options: OpenAiCompatibleOptions) {
    this.#base = baseOf(options.baseUrl);
    this.#client = new JsonClient(options);
    this.#method = options.method ?? "auto";
    this.#topLogprobs = checkCount("topLogprobs", options.topLogprobs ?? 20);
    this.#samples = checkCount("samples", options.samples ?? 8);
    this.#body = options.body ?? {};
    this.#model = options.model;
  }

  async models(options: ScoreOptions = {}): Promise<readonly string[]> {
    const url = `${this.#base}/models`;
    const answer = await this.#client.send(url, undefined, options.signal);
    if (!answer.ok) throw refusal(url, answer.failure);
    return modelNames(url, answer.body);
  }

  async info(options: ScoreOptions = {}): Promise<ScorerInfo> {
    return { source: "server", model: await this.#modelName(options) };
  }

  async score(request: ScoreRequest, options: ScoreOptions = {}): Promise<ActionScores> {
    // A first token cannot tell apart answers that begin alike.
    const sampled = this.#method === "samples" || this.#withoutLogprobs || (this.#method === "auto" && beginAlike(request.answers));
    if (sampled) return this.#bySamples(request, options, 0);
    const url = `${this.#base}/chat/completions`;
    const body = {
      ...(await this.#common(request, options)),
      max_tokens: POSITIONS,
      temperature: 0,
      logprobs: true,
      top_logprobs: this.#topLogprobs,
      ...this.#body,
    };
    const answer = await this.#client.send(url, body, options.signal);
    if (!answer.ok && !/logprob/i.test(answer.failure.said)) throw refusal(url, answer.failure);
    const positions = answer.ok ? chatTokens(url, answer.body) : undefined;
    if (positions === undefined) {
      if (this.#method === "logprobs")
        throw new PriorError(`${url} answered without log-probabilities, expected logprobs.content with top_logprobs.`, {
          hint: 'pass method: "samples", or use a server that gives them.',
        });
      this.#withoutLogprobs = true;
      return this.#bySamples(request, options, 1);
    }
    const first = positions[0]?.listed ?? [];
    return {
      ...scoreTokens(positions, request.answers),
      method: "logprobs",
      calls: 1,
      evidence: first.map(({ text, logProbability }) => [text, logProbability] as const),
    };
  }

  /** `before`: requests made already for this question. */
  async #bySamples(request: ScoreRequest, options: ScoreOptions, before: number): Promise<ActionScores> {
    const url = `${this.#base}/chat/completions`;
    const common = await this.#common(request, options);
    const texts: string[] = [];
    for (let i = 0; i < this.#samples; i++) {
      const answer = await this.#client.send(url, { ...common, max_tokens: SAMPLE_TOKENS, temperature: 1, seed: i + 1, ...this.#body }, options.signal);
      if (!answer.ok) throw refusal(url, answer.failure);
      texts.push(...chatTexts(url, answer.body));
    }
    const share = Math.log(1 / texts.length);
    return { ...scoreSamples(texts, request), method: "samples", calls: before + this.#samples, evidence: texts.map((text) => [text, share] as const) };
  }

  async #common(request: ScoreRequest, options: ScoreOptions): Promise<Record<string, unknown>> {
    return { model: await this.#modelName(options), messages: request.prompt.messages, stream: false };
  }

  async #modelName(options: ScoreOptions): Promise<string> {
    if (this.#model === undefined) {
      const [first] = await this.models(options);
      if (first === undefined)
        throw new PriorError(`${this.#base}/models lists no model, expected at least one.`, { hint: "load a model into the server, or name one." });
      this.#model = first;
    }
    return this.#model;
  }
}

/** @throws OptionError */
function baseOf(given: string): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new OptionError("baseUrl", given, "an address such as http://127.0.0.1:8080/v1");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new OptionError("baseUrl", given, "an address that begins with http:// or https://");
  const path = url.pathname.replace(/\/+$/, "").replace(/\/chat\/completions$/, "");
  return `${url.origin}${path === "" ? "/v1" : path}`;
}

function checkCount(where: string, count: number): number {
  if (!(Number.isInteger(count) && count >= 1)) throw new OptionError(where, count, "a positive integer");
  return count;
}

function refusal(url: string, failure: { readonly status: number; readonly said: string }): PriorError {
  const hints: Readonly<Record<number, string>> = {
    401: "the server wants a key: pass apiKey.",
    403: "the key given may not use this model.",
    404: "no such path or model: the address usually ends in /v1; GET /models lists the models.",
  };
  const hint = hints[failure.status];
  return new PriorError(
    `${url} answered ${failure.status} ${failure.said === "" ? "without a word" : failure.said}, expected 200.`,
    hint === undefined ? {} : { hint },
  );
}
