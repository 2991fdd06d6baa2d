// The provider against a canned server: what it asks, what it reads, and every way a server can fail.
import { afterEach, describe, expect, it } from "vitest";
import { OptionError, PriorError } from "../../../src/errors.ts";
import { type OpenAiCompatibleOptions, openAiCompatible, promptTemplate, type ScoreRequest } from "../../../src/llm-prior/index.ts";
import { type Canned, type CannedServer, cannedServer, chatAnswer, MODEL_LIST, plainAnswer, type Received } from "./canned-server.ts";

const MOVES = ["up", "down", "left", "right"];
const RIGHT = chatAnswer([
  ["right", 0.6],
  ["up", 0.2],
  ["left", 0.1],
  ["down", 0.05],
]);

let server: CannedServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

function question(actions: readonly string[] = MOVES): ScoreRequest {
  const template = promptTemplate({ actions });
  return { prompt: template.render("open: right; goal: right"), actions, answers: template.answers, states: [0] };
}

/** A scorer in front of a server whose chat answers are given in turn, the last one again and again. */
async function scorerFor(answers: readonly Canned[], options: Partial<OpenAiCompatibleOptions> = {}) {
  let chats = 0;
  const started = await cannedServer((request: Received) => {
    if (request.path === "/v1/models") return MODEL_LIST;
    const answer = answers[Math.min(chats++, answers.length - 1)];
    return answer ?? { status: 500, body: "no answer canned" };
  });
  server = started;
  return { started, scorer: openAiCompatible({ baseUrl: started.url, backoffSeconds: 0.001, ...options }) };
}

function chats(started: CannedServer): readonly Received[] {
  return started.received.filter((request) => request.path === "/v1/chat/completions");
}

