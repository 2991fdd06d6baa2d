// JSON over HTTP with patience: time limits, repeats after failures that pass, errors that say what to do and never hold a key.
import { describeValue, OptionError, PriorError } from "../../errors.ts";
import { type Attempt, type PassingFailure, Patience, type RepeatOptions } from "../repeat.ts";
import { shownCause, withoutSecrets } from "../secrets.ts";
import { readText } from "./read-text.ts";

/** The part of `fetch` that is used; give your own for proxies or tests. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Repeats are made after 429, 5xx, a lost connection or a time-out; a server's Retry-After (up to 60 s) counts if longer. */
export interface HttpOptions extends RepeatOptions {
  readonly fetch?: Fetch | undefined;
  /** Sent as a bearer token; only ever taken from here. */
  readonly apiKey?: string | undefined;
  /** Further headers, such as a service's own for its key. Their values are kept out of errors as keys are. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** An answer longer than this is given up. Default 16 MiB. */
  readonly maxAnswerBytes?: number | undefined;
}

/** The server answered, but not with success. */
export interface HttpFailure {
  readonly status: number;
  /** What the server said, shortened. */
  readonly said: string;
}

/** An answer's JSON, or a refusal that repeats would not change. */
export type HttpAnswer = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly failure: HttpFailure };

/** Sends requests to one server. */
export class JsonClient {
  readonly #fetch: Fetch;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];
  readonly #patience: Patience;
  readonly #maxAnswerBytes: number;

  constructor(options: HttpOptions) {
    this.#fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
    const { apiKey, headers = {} } = options;
    for (const [name, value] of [["apiKey", apiKey], ...Object.entries(headers)] as const) {
      // Said without the value: fetch's own error would print it.
      if (value !== undefined && !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
        throw new OptionError(
          name,
          undefined,
          "a value that can stand in a header",
          "it holds a line break or another sign that cannot; it is not shown here.",
        );
    }
    this.#headers = { ...headers, ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) };
    this.#secrets = [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers).filter((value) => value.length >= 6)];
    this.#patience = new Patience(options);
    this.#maxAnswerBytes = options.maxAnswerBytes ?? 16 * 1024 * 1024;
    if (!(this.#maxAnswerBytes > 0)) throw new OptionError("maxAnswerBytes", this.#maxAnswerBytes, "a positive number");
  }

  /**
   * One answer: GET, or POST where there is a body.
   *
   * @throws PriorError where the server cannot be reached or keeps failing; the signal's reason when aborted.
   */
  async send(url: string, body: unknown, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    return this.#patience.repeat(
      (inner, timeIsUp) => this.#attempt(url, body, inner, timeIsUp, signal),
      (failure, attempts) => this.#givingUp(url, failure, attempts),
      signal,
    );
  }

  async #attempt(url: string, body: unknown, inner: AbortSignal, timeIsUp: () => boolean, signal: AbortSignal | undefined): Promise<Attempt<HttpAnswer>> {
    try {
      const response = await this.#fetch(url, {
        method: body === undefined ? "GET" : "POST",
        headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }), ...this.#headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: inner,
      });
      const text = await readText(url, response, this.#maxAnswerBytes);
      if (response.status === 429 || response.status >= 500) {
        const reason = `answered ${response.status} ${this.#whatItSaid(text)}`.trim();
        return { kind: "passing", reason, retryAfter: secondsIn(response.headers.get("retry-after")) };
      }
      if (!response.ok) return { kind: "done", value: { ok: false, failure: { status: response.status, said: this.#whatItSaid(text) } } };
      return { kind: "done", value: { ok: true, body: this.#parseJson(url, text) } };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof PriorError) throw error;
      const reason = timeIsUp()
        ? `did not answer within ${this.#patience.timeoutSeconds} s`
        : `could not be reached (${withoutSecrets(causeOf(error), this.#secrets)})`;
      return { kind: "passing", reason, cause: shownCause(error, this.#secrets) };
    }
  }

  #givingUp(url: string, failure: PassingFailure, attempts: string): PriorError {
    return new PriorError(`${url} ${failure.reason}, ${attempts}; expected an answer.`, {
      hint: "is the model server running, and is this its address?",
      ...(failure.cause === undefined ? {} : { cause: failure.cause }),
    });
  }

  #parseJson(url: string, text: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // The parser's own words quote the text: not kept, the text is shown once, without keys.
      throw new PriorError(`${url} answered ${describeValue(withoutSecrets(text.trim(), this.#secrets))}, expected JSON.`, {
        hint: "does the address belong to an OpenAI-compatible server? It usually ends in /v1.",
      });
    }
  }

  /** The message inside an error answer, or its first words. */
  #whatItSaid(text: string): string {
    const line = withoutSecrets(errorIn(text), this.#secrets)
      .replace(/[\s\p{Cc}]+/gu, " ")
      .trim();
    return line === "" ? "" : JSON.stringify(line.length > 200 ? `${line.slice(0, 197)}...` : line);
  }
}

function errorIn(text: string): string {
  try {
    const body = JSON.parse(text) as { readonly error?: { readonly message?: unknown } | string; readonly message?: unknown } | null;
    const error = body?.error;
    return String((typeof error === "object" ? error?.message : error) ?? body?.message ?? text);
  } catch {
    // Not JSON: its text says what there is to say.
    return text;
  }
}

/** What fetch says is "fetch failed"; what happened stands in its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
  return error instanceof Error ? error.message : String(error);
}

function secondsIn(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? 0);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
