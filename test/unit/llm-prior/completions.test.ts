// Plain completions: both shapes of log-probabilities, servers that echo and those that pretend, the walk, and what is refused.
import { afterEach, describe, expect, it } from "vitest";
import { PriorError } from "../../../src/errors.ts";
import { openAiCompatible, plainFormat, promptTemplate, type ScoreRequest } from "../../../src/llm-prior/index.ts";
import { type Canned, type CannedServer, cannedServer, MODEL_LIST, plainAnswer, type Received } from "./canned-server.ts";

let server: CannedServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const LABELS = ["move left", "move right", "wait"];

function question(actions: readonly string[] = LABELS): ScoreRequest {
  const template = promptTemplate({ actions, answer: "labels" });
  return { prompt: template.render("goal: left"), actions, answers: template.answers, states: [0] };
}

async function start(complete: (prompt: string, request: Received) => Canned, rest: Canned = { status: 404, body: "no such path" }): Promise<CannedServer> {
  server = await cannedServer((request) => {
    if (request.path === "/v1/models") return MODEL_LIST;
    return request.path === "/v1/completions" ? complete(String(request.body.prompt), request) : rest;
  });
  return server;
}

/** The next token after a text, in the older shape: side by side, with a map of alternatives. */
function legacy(text: string, next: Readonly<Record<string, number>>): Canned {
  const top = Object.fromEntries(Object.entries(next).map(([token, p]) => [token, Math.log(p)]));
  const [chosen = ""] = Object.keys(next);
  return {
    body: { choices: [{ text: chosen, logprobs: { tokens: [chosen], token_logprobs: [top[chosen]], top_logprobs: [top], text_offset: [text.length] } }] },
  };
}

/** A server that really echoes: every word of the prompt is a token of probability 1/2, digits of 1/4, and one more token comes after. */
function echo(prompt: string): Canned {
  const tokens = [...(prompt.match(/\s?\S+|\s/g) ?? []), " end"];
  const numbers = tokens.map((token, i) => (i === 0 ? null : Math.log(/left/.test(token) ? 0.25 : 0.5)));
  return {
    body: {
      choices: [{ text: tokens.join(""), logprobs: { tokens, token_logprobs: numbers, top_logprobs: null, text_offset: [] } }],
      usage: { prompt_tokens: tokens.length, completion_tokens: 1 },
    },
  };
}

