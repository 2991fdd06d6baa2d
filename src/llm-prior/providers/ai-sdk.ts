// Any language model of the AI SDK (`ai` 5 and 6): seeded answers under a JSON schema, or the first token's alternatives where a provider passes them on.
import { OptionError, PriorError } from "../../errors.ts";
import { actionSchema, type Drawn, drawSamples } from "../draw-samples.ts";
import { type ChatMessage, estimateTokens } from "../prompt.ts";
import { Patience, type RepeatOptions } from "../repeat.ts";
import type { ActionScores, ScoreOptions, ScoreRequest, Scorer, TokenUsage } from "../scorer.ts";
import { scoreTokens } from "../token-scores.ts";
import { callModel } from "./call-model.ts";
import { tokenPositions } from "./chat-answer.ts";

/** What every model of the AI SDK has, by its provider specification (v2, v3); `openai("gpt-5")` of a provider package gives one. */
export interface AiSdkModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: AiSdkCall): PromiseLike<AiSdkResult>;
}

/** The part of a call's options that is used. */
export interface AiSdkCall {
  prompt: AiSdkMessage[];
  maxOutputTokens?: number;
  temperature?: number;
  seed?: number;
  responseFormat?: { type: "json"; schema?: object; name?: string };
  providerOptions?: Record<string, Record<string, string | number | boolean | null>>;
  abortSignal?: AbortSignal;
}

export type AiSdkMessage =
  | { role: "system"; content: string }
  | { role: "user"; content: { type: "text"; text: string }[] }
  | { role: "assistant"; content: { type: "text"; text: string }[] };

/** The part of a result that is used; read field by field, for providers differ. */
export interface AiSdkResult {
  readonly content: readonly object[];
  readonly usage?: object | undefined;
  readonly providerMetadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface AiSdkOptions extends RepeatOptions {
  readonly model: AiSdkModel;
  /**
   * `samples` (default); `logprobs` reads `logprobs` of the provider's metadata, which has to be asked for by `providerOptions`, such as
   * `{ openai: { logprobs: 20 } }`: few providers pass them on.
   */
  readonly method?: "samples" | "logprobs" | undefined;
  /** Answers drawn for each question. Default 8. */
  readonly samples?: number | undefined;
  /** Whether answers are held to a JSON schema that lists the actions. Default true. */
  readonly schema?: boolean | undefined;
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, string | number | boolean | null>>>> | undefined;
}

/** Room in a sampled answer for all but the label. */
const SAMPLE_TOKENS = 24;

/**
 * A scorer of an AI SDK model.
 *
 * @throws OptionError. Its `score` throws PriorError.
 * @example
 * import { openai } from "@ai-sdk/openai";
 * const scorer = aiSdk({ model: openai("gpt-4.1-mini"), samples: 16 });
 */
export function aiSdk(options: AiSdkOptions): Scorer {
  const { model, method = "samples", samples = 8, schema = true, providerOptions } = options;
  if (typeof model?.doGenerate !== "function") throw new OptionError("model", model, "a language model of an AI SDK provider, not its name");
  if (!(Number.isInteger(samples) && samples >= 1)) throw new OptionError("samples", samples, "a positive integer");
  const patience = new Patience(options);
  const name = `${model.provider} ${model.modelId}`;

  async function generate(request: ScoreRequest, fields: Partial<AiSdkCall>, { signal, beforeCall }: ScoreOptions): Promise<AiSdkResult> {
    beforeCall?.(request.prompt.tokens);
    const call = {
      prompt: request.prompt.messages.map(messageOf),
      ...(providerOptions === undefined ? {} : { providerOptions: copied(providerOptions) }),
      ...fields,
    };
    return callModel(name, patience, signal, (abortSignal) => model.doGenerate({ ...call, abortSignal }));
  }

  async function bySamples(request: ScoreRequest, scoring: ScoreOptions): Promise<ActionScores> {
    const room = SAMPLE_TOKENS + request.answers.reduce((most, answer) => Math.max(most, estimateTokens(answer)), 0);
    return drawSamples(request, samples, scoring.parts, async (seed): Promise<Drawn> => {
      const responseFormat = schema ? { responseFormat: { type: "json" as const, name: "action", schema: actionSchema(request.answers) } } : {};
      const result = await generate(request, { maxOutputTokens: room, temperature: 1, seed, ...responseFormat }, scoring);
      return { text: textOf(result), usage: usageOf(result) };
    });
  }

  async function byLogprobs(request: ScoreRequest, scoring: ScoreOptions): Promise<ActionScores> {
    const result = await generate(request, { maxOutputTokens: 2, temperature: 0 }, scoring);
    const positions = Object.values(result.providerMetadata ?? {})
      .map((metadata) => tokenPositions(name, logprobsIn(metadata)))
      .find((found) => found !== undefined);
    if (positions === undefined)
      throw new PriorError(`${name} answered without log-probabilities, expected them in its provider's metadata.`, {
        hint: 'ask for them with providerOptions, or pass method: "samples".',
      });
    const usage = usageOf(result);
    return { ...scoreTokens(positions, request.answers), method: "logprobs", calls: 1, ...(usage === undefined ? {} : { usage }) };
  }

  return {
    info: async () => ({
      source: "server",
      model: model.modelId,
      provider: `ai-sdk ${model.provider}`,
      ability: method === "samples" ? "sample" : "top-k",
      parameters: { method, samples, schema, providerOptions: providerOptions ?? {} },
    }),
    score: (request, scoring = {}) => (method === "samples" ? bySamples(request, scoring) : byLogprobs(request, scoring)),
  };
}

function messageOf({ role, content }: ChatMessage): AiSdkMessage {
  return role === "system" ? { role, content } : { role, content: [{ type: "text", text: content }] };
}

function textOf(result: AiSdkResult): string {
  const parts: readonly unknown[] = Array.isArray(result?.content) ? result.content : [];
  return parts
    .map((part) => {
      const isText = typeof part === "object" && part !== null && "type" in part && part.type === "text";
      return isText && "text" in part && typeof part.text === "string" ? part.text : "";
    })
    .join("");
}

/** v3 gives `{ inputTokens: { total } }`, v2 a number. */
function usageOf(result: AiSdkResult): TokenUsage | undefined {
  const { inputTokens, outputTokens } = (result?.usage ?? {}) as Readonly<Record<string, unknown>>;
  const [input, output] = [inputTokens, outputTokens].map((count) => (typeof count === "object" && count !== null && "total" in count ? count.total : count));
  return typeof input === "number" && typeof output === "number" && input >= 0 && output >= 0 ? { input, output } : undefined;
}

function logprobsIn(metadata: unknown): unknown {
  const found = typeof metadata === "object" && metadata !== null && "logprobs" in metadata ? metadata.logprobs : undefined;
  return typeof found === "object" && found !== null && "content" in found ? found.content : found;
}

function copied(options: NonNullable<AiSdkOptions["providerOptions"]>): NonNullable<AiSdkCall["providerOptions"]> {
  return Object.fromEntries(Object.entries(options).map(([provider, fields]) => [provider, { ...fields }]));
}
