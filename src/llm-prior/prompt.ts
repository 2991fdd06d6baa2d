// Prompts: a fixed header (task, environment, goal, action space, examples) shared by every state, then the state last, so that servers cache the header.
import { OptionError, PriorError } from "../errors.ts";
import { promptText } from "./prompt-text.ts";

/** Goes up whenever the same parts would render to another text: part of the key that answers are cached by. */
export const PROMPT_VERSION = 1;

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** A state's features and the action that is right there: one turn of few-shot learning. */
export interface PromptExample {
  readonly features: string;
  /** An action's label, as text. */
  readonly action: string;
}

/** A prompt as a model gets it. */
export interface RenderedPrompt {
  readonly messages: readonly ChatMessage[];
  /** All of it as one line of JSON: equal texts are equal prompts. */
  readonly text: string;
  /** An estimate from above of its length in tokens. */
  readonly tokens: number;
}

/** Whether a model answers with labels or with letters. `auto`: labels where no two begin alike, letters elsewhere. */
export type AnswerForm = "auto" | "labels" | "letters";

/** The five parts of a prompt's header. Each is data: chat marks in it are taken apart. */
export interface PromptParts {
  /** What is to be done, in a sentence or two. Default: "Choose the best action." */
  readonly task?: string | undefined;
  /** How the world behaves: what moves do, what is dangerous. */
  readonly environment?: string | undefined;
  /** When it is done, and what counts. */
  readonly goal?: string | undefined;
  /** What the actions mean, where their names do not say it. The list of them is always added. */
  readonly actionSpace?: string | undefined;
  /** Solved states of other problems, about as many of each action: see `balancedExamples`. */
  readonly examples?: readonly PromptExample[] | undefined;
}

export interface PromptOptions extends PromptParts {
  /** The actions' labels as text. */
  readonly actions: readonly string[];
  readonly answer?: AnswerForm | undefined;
  /** Prompts stay below this many tokens, estimated from above. Default 1,000. */
  readonly maxTokens?: number | undefined;
  /** The longest features to be rendered later, in tokens: examples are left out until there is room for them. */
  readonly reserve?: number | undefined;
}