describe("openAiCompatible", () => {
  it("reads log-probabilities as a log-softmax over the actions", async () => {
    const { started, scorer } = await scorerFor([RIGHT]);
    const scores = await scorer.score(question());
    expect(scores.logProbabilities.map(Math.exp)).toEqual([0.2, 0.05, 0.1, 0.6].map((p) => expect.closeTo(p / 0.95, 12)));
    expect(scores).toMatchObject({ method: "logprobs", calls: 1, floored: 0, coverage: expect.closeTo(0.95, 12) });
    expect(scores.evidence?.[0]).toEqual(["right", Math.log(0.6)]);
    expect(chats(started)[0]?.body).toMatchObject({
      model: "first-model",
      messages: question().prompt.messages,
      logprobs: true,
      top_logprobs: 20,
      temperature: 0,
      stream: false,
    });
  });

  it("never uses echo or plain completions, which servers ignore or answer with noise", async () => {
    const { started, scorer } = await scorerFor([plainAnswer("right")], { samples: 2 });
    await scorer.score(question());
    for (const { path, body } of started.received) {
      expect(["/v1/models", "/v1/chat/completions"]).toContain(path);
      expect(Object.keys(body)).not.toContain("echo");
      expect(Object.keys(body)).not.toContain("prompt");
    }
  });

  it("takes the first model listed, once, or the one named", async () => {
    const { started, scorer } = await scorerFor([RIGHT]);
    expect(await scorer.models()).toEqual(["first-model", "second-model"]);
    expect(await scorer.info()).toMatchObject({ source: "server", model: "first-model", provider: "openai-compatible" });
    const before = started.received.length;
    await scorer.score(question());
    await scorer.score(question());
    expect(started.received.length).toBe(before + 2);
    const named = openAiCompatible({ baseUrl: `${started.url}/v1/`, model: "second-model" });
    await named.score(question());
    expect(chats(started).at(-1)?.body.model).toBe("second-model");
  });

  it("sends the key as a bearer token, and only if one is given", async () => {
    const { started, scorer } = await scorerFor([{ status: 401, body: { error: { message: "bad key" } } }], { apiKey: "sk-secret-1234", model: "m" });
    const failure = await scorer.score(question()).then(
      () => expect.fail("answered"),
      (error: unknown) => error as Error,
    );
    expect(failure).toBeInstanceOf(PriorError);
    expect(failure.message).toMatch(/answered 401 "bad key", expected 200\. Hint: .*apiKey/);
    expect(JSON.stringify(failure) + failure.message).not.toContain("sk-secret");
    expect(started.received[0]?.headers.authorization).toBe("Bearer sk-secret-1234");
    await openAiCompatible({ baseUrl: started.url, model: "m" })
      .score(question())
      .catch(() => undefined);
    expect(started.received[1]?.headers.authorization).toBeUndefined();
  });

  it("repeats after 429 and 5xx, waiting as long as the server asks", async () => {
    const { started, scorer } = await scorerFor([
      { status: 429, headers: { "retry-after": "0.2" }, body: { error: { message: "slow down" } } },
      { status: 503, body: "loading model" },
      RIGHT,
    ]);
    const began = performance.now();
    expect((await scorer.score(question())).calls).toBe(1);
    expect(performance.now() - began).toBeGreaterThan(190);
    expect(chats(started)).toHaveLength(3);
  });

  it("gives up after the repeats, saying what the server said", async () => {
    const { started, scorer } = await scorerFor([{ status: 500, body: { error: { message: "out of\nmemory" } } }], { retries: 2 });
    await expect(scorer.score(question())).rejects.toThrow(/answered 500 "out of memory", 3 times; expected an answer\./);
    expect(chats(started)).toHaveLength(3);
  });

  it("does not repeat what repeats cannot mend", async () => {
    const { started, scorer } = await scorerFor([{ status: 400, body: { error: { message: "context too long" } } }]);
    await expect(scorer.score(question())).rejects.toThrow(/answered 400 "context too long"/);
    expect(chats(started)).toHaveLength(1);
  });

  it("says so where no server listens", async () => {
    const { started } = await scorerFor([RIGHT]);
    const { url } = started;
    await started.close();
    server = undefined;
    const scorer = openAiCompatible({ baseUrl: url, retries: 1, backoffSeconds: 0.001 });
    await expect(scorer.info()).rejects.toThrow(PriorError);
    await expect(scorer.info()).rejects.toThrow(
      /\/v1\/models could not be reached \(ECONNREFUSED\), 2 times; expected an answer\. Hint: is the model server running/,
    );
  });

  it("gives a request up after its time limit, and at once when aborted", async () => {
    const { scorer } = await scorerFor(["hang"], { timeoutSeconds: 0.1, retries: 0, model: "m" });
    await expect(scorer.score(question())).rejects.toThrow(/did not answer within 0.1 s, once/);
    const patient = await scorerFor(["hang"], { model: "m" });
    const abort = new AbortController();
    const asked = patient.scorer.score(question(), { signal: abort.signal });
    setTimeout(() => abort.abort(new Error("changed my mind")), 30);
    await expect(asked).rejects.toThrow("changed my mind");
  });

  it("stops waiting for a repeat when aborted", async () => {
    const { scorer } = await scorerFor([{ status: 503, body: "" }], { backoffSeconds: 30, model: "m" });
    const abort = new AbortController();
    const began = performance.now();
    const asked = scorer.score(question(), { signal: abort.signal });
    setTimeout(() => abort.abort(new Error("enough")), 50);
    await expect(asked).rejects.toThrow("enough");
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it.each<readonly [string, unknown]>([
    ["HTML", "<html>It works!</html>"],
    ["no choices", { choices: [] }],
    ["no object", "[]"],
    ["a null", "null"],
    ["a token without text", { choices: [{ logprobs: { content: [{ token: 5, logprob: -1, top_logprobs: [{ token: 5, logprob: -1 }] }] } }] }],
    [
      "a log-probability that is no number",
      { choices: [{ logprobs: { content: [{ token: "up", logprob: null, top_logprobs: [{ token: "up", logprob: null }] }] } }] },
    ],
    ["logits", { choices: [{ logprobs: { content: [{ token: "up", logprob: 9, top_logprobs: [{ token: "up", logprob: 9 }] }] } }] }],
  ])("refuses %s as an answer", async (_, body) => {
    const { scorer } = await scorerFor([{ body }]);
    await expect(scorer.score(question())).rejects.toThrow(PriorError);
  });

  it("refuses a model list that is none, or empty", async () => {
    for (const [body, message] of [
      ["{}", /data undefined, expected a list of models/],
      [{ data: [{}] }, /expected a name/],
      [{ data: [] }, /lists no model/],
    ] as const) {
      server = await cannedServer(() => ({ body }));
      await expect(openAiCompatible({ baseUrl: server.url }).info()).rejects.toThrow(message);
      await server.close();
    }
  });

  it("counts sampled answers where the server gives no log-probabilities, and does not ask for them again", async () => {
    const texts = ["right", "Right.", "right", '"up"', "I would go right, then up", "", "right", "north"];
    const { started, scorer } = await scorerFor([plainAnswer("right"), ...texts.map(plainAnswer)], { samples: texts.length });
    const scores = await scorer.score(question());
    // 4 of right, 1 of up, half an answer more for each of 4 actions.
    expect(scores.logProbabilities.map(Math.exp)).toEqual([1.5, 0.5, 0.5, 4.5].map((n) => expect.closeTo(n / 7, 12)));
    expect(scores).toMatchObject({ method: "samples", coverage: 5 / 8, calls: 9, floored: 2 });
    await scorer.score(question());
    expect(chats(started).filter(({ body }) => body.logprobs === true)).toHaveLength(1);
    expect(
      chats(started)
        .slice(1, 9)
        .map(({ body }) => body.seed),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("also where the server refuses to give them, or lists no alternatives", async () => {
    const refused = await scorerFor([{ status: 400, body: { error: { message: "This model does not support logprobs" } } }, plainAnswer("up")], { samples: 2 });
    expect(await refused.scorer.score(question())).toMatchObject({ method: "samples", coverage: 1 });
    await refused.started.close();
    const bare = { body: { choices: [{ message: { content: "up" }, logprobs: { content: [{ token: "up", logprob: -0.1, top_logprobs: [] }] } }] } };
    const unlisted = await scorerFor([bare], { samples: 2 });
    expect(await unlisted.scorer.score(question())).toMatchObject({ method: "samples", coverage: 1 });
  });

  it("fails instead where log-probabilities are insisted on", async () => {
    const { scorer } = await scorerFor([plainAnswer("right")], { method: "logprobs" });
    await expect(scorer.score(question())).rejects.toThrow(/answered without log-probabilities.*method: "samples"/);
  });

  it("samples from the beginning where answers begin alike, for one token could not tell them apart", async () => {
    const stakes = Array.from({ length: 30 }, (_, i) => String(i + 1));
    const { started, scorer } = await scorerFor([plainAnswer("12")], { samples: 3 });
    const scores = await scorer.score(question(stakes));
    expect(scores).toMatchObject({ method: "samples", calls: 3, coverage: 1 });
    expect(scores.logProbabilities.indexOf(Math.max(...scores.logProbabilities))).toBe(11);
    expect(chats(started).some(({ body }) => "logprobs" in body)).toBe(false);
  });

  it("passes further fields on", async () => {
    const { started, scorer } = await scorerFor([RIGHT], { body: { cache_prompt: false, max_tokens: 1 } });
    await scorer.score(question());
    expect(chats(started)[0]?.body).toMatchObject({ cache_prompt: false, max_tokens: 1, logprobs: true });
  });

  it("refuses options out of range before it asks anything", () => {
    const make = (options: Partial<OpenAiCompatibleOptions>) => () => openAiCompatible({ baseUrl: "http://127.0.0.1:1", ...options });
    expect(make({ baseUrl: "127.0.0.1:8080" })).toThrow(OptionError);
    expect(make({ baseUrl: "ftp://example.org" })).toThrow(OptionError);
    expect(make({ retries: -1 })).toThrow(OptionError);
    expect(make({ backoffSeconds: 100 })).toThrow(OptionError);
    expect(make({ timeoutSeconds: 0 })).toThrow(OptionError);
    expect(make({ topLogprobs: 0 })).toThrow(OptionError);
    expect(make({ samples: 1.5 })).toThrow(OptionError);
  });
});
