// JSON over HTTP with patience: time limits, repeats after failures that pass, and errors that say what to do.
import { describeValue, OptionError, PriorError } from "../../errors.ts";

/** The part of `fetch` that is used; give your own for proxies or tests. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpOptions {
  readonly fetch?: Fetch | undefined;
  /** Sent as a bearer token; only ever taken from here. */
  readonly apiKey?: string | undefined;
  /** Repeats after 429, 5xx, a lost connection or a time-out. Default 3. */
  readonly retries?: number | undefined;
  /** Seconds before the first repeat; doubled for each one after. Default 0.25. A server's Retry-After (up to 60 s) counts if longer. */
  readonly backoffSeconds?: number | undefined;
  /** Seconds one request may take. Default 120. */
  readonly timeoutSeconds?: number | undefined;
}

/** The server answered, but not with success. */
export interface HttpFailure {
  readonly status: number;
  /** What the server said, shortened. */
  readonly said: string;
}

/** An answer's JSON, or a refusal that repeats would not change. */
export type HttpAnswer = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly failure: HttpFailure };

const LONGEST_WAIT_SECONDS = 60;

/** Sends requests to one server. */
export class JsonClient {
  readonly #fetch: Fetch;
  readonly #apiKey: string | undefined;
  readonly #retries: number;
  readonly #backoffSeconds: number;
  readonly #timeoutSeconds: number;

  constructor(options: HttpOptions) {
    this.#fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
    this.#apiKey = options.apiKey;
    this.#retries = options.retries ?? 3;
    this.#backoffSeconds = options.backoffSeconds ?? 0.25;
    this.#timeoutSeconds = options.timeoutSeconds ?? 120;
    if (!(Number.isInteger(this.#retries) && this.#retries >= 0)) throw new OptionError("retries", this.#retries, "an integer >= 0");
    if (!(this.#backoffSeconds >= 0 && this.#backoffSeconds <= LONGEST_WAIT_SECONDS))
      throw new OptionError("backoffSeconds", this.#backoffSeconds, "a number from 0 to 60");
    if (!(this.#timeoutSeconds > 0 && this.#timeoutSeconds <= 86_400))
      throw new OptionError("timeoutSeconds", this.#timeoutSeconds, "a positive number of at most 86,400");
  }

  /**
   * One answer: GET, or POST where there is a body.
   *
   * @throws PriorError where the server cannot be reached or keeps failing; the signal's reason when aborted.
   */
  async send(url: string, body: unknown, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#attempt(url, body, signal);
      if (outcome.kind === "answer") return outcome.answer;
      if (attempt >= this.#retries) throw this.#givingUp(url, outcome, attempt + 1);
      const wait = Math.max(this.#backoffSeconds * 2 ** attempt, outcome.retryAfter);
      await sleep(Math.min(wait, LONGEST_WAIT_SECONDS), signal);
    }
  }

  async #attempt(url: string, body: unknown, signal: AbortSignal | undefined): Promise<Attempt> {
    signal?.throwIfAborted();
    const limit = AbortSignal.timeout(this.#timeoutSeconds * 1000);
    try {
      const response = await this.#fetch(url, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(this.#apiKey === undefined ? {} : { authorization: `Bearer ${this.#apiKey}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      const text = await response.text();
      if (response.status === 429 || response.status >= 500) {
        return {
          kind: "passing",
          reason: `answered ${response.status} ${whatItSaid(text)}`.trim(),
          retryAfter: secondsIn(response.headers.get("retry-after")),
          cause: undefined,
        };
      }
      if (!response.ok) return { kind: "answer", answer: { ok: false, failure: { status: response.status, said: whatItSaid(text) } } };
      return { kind: "answer", answer: { ok: true, body: parseJson(url, text) } };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof PriorError) throw error;
      const reason = limit.aborted ? `did not answer within ${this.#timeoutSeconds} s` : `could not be reached (${causeOf(error)})`;
      return { kind: "passing", reason, retryAfter: 0, cause: error };
    }
  }

  #givingUp(url: string, outcome: Passing, attempts: number): PriorError {
    return new PriorError(`${url} ${outcome.reason}, ${attempts === 1 ? "once" : `${attempts} times`}; expected an answer.`, {
      hint: "is the model server running, and is this its address?",
      ...(outcome.cause === undefined ? {} : { cause: outcome.cause }),
    });
  }
}

type Attempt = { readonly kind: "answer"; readonly answer: HttpAnswer } | Passing;

/** A failure that may pass. */
interface Passing {
  readonly kind: "passing";
  readonly reason: string;
  readonly retryAfter: number;
  readonly cause: unknown;
}

function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new PriorError(`${url} answered ${describeValue(text.trim())}, expected JSON.`, {
      hint: "does the address belong to an OpenAI-compatible server? It usually ends in /v1.",
      cause,
    });
  }
}

/** The message inside an error answer, or its first words. */
function whatItSaid(text: string): string {
  let said: unknown = text;
  try {
    const body = JSON.parse(text) as { readonly error?: { readonly message?: unknown } | string; readonly message?: unknown } | null;
    const error = body?.error;
    said = (typeof error === "object" ? error?.message : error) ?? body?.message ?? text;
  } catch {
    // Not JSON: its text says what there is to say.
  }
  const line = String(said)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line === "" ? "" : JSON.stringify(line.length > 200 ? `${line.slice(0, 197)}...` : line);
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

async function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
  signal?.throwIfAborted();
}
