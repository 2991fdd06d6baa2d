// Any server that speaks OpenAI's completions: llama.cpp, vLLM, Ollama, LM Studio, hosted ones. The best that it gives: exact sums, top log-probabilities, samples.
import { OptionError } from "../../errors.ts";
import { beginAlike } from "../prompt.ts";
import type { ActionScores, ScoreOptions, ScoreRequest, Scorer, ScorerAbility, ScorerInfo } from "../scorer.ts";
import type { HttpOptions } from "./http-json.ts";
import { ChatRequests } from "./openai-chat.ts";
import { CompletionRequests } from "./openai-completions.ts";
import { OpenAiServer } from "./openai-server.ts";
import type { PromptFormat } from "./prompt-format.ts";

export interface OpenAiCompatibleOptions extends HttpOptions {
  /** The server's address, with or without the path: `http://127.0.0.1:8080` means `http://127.0.0.1:8080/v1`. */
  readonly baseUrl: string;
  /** Default: the first of GET /models. */
  readonly model?: string | undefined;
  /**
   * `chat` (default) reads the first token of a chat's answer. `completions` writes the prompt itself: exact sums of all tokens where the server really echoes
   * prompts (vLLM), else a walk over the tokens that it lists, as deep as actions need to be told apart.
   */
  readonly endpoint?: "chat" | "completions" | undefined;
  /** How messages become a text for `completions`. Default `server`: by the server's `/apply-template`, as plain lines where it has none. */
  readonly format?: PromptFormat | undefined;
  /** `logprobs`, or fail; `samples`, always; `auto` (default): the best that the server gives. */
  readonly method?: "auto" | "logprobs" | "samples" | undefined;
  /** Alternatives asked for at each position, 1 to 20 on most servers. Default 20. A server that refuses is asked for 5. */
  readonly topLogprobs?: number | undefined;
  /** Answers drawn for each question where there are no log-probabilities. Default 8. */
  readonly samples?: number | undefined;
  /** Whether sampled answers are held to a JSON schema that lists the actions, where the server can. Default true. */
  readonly schema?: boolean | undefined;
  /** Further fields of the request that a server understands, such as llama.cpp's `cache_prompt`. Never a key: they name answers in the cache. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** A server that can be asked for its models, and scores actions. */
export interface OpenAiCompatible extends Scorer {
  /** The names GET /models lists. @throws PriorError */
  models(options?: ScoreOptions): Promise<readonly string[]>;
}

/**
 * A scorer behind an OpenAI-compatible server.
 *
 * @remarks The ladder. Over `chat`: `logprobs` with `top_logprobs`, then `samples` seeded answers under a JSON schema that lists the actions. Over
 *   `completions`: exact sums with `echo`, but only after a question whose answer shows that the server echoes: Ollama and llama.cpp ignore `echo` without a
 *   word, and a prior built on that is noise; then a walk over listed tokens; then samples. Where it fell to is said by each answer's `method`.
 * @throws OptionError for an address that is none. Its methods throw PriorError: server down, no such model, an answer of another shape.
 * @example
 * const scorer = openAiCompatible({ baseUrl: "http://127.0.0.1:8080/v1" });
 * await scorer.models(); // ["SmolLM2-135M-Instruct.Q4_1"]
 */
export function openAiCompatible(options: OpenAiCompatibleOptions): OpenAiCompatible {
  return new ServerScorer(options);
}

/** Where it is kept among the parts of an answer that the server gave it no log-probabilities. */
const NO_LOGPROBS = -1;

class ServerScorer implements OpenAiCompatible {
  readonly #server: OpenAiServer;
  readonly #chat: ChatRequests;
  readonly #completions: CompletionRequests | undefined;
  readonly #method: "auto" | "logprobs" | "samples";
  readonly #parameters: Readonly<Record<string, unknown>>;
  /** Known once an answer came without log-probabilities. */
  #withoutLogprobs = false;

  constructor(options: OpenAiCompatibleOptions) {
    const { endpoint = "chat", format = "server", schema = true, body = {} } = options;
    this.#method = options.method ?? "auto";
    const topLogprobs = checkCount("topLogprobs", options.topLogprobs ?? 20);
    const samples = checkCount("samples", options.samples ?? 8);
    this.#server = new OpenAiServer(options.baseUrl, options.model, options);
    this.#chat = new ChatRequests(this.#server, { topLogprobs, samples, schema, body });
    this.#completions = endpoint === "chat" ? undefined : new CompletionRequests(this.#server, { topLogprobs, format, body });
    this.#parameters = {
      endpoint,
      method: this.#method,
      topLogprobs,
      samples,
      schema,
      body,
      ...(endpoint === "chat" ? {} : { format: typeof format === "string" ? format : "own" }),
    };
  }

  async models(options: ScoreOptions = {}): Promise<readonly string[]> {
    return (await this.#server.models(options)).map(({ name }) => name);
  }

  async info(options: ScoreOptions = {}): Promise<ScorerInfo> {
    return {
      source: "server",
      model: await this.#server.modelName(options),
      provider: "openai-compatible",
      digest: await this.#server.digest(options),
      ability: this.#ability(),
      parameters: this.#parameters,
    };
  }

  async score(request: ScoreRequest, options: ScoreOptions = {}): Promise<ActionScores> {
    if (this.#method === "samples" || this.#withoutLogprobs || (await options.parts?.get(NO_LOGPROBS)) !== undefined)
      return this.#chat.bySamples(request, options, 0);
    if (this.#completions !== undefined) {
      const scores = await this.#completions.score(request, options);
      if (scores !== undefined) return scores;
    } else {
      // A first token cannot tell apart answers that begin alike.
      if (this.#method === "auto" && beginAlike(request.answers)) return this.#chat.bySamples(request, options, 0);
      const scores = await this.#chat.byLogprobs(request, options);
      if (scores !== undefined) return scores;
    }
    if (this.#method === "logprobs") throw this.#chat.withoutLogprobs();
    this.#withoutLogprobs = true;
    await options.parts?.set(NO_LOGPROBS, "none");
    return this.#chat.bySamples(request, options, 1);
  }

  /** What is known of it by now. */
  #ability(): ScorerAbility | undefined {
    if (this.#method === "samples" || this.#withoutLogprobs) return "sample";
    if (this.#completions?.echoes === true) return "exact";
    return this.#method === "logprobs" ? "top-k" : undefined;
  }
}

function checkCount(where: string, count: number): number {
  if (!(Number.isInteger(count) && count >= 1)) throw new OptionError(where, count, "a positive integer");
  return count;
}
