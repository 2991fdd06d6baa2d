// Keys: never in an error, its cause, a cached answer, a recording or a key of the cache, whatever a server or fetch does.
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { PriorError } from "../../../src/errors.ts";
import {
  answerKey,
  elicitPrior,
  type OpenAiCompatibleOptions,
  openAiCompatible,
  promptTemplate,
  recordScorer,
  type ScoreRequest,
} from "../../../src/llm-prior/index.ts";
import { shownAddress, withoutSecrets } from "../../../src/llm-prior/secrets.ts";
import { type Canned, type CannedServer, cannedServer, chatAnswer, MODEL_LIST } from "./canned-server.ts";
import { corridor } from "./problems.ts";

const KEY = "company-key-5f2c9a77";
const ACTIONS = ["left", "right"];

let server: CannedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function question(): ScoreRequest {
  const template = promptTemplate({ actions: ACTIONS });
  return { prompt: template.render("goal: right"), actions: ACTIONS, answers: template.answers, states: [0] };
}

async function failureOf(options: Partial<OpenAiCompatibleOptions>): Promise<unknown> {
  const scorer = openAiCompatible({ baseUrl: server?.url ?? "http://127.0.0.1:1", apiKey: KEY, model: "m", retries: 1, backoffSeconds: 0.001, ...options });
  return scorer.score(question()).then(
    () => expect.fail("answered"),
    (error: unknown) => error,
  );
}

describe("keys", () => {
  it.each<[string, Canned]>([
    ["repeats it in a refusal", { status: 401, body: { error: { message: `Incorrect API key provided: ${KEY}.` } } }],
    ["repeats it in plain text", { status: 403, body: `Bearer ${KEY} may not` }],
    ["repeats it while it is overloaded", { status: 503, body: { message: `key ${KEY} over quota` } }],
    ["sends it instead of JSON", { body: `<html>${KEY}</html>` }],
  ])("are not in the error where a server %s", async (_, canned) => {
    server = await cannedServer(() => canned);
    const error = await failureOf({});
    expect(error).toBeInstanceOf(PriorError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY);
    expect(inspect(error)).toContain("[key]");
  });

  it("are not in the error where fetch fails with the headers in its words", async () => {
    const failing = () =>
      Promise.reject(Object.assign(new Error(`cannot send authorization: Bearer ${KEY}`), { request: { headers: { authorization: KEY } } }));
    const error = await failureOf({ fetch: failing });
    expect(inspect(error, { depth: 9 })).not.toContain(KEY);
    const custom = await failureOf({ fetch: () => Promise.reject(new Error("x-api-key: other-secret-1")), headers: { "x-api-key": "other-secret-1" } });
    expect(inspect(custom, { depth: 9 })).not.toContain("other-secret-1");
  });

  it("are refused, unseen, where they cannot stand in a header or stand in the address", () => {
    for (const options of [
      { apiKey: `${KEY}\n` },
      { headers: { "x-key": `${KEY}\u0000` } },
      { baseUrl: `http://me:${KEY}@127.0.0.1:1/v1` },
      { baseUrl: `ftp://x/?key=${KEY}` },
    ]) {
      const make = () => openAiCompatible({ baseUrl: "http://127.0.0.1:1", ...options });
      expect(make).toThrow(/expected/);
      expect(() => make()).not.toThrow(KEY);
    }
  });

  it("are in no cached answer, no key of the cache and no recording", async () => {
    server = await cannedServer((request) =>
      request.method === "GET"
        ? MODEL_LIST
        : chatAnswer([
            ["right", 0.6],
            ["left", 0.4],
          ]),
    );
    const scorer = openAiCompatible({ baseUrl: server.url, apiKey: KEY, headers: { "x-api-key": "other-secret-1" } });
    const kept: string[] = [];
    const recording = recordScorer(scorer);
    await elicitPrior(corridor(5), { scorer: recording, cache: { get: () => undefined, set: (key, scores) => void kept.push(key, JSON.stringify(scores)) } });
    const all = [...kept, JSON.stringify(recording.recording()), answerKey(await scorer.info(), question())].join();
    expect(kept.length).toBeGreaterThan(4);
    expect(all).not.toContain(KEY);
    expect(all).not.toContain("other-secret-1");
    expect(server.received.at(-1)?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, "x-api-key": "other-secret-1" });
  });
});

describe("withoutSecrets", () => {
  it("takes out what it is told, and what looks like a key", () => {
    expect(withoutSecrets("a b-secret c", ["b-secret"])).toBe("a [key] c");
    expect(withoutSecrets("provided: sk-proj-ab12****wxyz. See", [])).not.toContain("wxyz");
    expect(withoutSecrets("Authorization: Bearer abc.def", [])).toBe("Authorization: [key]");
    expect(withoutSecrets("a task to ask", [""])).toBe("a task to ask");
  });

  it("shows addresses without what may be secret", () => {
    expect(shownAddress("http://u:p@host:1/v1?key=k#f")).toBe("http://host:1/v1");
    expect(shownAddress("u:p@host?key=k")).not.toContain("key=k");
  });
});
