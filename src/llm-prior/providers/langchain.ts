// Any chat model of LangChain.js: seeded answers parsed strictly, under a schema where the model can, or the first token's alternatives where it passes them on.
import { OptionError, PriorError } from "../../errors.ts";
import { actionSchema, type Drawn, drawSamples } from "../draw-samples.ts";
import type { ChatMessage } from "../prompt.ts";
import { Patience, type RepeatOptions } from "../repeat.ts";
import type { ActionScores, ScoreOptions, ScoreRequest, Scorer, TokenUsage } from "../scorer.ts";
import { scoreTokens } from "../token-scores.ts";
import { callModel } from "./call-model.ts";
import { tokenPositions } from "./chat-answer.ts";

/** What every chat model of LangChain.js has. */
export interface LangChainChatModel {
  invoke(messages: [string, string][], options?: Record<string, unknown>): PromiseLike<unknown>;
  withStructuredOutput?(schema: Record<string, unknown>, config?: Record<string, unknown>): LangChainChatModel;
}

export interface LangChainOptions extends RepeatOptions {
  readonly model: LangChainChatModel;
  /** The model's name, which LangChain does not tell in one way for all. Part of the key that answers are cached by. */
  readonly name: string;
  /** `samples` (default); `logprobs` reads `response_metadata.logprobs`, as `ChatOpenAI` made with `logprobs: true, topLogprobs: 20` gives it. */
  readonly method?: "samples" | "logprobs" | undefined;
  /** Answers drawn for each question. Default 8. */
  readonly samples?: number | undefined;
  /** Whether answers are held to a JSON schema that lists the actions, by the model's `withStructuredOutput`. Default false: not every model can. */
  readonly structured?: boolean | undefined;
  /** Further options of each call. The seed of a sample is always among them. */
  readonly callOptions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A scorer of a LangChain.js chat model. Its temperature and the length of answers are the model's own settings: make it with `temperature: 1`.
 *
 * @remarks LangChain repeats failed calls itself, so `retries` is 0 by default here.
 * @throws OptionError. Its `score` throws PriorError.
 * @example
 * import { ChatOpenAI } from "@langchain/openai";
 * const scorer = langChain({ model: new ChatOpenAI({ model: "gpt-4.1-mini", temperature: 1 }), name: "gpt-4.1-mini" });
 */
export function langChain(options: LangChainOptions): Scorer {
  const { model, name, method = "samples", samples = 8, structured = false, callOptions = {} } = options;
  if (typeof model?.invoke !== "function") throw new OptionError("model", model, "a chat model of LangChain.js");
  if (!(Number.isInteger(samples) && samples >= 1)) throw new OptionError("samples", samples, "a positive integer");
  if (structured && model.withStructuredOutput === undefined) throw new OptionError("structured", structured, "false for a model without withStructuredOutput");
  const patience = new Patience({ retries: 0, ...options });

  async function invoke(target: LangChainChatModel, request: ScoreRequest, fields: Readonly<Record<string, unknown>>, { signal, beforeCall }: ScoreOptions) {
    beforeCall?.(request.prompt.tokens);
    const messages = request.prompt.messages.map(messageOf);
    return callModel(name, patience, signal, (inner) => target.invoke(messages, { ...callOptions, ...fields, signal: inner }));
  }

  async function bySamples(request: ScoreRequest, scoring: ScoreOptions): Promise<ActionScores> {
    const schema = { title: "action", ...actionSchema(request.answers) };
    const target = structured ? (model.withStructuredOutput?.(schema, { name: "action" }) ?? model) : model;
    return drawSamples(request, samples, scoring.parts, async (seed): Promise<Drawn> => {
      const answer = await invoke(target, request, { seed }, scoring);
      return structured ? { text: JSON.stringify(answer) ?? "" } : { text: textOf(answer), usage: usageOf(answer) };
    });
  }

  async function byLogprobs(request: ScoreRequest, scoring: ScoreOptions): Promise<ActionScores> {
    const answer = await invoke(model, request, {}, scoring);
    const positions = tokenPositions(name, fieldOf(fieldOf(fieldOf(answer, "response_metadata"), "logprobs"), "content"));
    if (positions === undefined)
      throw new PriorError(`${name} answered without log-probabilities, expected response_metadata.logprobs.content.`, {
        hint: 'make the model with logprobs: true and topLogprobs, or pass method: "samples".',
      });
    const usage = usageOf(answer);
    return { ...scoreTokens(positions, request.answers), method: "logprobs", calls: 1, ...(usage === undefined ? {} : { usage }) };
  }

  return {
    info: async () => ({
      source: "server",
      model: name,
      provider: "langchain",
      ability: method === "samples" ? "sample" : "top-k",
      parameters: { method, samples, structured, callOptions },
    }),
    score: (request, scoring = {}) => (method === "samples" ? bySamples(request, scoring) : byLogprobs(request, scoring)),
  };
}

/** LangChain's words for the roles. */
function messageOf({ role, content }: ChatMessage): [string, string] {
  return [role === "user" ? "human" : role === "assistant" ? "ai" : role, content];
}

/** Content is text, or blocks some of which are text. */
function textOf(message: unknown): string {
  const content = fieldOf(message, "content");
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((block) => (typeof block === "string" ? block : fieldOf(block, "type") === "text" ? String(fieldOf(block, "text") ?? "") : "")).join("");
}

function usageOf(message: unknown): TokenUsage | undefined {
  const usage = fieldOf(message, "usage_metadata");
  const [input, output] = [fieldOf(usage, "input_tokens"), fieldOf(usage, "output_tokens")];
  return typeof input === "number" && typeof output === "number" && input >= 0 && output >= 0 ? { input, output } : undefined;
}

/** Fields may be getters of a class, as messages are. */
function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
