// Chat completions: the first token's alternatives, and sampled answers under a schema.
import { PriorError } from "../../errors.ts";
import { actionSchema, drawSamples } from "../draw-samples.ts";
import { estimateTokens } from "../prompt.ts";
import type { ActionScores, ScoreOptions, ScoreRequest } from "../scorer.ts";
import { scoreTokens } from "../token-scores.ts";
import { chatTexts, chatTokens, usageOf } from "./chat-answer.ts";
import { type OpenAiServer, refusal } from "./openai-server.ts";

/** Positions looked at: the answer's first token, and one more where that is a blank or a quote. */
const POSITIONS = 2;
/** So many alternatives every server that gives any gives. */
const FEWEST = 5;
/** Room in a sampled answer for all but the label: `{"action": ""}`, quotes, an end. */
const SAMPLE_TOKENS = 24;

export interface ChatSettings {
  readonly topLogprobs: number;
  readonly samples: number;
  readonly schema: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Questions to POST /chat/completions. */
export class ChatRequests {
  readonly #server: OpenAiServer;
  readonly #settings: ChatSettings;
  readonly #url: string;
  #topLogprobs: number;
  #schema: boolean;

  constructor(server: OpenAiServer, settings: ChatSettings) {
    this.#server = server;
    this.#settings = settings;
    this.#url = server.urlOf("/chat/completions");
    this.#topLogprobs = settings.topLogprobs;
    this.#schema = settings.schema;
  }

  /** Scores from the first token's alternatives; undefined where the server gives none. @throws PriorError */
  async byLogprobs(request: ScoreRequest, options: ScoreOptions): Promise<ActionScores | undefined> {
    const common = await this.#common(request, options);
    const ask = (topLogprobs: number) => {
      options.beforeCall?.(request.prompt.tokens);
      const wanted = { max_tokens: POSITIONS, temperature: 0, logprobs: true, top_logprobs: topLogprobs };
      return this.#server.post("/chat/completions", { ...common, ...wanted, ...this.#settings.body }, options.signal);
    };
    let answer = await ask(this.#topLogprobs);
    let calls = 1;
    if (!answer.ok && this.#topLogprobs > FEWEST && /top_?logprobs/i.test(answer.failure.said)) {
      this.#topLogprobs = FEWEST;
      answer = await ask(FEWEST);
      calls++;
    }
    if (!answer.ok) {
      if (/logprob/i.test(answer.failure.said)) return undefined;
      throw refusal(this.#url, answer.failure);
    }
    const positions = chatTokens(this.#url, answer.body);
    if (positions === undefined) return undefined;
    const usage = usageOf(answer.body);
    return {
      ...scoreTokens(positions, request.answers),
      method: "logprobs",
      calls,
      ...(usage === undefined ? {} : { usage }),
      evidence: (positions[0]?.listed ?? []).map(({ text, logProbability }) => [text, logProbability] as const),
    };
  }

  /** Scores from sampled answers. `before`: requests made already for this question. @throws PriorError */
  async bySamples(request: ScoreRequest, options: ScoreOptions, before: number): Promise<ActionScores> {
    const common = await this.#common(request, options);
    const longest = request.answers.reduce((most, answer) => Math.max(most, estimateTokens(answer)), 0);
    const scores = await drawSamples(request, this.#settings.samples, options.parts, async (seed) => {
      const fields = { ...common, max_tokens: SAMPLE_TOKENS + longest, temperature: 1, seed };
      const ask = () => {
        options.beforeCall?.(request.prompt.tokens);
        const format = this.#schema ? { response_format: responseFormat(request.answers) } : {};
        return this.#server.post("/chat/completions", { ...fields, ...format, ...this.#settings.body }, options.signal);
      };
      let answer = await ask();
      let calls = 1;
      if (!answer.ok && this.#schema && (answer.failure.status === 400 || answer.failure.status === 422)) {
        // Not every server can; without the schema the same strict parsing decides.
        this.#schema = false;
        answer = await ask();
        calls++;
      }
      if (!answer.ok) throw refusal(this.#url, answer.failure);
      return { text: chatTexts(this.#url, answer.body)[0] ?? "", usage: usageOf(answer.body), calls };
    });
    return { ...scores, calls: before + scores.calls };
  }

  /** What is thrown where log-probabilities were insisted on. */
  withoutLogprobs(): PriorError {
    return new PriorError(`${this.#url} answered without log-probabilities, expected logprobs.content with top_logprobs.`, {
      hint: 'pass method: "samples", or use a server that gives them.',
    });
  }

  async #common(request: ScoreRequest, options: ScoreOptions): Promise<Record<string, unknown>> {
    return { model: await this.#server.modelName(options), messages: request.prompt.messages, stream: false };
  }
}

function responseFormat(answers: readonly string[]): Readonly<Record<string, unknown>> {
  return { type: "json_schema", json_schema: { name: "action", strict: true, schema: actionSchema(answers) } };
}
