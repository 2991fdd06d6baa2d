// Plain completions: exact sums of a prompt's tokens where a server really echoes it, else a walk over the tokens it lists.
import { PriorError } from "../../errors.ts";
import { addUsage } from "../draw-samples.ts";
import { estimateTokens } from "../prompt.ts";
import { type ActionScores, logAdd, logSoftmax, type ScoreOptions, type ScoreRequest, type TokenUsage } from "../scorer.ts";
import type { ListedToken } from "../token-scores.ts";
import { walkTokens } from "../token-walk.ts";
import { completionTokens, echoedTokens, usageOf } from "./chat-answer.ts";
import { type OpenAiServer, refusal } from "./openai-server.ts";
import { type FormattedPrompt, type PromptFormat, plainFormat } from "./prompt-format.ts";

/** A server that echoes gives each of these words back, with a number each. */
const PROBE = "One two three four";
/** Positions asked for of one answer at most. */
const MOST_POSITIONS = 12;

export interface CompletionSettings {
  readonly topLogprobs: number;
  readonly format: PromptFormat;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Questions to POST /completions. */
export class CompletionRequests {
  readonly #server: OpenAiServer;
  readonly #settings: CompletionSettings;
  readonly #url: string;
  /** Whether the server echoes prompts; undefined until asked. */
  #echoes: boolean | undefined;
  #plain: boolean;

  constructor(server: OpenAiServer, settings: CompletionSettings) {
    this.#server = server;
    this.#settings = settings;
    this.#url = server.urlOf("/completions");
    this.#plain = settings.format === "plain";
  }

  /** Whether the server really echoes; undefined before the first question. */
  get echoes(): boolean | undefined {
    return this.#echoes;
  }

  /** Scores; undefined where the server gives no log-probabilities. @throws PriorError */
  async score(request: ScoreRequest, options: ScoreOptions): Promise<ActionScores | undefined> {
    let probes = 0;
    if (this.#echoes === undefined) {
      this.#echoes = await this.#probe(options);
      probes = 1;
    }
    const prompt = await this.#format(request, options);
    const scores = this.#echoes ? await this.#byEcho(prompt, request, options) : await this.#byWalk(prompt, request, options);
    return scores === undefined ? undefined : { ...scores, calls: scores.calls + probes };
  }

  async #probe(options: ScoreOptions): Promise<boolean> {
    const answer = await this.#ask(PROBE, { echo: true, logprobs: 1 }, options);
    // Servers that know nothing of echo may refuse the field.
    return answer.ok && echoedTokens(this.#url, answer.body, PROBE) !== undefined;
  }

  /** For each answer the sum of its tokens' log-probabilities after the prompt. */
  async #byEcho(prompt: FormattedPrompt, request: ScoreRequest, options: ScoreOptions): Promise<ActionScores> {
    const { answers } = request;
    // Where one answer begins another, a line's end tells them apart.
    const end = answers.some((a, i) => answers.some((b, j) => i !== j && b.startsWith(a))) ? "\n" : "";
    const sums: number[] = [];
    const lengths: number[] = [];
    let calls = 0;
    let usage: TokenUsage | undefined;
    for (const [i, answer] of answers.entries()) {
      const text = `${prompt.text}${prompt.lead}${answer}${end}`;
      const kept = await options.parts?.get(i);
      const known = kept === undefined ? undefined : (JSON.parse(kept) as { readonly sum: number; readonly length: number });
      if (known !== undefined) {
        sums.push(known.sum);
        lengths.push(known.length);
        continue;
      }
      const got = await this.#ask(text, { echo: true, logprobs: 1 }, options);
      calls++;
      if (!got.ok) throw refusal(this.#url, got.failure);
      const tokens = echoedTokens(this.#url, got.body, text);
      if (tokens === undefined) throw new PriorError(`${this.#url} echoed a first prompt but not this one, expected the same for all.`);
      const part = sumAfter(tokens, prompt.text.length, text.length);
      await options.parts?.set(i, JSON.stringify(part));
      sums.push(part.sum);
      lengths.push(part.length);
      usage = addUsage(usage, usageOf(got.body));
    }
    return {
      logProbabilities: logSoftmax(sums),
      coverage: Math.min(1, Math.exp(sums.reduce(logAdd, Number.NEGATIVE_INFINITY))),
      method: "exact",
      floored: 0,
      calls,
      lengths,
      ...(usage === undefined ? {} : { usage }),
      evidence: answers.map((answer, i) => [answer, sums[i] ?? 0] as const),
    };
  }

  /** The token trie, a request a position. */
  async #byWalk(prompt: FormattedPrompt, request: ScoreRequest, options: ScoreOptions): Promise<ActionScores | undefined> {
    let usage: TokenUsage | undefined;
    let calls = 0;
    const listedAfter = async (path: readonly ListedToken[]): Promise<readonly ListedToken[] | undefined> => {
      const text = prompt.text + path.map((token) => token.text).join("");
      const answer = await this.#ask(text, { logprobs: this.#settings.topLogprobs }, options);
      calls++;
      if (!answer.ok && !/logprob/i.test(answer.failure.said)) throw refusal(this.#url, answer.failure);
      if (!answer.ok) return undefined;
      usage = addUsage(usage, usageOf(answer.body));
      return completionTokens(this.#url, answer.body)?.[0]?.listed;
    };
    const first = await listedAfter([]);
    if (first === undefined) return undefined;
    const {
      positions: _,
      complete: __,
      ...scores
    } = await walkTokens(request.answers, async (path) => ({ listed: path.length === 0 ? first : ((await listedAfter(path)) ?? []), complete: false }), {
      maxPositions: MOST_POSITIONS,
    });
    return {
      ...scores,
      method: "logprobs",
      calls,
      ...(usage === undefined ? {} : { usage }),
      evidence: first.map(({ text, logProbability }) => [text, logProbability] as const),
    };
  }

  async #ask(prompt: string, fields: Readonly<Record<string, unknown>>, options: ScoreOptions) {
    options.beforeCall?.(estimateTokens(prompt));
    const model = await this.#server.modelName(options);
    const body = { model, prompt, max_tokens: 1, temperature: 0, stream: false, ...fields, ...this.#settings.body };
    return this.#server.post("/completions", body, options.signal);
  }

  async #format(request: ScoreRequest, options: ScoreOptions): Promise<FormattedPrompt> {
    const { messages } = request.prompt;
    const { format } = this.#settings;
    if (typeof format === "function") return format(messages);
    if (this.#plain) return plainFormat(messages);
    const answer = await this.#server.post("/apply-template", { messages }, options.signal, true);
    const body = answer.ok ? answer.body : undefined;
    const text = typeof body === "object" && body !== null && "prompt" in body ? body.prompt : undefined;
    if (typeof text === "string" && text !== "") return { text, lead: "" };
    this.#plain = true;
    return plainFormat(messages);
  }
}

/** The sum of the log-probabilities of the tokens that reach beyond `from` and begin before `to`, and their number. */
function sumAfter(
  tokens: readonly { readonly text: string; readonly logProbability: number | undefined }[],
  from: number,
  to: number,
): { readonly sum: number; readonly length: number } {
  let at = 0;
  let sum = 0;
  let length = 0;
  for (const { text, logProbability } of tokens) {
    const ends = at + text.length;
    if (ends > from && at < to) {
      sum += logProbability ?? 0;
      length++;
    }
    at = ends;
  }
  return { sum, length: Math.max(1, length) };
}