describe("completions", () => {
  it("sums the tokens of each answer where the server really echoes", async () => {
    const started = await start((prompt) => echo(prompt));
    const scorer = openAiCompatible({ baseUrl: started.url, endpoint: "completions", format: "plain" });
    const scores = await scorer.score(question());
    // " move left" = 1/2 x 1/4, " move right" = 1/2 x 1/2, " wait" = 1/2.
    const total = 1 / 8 + 1 / 4 + 1 / 2;
    expect(scores.logProbabilities.map(Math.exp)).toEqual([1 / 8, 1 / 4, 1 / 2].map((p) => expect.closeTo(p / total, 9)));
    expect(scores).toMatchObject({ method: "exact", calls: 4, floored: 0, lengths: [2, 2, 1], coverage: expect.closeTo(total, 9) });
    expect(await scorer.info()).toMatchObject({ ability: "exact" });
    // The probe is made once.
    expect((await scorer.score(question())).calls).toBe(3);
  });

  it.each<[string, (prompt: string) => Canned]>([
    ["ignores it", () => legacy("", { " five": 1 })],
    [
      "repeats the text without its log-probabilities",
      (prompt) => ({
        body: { choices: [{ text: `${prompt} five`, logprobs: { tokens: [" five"], token_logprobs: [-0.1], top_logprobs: [{ " five": -0.1 }] } }] },
      }),
    ],
    [
      "repeats the text with holes in them",
      (prompt) => ({
        body: { choices: [{ text: `${prompt} five`, logprobs: { tokens: [prompt, " five"], token_logprobs: [null, null], top_logprobs: null } }] },
      }),
    ],
    [
      "gives raw logits",
      (prompt) => ({ body: { choices: [{ text: `${prompt}.`, logprobs: { tokens: [prompt, "."], token_logprobs: [null, 11.5], top_logprobs: null } }] } }),
    ],
    ["refuses the field", () => ({ status: 400, body: { error: { message: "echo is not supported" } } })],
  ])("finds out a server that %s, and walks over its tokens instead", async (_, pretend) => {
    const started = await start((prompt, request) => {
      if (request.body.echo === true) return pretend(prompt);
      if (prompt.endsWith(" move")) return legacy(prompt, { " left": 0.7, " right": 0.2, " on": 0.1 });
      return legacy(prompt, { " move": 0.6, " wait": 0.3, " go": 0.1 });
    });
    const scorer = openAiCompatible({ baseUrl: started.url, endpoint: "completions", format: "plain" });
    const scores = await scorer.score(question());
    expect(scores.logProbabilities.map((x) => Math.exp(x) * scores.coverage)).toEqual([0.42, 0.12, 0.3].map((p) => expect.closeTo(p, 9)));
    expect(scores).toMatchObject({ method: "logprobs", calls: 3, floored: 0 });
    expect(started.received.filter(({ body }) => body.echo === true)).toHaveLength(1);
    expect((await scorer.info()).ability).toBeUndefined();
  });

  it("reads the chat shape here too, as llama.cpp gives it", async () => {
    const started = await start((_, request) => {
      const top = [
        ["a", 0.5],
        ["b", 0.25],
      ].map(([token, p], id) => ({ id, token, logprob: Math.log(Number(p)) }));
      return request.body.echo === true
        ? { body: { choices: [{ text: "x" }] } }
        : { body: { choices: [{ text: "a", logprobs: { content: [{ ...top[0], top_logprobs: top }] } }] } };
    });
    const scores = await openAiCompatible({ baseUrl: started.url, endpoint: "completions", format: "plain" }).score(question(["a", "b"]));
    expect(scores.logProbabilities.map(Math.exp)).toEqual([2 / 3, 1 / 3].map((p) => expect.closeTo(p, 9)));
    expect(scores.unseen).toBeCloseTo(0.25, 9);
  });

  it("writes prompts by the server's own template where it has one", async () => {
    const started = await start(() => legacy("", { left: 0.6, wait: 0.4 }), { body: { prompt: "<|user|>goal: left<|assistant|>" } });
    const scorer = openAiCompatible({ baseUrl: started.url, endpoint: "completions" });
    await scorer.score(question(["left", "wait"]));
    const prompts = started.received.filter(({ path }) => path === "/v1/completions").map(({ body }) => body.prompt);
    expect(prompts.at(-1)).toBe("<|user|>goal: left<|assistant|>");
    expect(started.received.find(({ path }) => path === "/apply-template")?.body).toEqual({ messages: question(["left", "wait"]).prompt.messages });
  });

  it("and as plain lines where it has none, or by a function", async () => {
    const started = await start(() => legacy("", { left: 0.6, wait: 0.4 }));
    await openAiCompatible({ baseUrl: started.url, endpoint: "completions" }).score(question(["left", "wait"]));
    expect(started.received.at(-1)?.body.prompt).toBe(plainFormat(question(["left", "wait"]).prompt.messages).text);
    const own = openAiCompatible({ baseUrl: started.url, endpoint: "completions", format: () => ({ text: "mine:", lead: "" }) });
    await own.score(question(["left", "wait"]));
    expect(started.received.at(-1)?.body.prompt).toBe("mine:");
  });

  it("draws samples where there are no log-probabilities, or fails where they were insisted on", async () => {
    const started = await start(() => ({ body: { choices: [{ text: "wait", logprobs: null }] } }), plainAnswer("wait"));
    const scorer = openAiCompatible({ baseUrl: started.url, endpoint: "completions", format: "plain", samples: 3 });
    expect(await scorer.score(question())).toMatchObject({ method: "samples", coverage: 1 });
    const insisting = openAiCompatible({ baseUrl: started.url, endpoint: "completions", format: "plain", method: "logprobs" });
    await expect(insisting.score(question())).rejects.toThrow(PriorError);
  });
});
