// One OpenAI-compatible server: its address, its models and what tells them apart, requests and refusals.
import { OptionError, PriorError } from "../../errors.ts";
import { shortHash } from "../hash.ts";
import type { ScoreOptions } from "../scorer.ts";
import { shownAddress } from "../secrets.ts";
import { type ListedModel, listedModels } from "./chat-answer.ts";
import { type HttpAnswer, type HttpFailure, type HttpOptions, JsonClient } from "./http-json.ts";

/** Requests go here. */
export class OpenAiServer {
  /** The address that paths are put after, without a slash at its end. */
  readonly base: string;
  readonly #client: JsonClient;
  #model: string | undefined;
  #digest: string | undefined;

  /** @throws OptionError */
  constructor(baseUrl: string, model: string | undefined, options: HttpOptions) {
    this.base = baseOf(baseUrl);
    this.#client = new JsonClient(options);
    this.#model = model;
  }

  /** The models of GET /models. @throws PriorError */
  async models(options: ScoreOptions = {}): Promise<readonly ListedModel[]> {
    const url = `${this.base}/models`;
    const answer = await this.#client.send(url, undefined, options.signal);
    if (!answer.ok) throw refusal(url, answer.failure);
    return listedModels(url, answer.body);
  }

  /** The model named, or the first listed. @throws PriorError */
  async modelName(options: ScoreOptions): Promise<string> {
    if (this.#model === undefined) {
      const [first] = await this.models(options);
      if (first === undefined)
        throw new PriorError(`${this.base}/models lists no model, expected at least one.`, { hint: "load a model into the server, or name one." });
      this.#model = first.name;
      this.#digest = this.#digestOf(first);
    }
    return this.#model;
  }

  /** What tells the model from another of its name: what the server says about it, else where it is served. */
  async digest(options: ScoreOptions): Promise<string> {
    if (this.#digest !== undefined) return this.#digest;
    const name = await this.modelName(options);
    if (this.#digest === undefined) {
      const answer = await this.#client.send(`${this.base}/models`, undefined, options.signal);
      // A server may refuse to list its models and answer questions all the same.
      const listed = answer.ok ? listedModels(`${this.base}/models`, answer.body).find((model) => model.name === name) : undefined;
      this.#digest = this.#digestOf(listed);
    }
    return this.#digest;
  }

  /** POST. `path` begins with a slash; with `fromRoot` it stands after the host alone. @throws PriorError */
  async post(path: string, body: unknown, signal: AbortSignal | undefined, fromRoot = false): Promise<HttpAnswer> {
    return this.#client.send(this.urlOf(path, fromRoot), body, signal);
  }

  urlOf(path: string, fromRoot = false): string {
    return `${fromRoot ? new URL(this.base).origin : this.base}${path}`;
  }

  #digestOf(model: ListedModel | undefined): string {
    return model?.identity === undefined ? this.base : `models:${shortHash(model.identity)}`;
  }
}

/** What is thrown where a server refuses. */
export function refusal(url: string, failure: HttpFailure): PriorError {
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

/** @throws OptionError */
function baseOf(given: string): string {
  if (!URL.canParse(given)) throw new OptionError("baseUrl", shownAddress(given), "an address such as http://127.0.0.1:8080/v1");
  const url = new URL(given);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new OptionError("baseUrl", shownAddress(given), "an address that begins with http:// or https://");
  if (url.username !== "" || url.password !== "")
    throw new OptionError("baseUrl", shownAddress(given), "an address without user and password: pass apiKey or headers");
  const path = url.pathname.replace(/\/+$/, "").replace(/\/(?:chat\/)?completions$/, "");
  return `${url.origin}${path === "" ? "/v1" : path}`;
}
