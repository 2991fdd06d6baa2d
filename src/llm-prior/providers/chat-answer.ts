// The answers of completions, of chats and plain ones, and of model lists, read field by field: a server may leave out or change anything.
import { describeValue, PriorError } from "../../errors.ts";
import type { TokenUsage } from "../scorer.ts";
import type { ListedToken, TokenPosition } from "../token-scores.ts";

/**
 * The tokens listed at each position of the first choice, or undefined where the server gave no log-probabilities.
 *
 * @throws PriorError where there is no choice, or tokens are listed without text or number.
 */
export function chatTokens(url: string, body: unknown): readonly TokenPosition[] | undefined {
  return tokenPositions(url, fieldOf(fieldOf(firstChoice(url, body), "logprobs"), "content"));
}

/**
 * Tokens in the shape of a chat's `logprobs.content`: `[{ token, logprob, top_logprobs: [{ token, logprob }] }]`; undefined where there are none.
 *
 * @throws PriorError where tokens are listed without text or number.
 */
export function tokenPositions(url: string, content: unknown): readonly TokenPosition[] | undefined {
  if (!Array.isArray(content) || content.length === 0) return undefined;
  const positions: TokenPosition[] = [];
  for (const entry of content) {
    const top = fieldOf(entry, "top_logprobs");
    if (!Array.isArray(top) || top.length === 0) break;
    positions.push({ chosen: tokenOf(url, entry), listed: top.map((token) => tokenOf(url, token)) });
  }
  return positions.length === 0 ? undefined : positions;
}

/** The texts of all choices. @throws PriorError where there is none. */
export function chatTexts(url: string, body: unknown): readonly string[] {
  firstChoice(url, body);
  const choices = fieldOf(body, "choices") as readonly unknown[];
  return choices.map((choice) => {
    const content = fieldOf(fieldOf(choice, "message"), "content");
    // A model that only thought, or called a tool, said nothing.
    if (content === null || content === undefined) return "";
    if (typeof content !== "string") throw unexpected(url, "choices[].message.content", content, "text");
    return content;
  });
}

/** A model as GET /models lists it. */
export interface ListedModel {
  readonly name: string;
  /** What the server says about the weights, as text; undefined where it says nothing. */
  readonly identity: string | undefined;
}

/** The models in an answer to GET /models. @throws PriorError */
export function listedModels(url: string, body: unknown): readonly ListedModel[] {
  const data = fieldOf(body, "data");
  if (!Array.isArray(data)) throw unexpected(url, "data", data, "a list of models");
  return data.map((entry) => {
    const name = fieldOf(entry, "id");
    if (typeof name !== "string") throw unexpected(url, "data[].id", name, "a name");
    // llama.cpp tells sizes and quantisation, others a digest or the repository. Dates and settings of the server are no part of it.
    const said = ["digest", "root", "meta"].map((field) => fieldOf(entry, field)).filter((value) => value !== undefined && value !== null && value !== "");
    return { name, identity: said.length === 0 ? undefined : JSON.stringify([name, ...said]) };
  });
}

/**
 * The tokens listed at each position of the first choice of a plain completion, in either shape: `tokens`, `token_logprobs`, `top_logprobs` side by side, or
 * the chat shape, which llama.cpp gives here too. Undefined where there are none.
 *
 * @throws PriorError where tokens are listed without text or number.
 */
export function completionTokens(url: string, body: unknown): readonly TokenPosition[] | undefined {
  const logprobs = fieldOf(firstChoice(url, body), "logprobs");
  const tops = fieldOf(logprobs, "top_logprobs");
  if (!Array.isArray(tops)) return chatTokens(url, body);
  const tokens = fieldOf(logprobs, "tokens");
  const own = fieldOf(logprobs, "token_logprobs");
  const positions: TokenPosition[] = [];
  for (const [i, top] of tops.entries()) {
    if (typeof top !== "object" || top === null) break;
    const listed = Object.entries(top as Readonly<Record<string, unknown>>).map(([text, logprob]) => tokenOf(url, { token: text, logprob }));
    if (listed.length === 0) break;
    positions.push({ chosen: tokenOf(url, { token: elementOf(tokens, i), logprob: elementOf(own, i) }), listed });
  }
  return positions.length === 0 ? undefined : positions;
}

/** One token of an echoed prompt. */
export interface EchoedToken {
  readonly text: string;
  /** Undefined for the first, which nothing comes before. */
  readonly logProbability: number | undefined;
}

/**
 * The tokens of a prompt that was to be echoed, and those that came after it; undefined where the server did not echo it: many ignore `echo` without a
 * word, and some repeat the text but give log-probabilities of what they went on with alone.
 */
export function echoedTokens(url: string, body: unknown, prompt: string): readonly EchoedToken[] | undefined {
  const choice = firstChoice(url, body);
  const logprobs = fieldOf(choice, "logprobs");
  const tokens = fieldOf(logprobs, "tokens");
  const own = fieldOf(logprobs, "token_logprobs");
  const text = fieldOf(choice, "text");
  if (typeof text !== "string" || !text.startsWith(prompt) || !Array.isArray(tokens) || !Array.isArray(own) || own.length !== tokens.length) return undefined;
  if (!tokens.every((token) => typeof token === "string") || !tokens.join("").startsWith(prompt)) return undefined;
  const numbers = own.map((value: unknown) => (typeof value === "number" && value <= 1e-6 ? Math.min(0, value) : undefined));
  // The first token has none; all others must.
  if (numbers.slice(1).includes(undefined)) return undefined;
  return tokens.map((token, i) => ({ text: token, logProbability: numbers[i] }));
}

/** The text of the first choice of a plain completion. @throws PriorError */
export function completionText(url: string, body: unknown): string {
  const text = fieldOf(firstChoice(url, body), "text");
  if (typeof text !== "string") throw unexpected(url, "choices[].text", text, "text");
  return text;
}

/** Tokens as the server counted them; undefined where it did not. */
export function usageOf(body: unknown): TokenUsage | undefined {
  const usage = fieldOf(body, "usage");
  const [input, output] = [fieldOf(usage, "prompt_tokens"), fieldOf(usage, "completion_tokens")];
  return isCount(input) && isCount(output) ? { input, output } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function elementOf(list: unknown, i: number): unknown {
  return Array.isArray(list) ? (list as readonly unknown[])[i] : undefined;
}

function firstChoice(url: string, body: unknown): unknown {
  const choices = fieldOf(body, "choices");
  if (!Array.isArray(choices) || choices.length === 0) throw unexpected(url, "choices", choices, "at least one choice");
  return choices[0];
}

function tokenOf(url: string, entry: unknown): ListedToken {
  const text = fieldOf(entry, "token");
  const logProbability = fieldOf(entry, "logprob");
  if (typeof text !== "string") throw unexpected(url, "logprobs token", text, "text");
  if (typeof logProbability !== "number" || Number.isNaN(logProbability))
    throw unexpected(url, `logprob of ${JSON.stringify(text)}`, logProbability, "a number");
  const id = fieldOf(entry, "id");
  return typeof id === "number" ? { text, logProbability, id } : { text, logProbability };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function unexpected(url: string, where: string, got: unknown, expected: string): PriorError {
  return new PriorError(`${url} answered with ${where} ${describeValue(got)}, expected ${expected}.`, {
    hint: "does the address belong to an OpenAI-compatible server?",
  });
}