/** The header with everything a state's prompt needs. */
export interface PromptTemplate {
  /** The messages that every prompt begins with. */
  readonly header: readonly ChatMessage[];
  /** What the model is asked to answer for each action, in action order. */
  readonly answers: readonly string[];
  /** How many of the examples there was room for. */
  readonly examples: number;
  /** What was left out, in words; empty if nothing was. */
  readonly notes: readonly string[];
  /**
   * The prompt of a state. `offered` lists the action indices to choose from, where not all are.
   *
   * @throws PriorError where it would reach `maxTokens`.
   */
  render(features: string, offered?: readonly number[]): RenderedPrompt;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Tokens of chat markup around one message: begin, role, end, newline, and a margin. */
const MESSAGE_TOKENS = 6;

/**
 * Makes the template of a model's prompts: one system message, each example as a turn of user and assistant, the state as the last user message.
 *
 * @throws PriorError where the header alone leaves no room, an example names no action, or letters run out; OptionError.
 * @example
 * const template = promptTemplate({ actions: ["left", "right"], examples: [{ features: "goal: left", action: "left" }] });
 * template.render("goal: right").messages.length; // 4
 */
export function promptTemplate(options: PromptOptions): PromptTemplate {
  const actions = options.actions.map(promptText);
  const maxTokens = options.maxTokens ?? 1000;
  if (!(Number.isInteger(maxTokens) && maxTokens >= 1)) throw new OptionError("maxTokens", maxTokens, "a positive integer");
  if (actions.length === 0) throw new OptionError("actions", "an empty list", "at least one action");
  const letters = usesLetters(actions, options.answer ?? "auto");
  const answers = letters ? actions.map((_, a) => LETTERS.charAt(a)) : actions;
  const system: ChatMessage = { role: "system", content: instruction(options, actions, letters) };
  const turns = (options.examples ?? []).map((example) => turnOf(example, actions, answers));
  const notes: string[] = [];
  const room = maxTokens - 1 - countTokens([system]) - MESSAGE_TOKENS * 2 - (options.reserve ?? 0);
  let used = 0;
  let kept = 0;
  for (const turn of turns) {
    used += countTokens(turn);
    if (used > room) break;
    kept++;
  }
  if (kept < turns.length) notes.push(`${turns.length - kept} of ${turns.length} examples left out: a prompt stays under ${maxTokens} tokens.`);
  const header = [system, ...turns.slice(0, kept).flat()];
  const headerTokens = countTokens(header);
  return {
    header,
    answers,
    examples: kept,
    notes,
    render(features, offered) {
      const messages = [...header, { role: "user" as const, content: suffix(promptText(features), answers, offered) }];
      const tokens = headerTokens + countTokens(messages.slice(header.length)) + MESSAGE_TOKENS;
      if (tokens >= maxTokens) {
        throw new PriorError(`the prompt for ${JSON.stringify(shorten(features))} has about ${tokens} tokens, expected fewer than ${maxTokens}.`, {
          hint: "shorten what describe answers, the task or the action labels.",
        });
      }
      return { messages, text: JSON.stringify(messages), tokens };
    },
  };
}

/**
 * How many tokens a text may take, from above for the usual byte-pair vocabularies: a word costs a token for every three letters (two
 * where it is too long to be one), each digit, sign, line break and byte of other scripts one.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [part] of text.matchAll(/[A-Za-z]+|[^\sA-Za-z]|[^\S ]| {2,}/gu)) {
    if (/^[A-Za-z]/.test(part)) tokens += Math.ceil(part.length / (part.length > 12 ? 2 : 3));
    else if (part.startsWith(" ")) tokens += part.length - 1;
    else tokens += utf8Length(part);
  }
  return tokens;
}

function countTokens(messages: readonly ChatMessage[]): number {
  let tokens = 0;
  for (const message of messages) tokens += estimateTokens(message.content) + MESSAGE_TOKENS;
  return tokens;
}

function utf8Length(text: string): number {
  const point = text.codePointAt(0) ?? 0;
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

function usesLetters(actions: readonly string[], form: AnswerForm): boolean {
  if (form === "labels") return false;
  if (form === "letters" || beginAlike(actions)) {
    if (actions.length <= LETTERS.length) return true;
    if (form === "letters")
      throw new PriorError(`there are ${actions.length} actions, expected at most ${LETTERS.length} to be answered with letters.`, {
        hint: 'pass answer: "labels".',
      });
  }
  return false;
}

/** Whether two answers have the same first character, or one begins with a sign: then a first token may fit several. */
export function beginAlike(actions: readonly string[]): boolean {
  const firsts = actions.map((label) => label.charAt(0).toLowerCase());
  return firsts.some((first) => !/[\p{L}\p{N}]/u.test(first)) || new Set(firsts).size < firsts.length;
}

function instruction(parts: PromptParts, actions: readonly string[], letters: boolean): string {
  const { task = "Choose the best action.", environment, goal, actionSpace } = parts;
  const text = [task, environment, goal, actionSpace].flatMap((part) => (part === undefined ? [] : [promptText(part)])).filter((part) => part !== "");
  if (!letters) return `${text.join(" ")} Answer with one word: ${listed(actions)}.`;
  return `${text.join(" ")} Answer with one letter: ${actions.map((label, a) => `${LETTERS.charAt(a)}) ${label}`).join(", ")}.`;
}

function turnOf(example: PromptExample, actions: readonly string[], answers: readonly string[]): readonly [ChatMessage, ChatMessage] {
  const a = actions.indexOf(promptText(example.action));
  const answer = answers[a];
  if (answer === undefined) throw new PriorError(`an example's action is ${JSON.stringify(example.action)}, expected one of ${actions.join(", ")}.`);
  return [
    { role: "user", content: promptText(example.features) },
    { role: "assistant", content: answer },
  ];
}

function suffix(features: string, answers: readonly string[], offered: readonly number[] | undefined): string {
  if (offered === undefined || offered.length === answers.length) return features;
  return `${features}; possible: ${offered.map((a) => answers[a]).join(", ")}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
