// Models of other libraries as scorers: the real AI SDK with its test models, real LangChain chat models, and transformers.js by its call shape (a stand-in: no model).
import { AIMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { APICallError, generateText } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { describe, expect, it } from "vitest";
import { OptionError, PriorError } from "../../../src/errors.ts";
import { aiSdk, elicitPrior, langChain, MemoryCache, promptTemplate, type ScoreRequest, transformersJs } from "../../../src/llm-prior/index.ts";
import { corridor } from "./problems.ts";

const ACTIONS = ["left", "right"];
const EXAMPLES = [{ features: "goal: left", action: "left" }];

function question(actions: readonly string[] = ACTIONS): ScoreRequest {
  const template = promptTemplate({ actions, examples: EXAMPLES.filter(({ action }) => actions.includes(action)), answer: "labels" });
  return { prompt: template.render("goal: right"), actions, answers: template.answers, states: [0] };
}

type Generated = Awaited<ReturnType<MockLanguageModelV3["doGenerate"]>>;

function generated(text: string, rest: Partial<Generated> = {}): Generated {
  const usage = { inputTokens: { total: 20, noCache: 20, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 5, text: 5, reasoning: 0 } };
  return { content: [{ type: "text", text }], finishReason: { unified: "stop", raw: "stop" }, usage, warnings: [], ...rest };
}

const TOP = [
  { token: "right", logprob: Math.log(0.6) },
  { token: " left", logprob: Math.log(0.2) },
];
const CONTENT = [{ ...TOP[0], top_logprobs: TOP }];

describe("aiSdk", () => {
  it("draws seeded answers under a schema that lists the actions, from a model that the AI SDK itself takes", async () => {
    const texts = ['{"action":"right"}', '{"action":"right"}', '{"action":"left"}', "right or left"];
    const model = new MockLanguageModelV3({ provider: "mock", modelId: "m-1", doGenerate: texts.map((text) => generated(text)) });
    expect((await generateText({ model: new MockLanguageModelV3({ doGenerate: generated("hello") }), prompt: "x" })).text).toBe("hello");
    const scorer = aiSdk({ model, samples: 4 });
    const scores = await scorer.score(question());
    expect(scores.logProbabilities.map(Math.exp)).toEqual([1.5 / 4, 2.5 / 4].map((p) => expect.closeTo(p, 12)));
    expect(scores).toMatchObject({ method: "samples", coverage: 0.75, calls: 4, usage: { input: 80, output: 20 } });
    expect(await scorer.info()).toMatchObject({ model: "m-1", provider: "ai-sdk mock", ability: "sample" });
    expect(model.doGenerateCalls.map(({ seed }) => seed)).toEqual([1, 2, 3, 4]);
    expect(model.doGenerateCalls[0]).toMatchObject({
      responseFormat: { type: "json", schema: { properties: { action: { enum: ACTIONS } } } },
      temperature: 1,
      prompt: [
        { role: "system" },
        { role: "user" },
        { role: "assistant", content: [{ type: "text", text: "left" }] },
        { role: "user", content: [{ text: "goal: right" }] },
      ],
    });
  });

  it("reads log-probabilities where the provider passes them on", async () => {
    const model = new MockLanguageModelV3({ doGenerate: generated("right", { providerMetadata: { openai: { logprobs: CONTENT } } }) });
    const scorer = aiSdk({ model, method: "logprobs", providerOptions: { openai: { logprobs: 20 } } });
    const scores = await scorer.score(question());
    expect(scores.logProbabilities.map(Math.exp)).toEqual([0.25, 0.75].map((p) => expect.closeTo(p, 12)));
    expect(scores).toMatchObject({ method: "logprobs", coverage: expect.closeTo(0.8, 12) });
    expect(model.doGenerateCalls[0]?.providerOptions).toEqual({ openai: { logprobs: 20 } });
    await expect(aiSdk({ model: new MockLanguageModelV3({ doGenerate: generated("right") }), method: "logprobs" }).score(question())).rejects.toThrow(
      /without log-probabilities/,
    );
  });

  it("repeats what may pass, and not what will not, without the key in any error", async () => {
    const failing = (isRetryable: boolean) => {
      let calls = 0;
      const model = new MockLanguageModelV3({
        doGenerate: async () => {
          if (++calls < 3)
            throw new APICallError({
              message: "bad key sk-abcdef123456",
              url: "https://x",
              requestBodyValues: { key: "sk-abcdef123456" },
              statusCode: isRetryable ? 503 : 401,
              isRetryable,
            });
          return generated("right");
        },
      });
      return { model, count: () => calls };
    };
    const passing = failing(true);
    expect((await aiSdk({ model: passing.model, samples: 1, backoffSeconds: 0.001 }).score(question())).coverage).toBe(1);
    expect(passing.count()).toBe(3);
    const lasting = failing(false);
    const error = await aiSdk({ model: lasting.model, samples: 1 })
      .score(question())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PriorError);
    expect(`${String(error)} ${String((error as Error).cause)} ${JSON.stringify(error)}`).not.toContain("abcdef123456");
    expect(lasting.count()).toBe(1);
  });

  it("gives a call up after its time limit, and when aborted, whether or not the model listens", async () => {
    const deaf = new MockLanguageModelV3({ doGenerate: () => new Promise(() => undefined) });
    await expect(aiSdk({ model: deaf, timeoutSeconds: 0.05, retries: 0 }).score(question())).rejects.toThrow(/did not answer within 0.05 s, once/);
    const abort = new AbortController();
    const asked = aiSdk({ model: deaf }).score(question(), { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
  });

  it("makes a prior of a model's answers", async () => {
    const model = new MockLanguageModelV3({
      doGenerate: async ({ prompt }) => generated(JSON.stringify(prompt).includes("state 2") ? '{"action":"left"}' : '{"action":"right"}'),
    });
    const prior = await elicitPrior(corridor(5), { scorer: aiSdk({ model, samples: 4 }), cache: new MemoryCache(), calibrate: "none" });
    expect(prior.policy.toActions()).toEqual(["right", "right", "left", "right", null]);
    expect(prior).toMatchObject({ method: "samples", calls: 16, provenance: "mock-model-id, asked live" });
  });

  it("refuses a name in place of a model", () => {
    expect(() => aiSdk({ model: "openai/gpt-5" as unknown as MockLanguageModelV3 })).toThrow(OptionError);
    expect(() => aiSdk({ model: new MockLanguageModelV3(), samples: 0 })).toThrow(OptionError);
  });
});

describe("langChain", () => {
  it("draws answers of a real chat model of LangChain and parses each strictly", async () => {
    const model = new FakeListChatModel({ responses: ["right", "Right.", "I think left", '"left"'] });
    const scorer = langChain({ model, name: "fake", samples: 4 });
    const scores = await scorer.score(question());
    expect(scores.logProbabilities.map(Math.exp)).toEqual([1.5 / 4, 2.5 / 4].map((p) => expect.closeTo(p, 12)));
    expect(scores).toMatchObject({ method: "samples", coverage: 0.75, calls: 4 });
    expect(await scorer.info()).toMatchObject({ model: "fake", provider: "langchain", ability: "sample" });
  });

  it("holds answers to a schema where the model can", async () => {
    const model = new FakeListChatModel({ responses: ['{"action":"left"}'] });
    const scores = await langChain({ model, name: "fake", structured: true, samples: 2 }).score(question());
    expect(scores).toMatchObject({ coverage: 1, logProbabilities: [Math.log(2.5 / 3), Math.log(0.5 / 3)] });
  });

  it("reads log-probabilities and usage of a message, and content in blocks", async () => {
    const seen: unknown[] = [];
    const model = (message: AIMessage) => ({
      invoke: async (messages: unknown, options?: unknown) => {
        seen.push([messages, options]);
        return message;
      },
    });
    const usage = { input_tokens: 7, output_tokens: 1, total_tokens: 8 };
    const message = Object.assign(new AIMessage({ content: "right", response_metadata: { logprobs: { content: CONTENT } } }), { usage_metadata: usage });
    const scores = await langChain({ model: model(message), name: "m", method: "logprobs" }).score(question());
    expect(scores).toMatchObject({ method: "logprobs", usage: { input: 7, output: 1 }, coverage: expect.closeTo(0.8, 12) });
    const blocks = new AIMessage({
      content: [
        { type: "text", text: "le" },
        { type: "text", text: "ft" },
      ],
    });
    expect((await langChain({ model: model(blocks), name: "m", samples: 1 }).score(question())).logProbabilities[0]).toBeCloseTo(Math.log(0.75), 12);
    expect(seen[1]).toMatchObject([
      [
        ["system", expect.any(String)],
        ["human", "goal: left"],
        ["ai", "left"],
        ["human", "goal: right"],
      ],
      { seed: 1 },
    ]);
    await expect(langChain({ model: model(blocks), name: "m", method: "logprobs" }).score(question())).rejects.toThrow(/response_metadata/);
  });
});

/** By the call shape of @huggingface/transformers 4: words are tokens, logits come from a table. Not a model, and not the package. */
function standIn(logitsAfter: (text: string) => Readonly<Record<string, number>>) {
  const pieces = ["<end>", "left", "right", " ", "Right", "move", " left", " right", "zzz"];
  class Tensor {
    readonly type: string;
    readonly data: BigInt64Array | Float32Array;
    readonly dims: readonly number[];
    constructor(type: string, data: BigInt64Array | Float32Array, dims: readonly number[]) {
      [this.type, this.data, this.dims] = [type, data, dims];
    }
  }
  const known = new Map(pieces.map((piece, id) => [piece, id]));
  const split = (text: string) => (text.match(/ (?:left|right)|left|right|Right|move| |./gs) ?? []).map((piece) => known.get(piece) ?? 8);
  const tokenizer = Object.assign(
    (text: string) => {
      const ids = split(text);
      return { input_ids: new Tensor("int64", BigInt64Array.from(ids, BigInt), [1, ids.length]) };
    },
    {
      eos_token_id: 0,
      chat_template: "a template",
      apply_chat_template: (messages: { role: string; content: string }[]) => `${messages.map(({ content }) => content).join("|")}>`,
      decode: (ids: number[]) => ids.map((id) => pieces[id]).join(""),
    },
  );
  const model = async ({ input_ids }: { readonly input_ids: Tensor }) => {
    const ids = Array.from(input_ids.data, Number);
    const after = logitsAfter(
      ids
        .slice(ids.lastIndexOf(8) + 1)
        .map((id) => pieces[id])
        .join(""),
    );
    const row = pieces.map((piece) => after[piece] ?? -30);
    const data = new Float32Array(ids.length * pieces.length).fill(99);
    data.set(row, data.length - pieces.length);
    return { logits: new Tensor("float32", data, [1, ids.length, pieces.length]) };
  };
  return { model, tokenizer };
}

describe("transformersJs, on a stand-in", () => {
  it("sums over the vocabulary: case and blanks merged, the softmax of all logits", async () => {
    const { model, tokenizer } = standIn((text) => (text === "" ? { left: 1, right: 2, Right: 1, " ": 0, zzz: 1 } : { right: 5 }));
    const scores = await transformersJs({ model, tokenizer, name: "stand-in" }).score(question());
    const e = Math.exp;
    const total = e(1) * 3 + e(2) + e(0);
    const mass = [e(1), e(2) + e(1) + e(0)].map((x) => x / total);
    expect(scores.logProbabilities.map((x) => e(x) * scores.coverage)).toEqual(mass.map((p) => expect.closeTo(p, 6)));
    expect(scores).toMatchObject({ method: "exact", calls: 1, floored: 0, lengths: [1, 1] });
  });

  it("follows labels of several tokens, and tells a label from a longer one by the end", async () => {
    const { model, tokenizer } = standIn((text) =>
      text === "move" ? { " left": Math.log(0.5), " right": Math.log(0.2), "<end>": Math.log(0.3) } : { move: 0 },
    );
    const actions = ["move", "move left", "move right"];
    const scores = await transformersJs({ model, tokenizer, name: "stand-in" }).score(question(actions));
    expect(scores.logProbabilities.map(Math.exp)).toEqual([0.3, 0.5, 0.2].map((p) => expect.closeTo(p, 6)));
    expect(scores.lengths).toEqual([1, 2, 2]);
  });

  it("refuses logits of another type, and what is no model", async () => {
    const { tokenizer } = standIn(() => ({}));
    const half = async () => ({ logits: { type: "float16", data: new Uint16Array(9), dims: [1, 1, 9] } });
    await expect(transformersJs({ model: half, tokenizer, name: "x" }).score(question())).rejects.toThrow(/type "float16"/);
    expect(() => transformersJs({ model: {}, tokenizer, name: "x" })).toThrow(OptionError);
  });
});
