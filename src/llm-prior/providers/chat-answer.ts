// The answers of chat completions and model lists, read field by field: a server may leave out or change anything.
import { describeValue, PriorError } from "../../errors.ts";
import type { ListedToken, TokenPosition } from "../token-scores.ts";

/**
 * The tokens listed at each position of the first choice, or undefined where the server gave no log-probabilities.
 *
 * @throws PriorError where there is no choice, or tokens are listed without text or number.
 */
export function chatTokens(url: string, body: unknown): readonly TokenPosition[] | undefined {
  const logprobs = fieldOf(firstChoice(url, body), "logprobs");
  const content = fieldOf(logprobs, "content");
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

/** The names in an answer to GET /models. @throws PriorError */
export function modelNames(url: string, body: unknown): readonly string[] {
  const data = fieldOf(body, "data");
  if (!Array.isArray(data)) throw unexpected(url, "data", data, "a list of models");
  return data.map((entry) => {
    const id = fieldOf(entry, "id");
    if (typeof id !== "string") throw unexpected(url, "data[].id", id, "a name");
    return id;
  });
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
  if (typeof logProbability !== "number") throw unexpected(url, `logprob of ${JSON.stringify(text)}`, logProbability, "a number");
  return { text, logProbability };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function unexpected(url: string, where: string, got: unknown, expected: string): PriorError {
  return new PriorError(`${url} answered with ${where} ${describeValue(got)}, expected ${expected}.`, {
    hint: "does the address belong to an OpenAI-compatible server?",
  });
}
