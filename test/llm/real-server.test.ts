// Against a real language model behind llama.cpp's server: log-probabilities, prompts' sizes, the fallback, the prior of a maze.
import { beforeAll, describe, expect, it } from "vitest";
import { maze } from "../../src/envs/index.ts";
import {
  compareToOptimal,
  elicitPrior,
  gridExamples,
  gridPrompts,
  MemoryCache,
  type OpenAiCompatible,
  openAiCompatible,
  promptTemplate,
  recordScorer,
  replayScorer,
  type ScoreRequest,
} from "../../src/llm-prior/index.ts";
import { Rng } from "../../src/numeric/index.ts";
import { solve } from "../../src/solvers/index.ts";

const MOVES = ["up", "down", "left", "right"];
const small = maze("S00/010/00G");
let baseUrl = "";
let scorer: OpenAiCompatible;

beforeAll(() => {
  baseUrl = process.env.MDPKIT_LLM_URL ?? expect.fail("no server was started");
  scorer = openAiCompatible({ baseUrl });
});

function question(
  features: string,
  actions: readonly string[] = MOVES,
  examples: readonly { features: string; action: string }[] = gridExamples,
): ScoreRequest {
  const template = promptTemplate({ actions, task: small.task, examples });
  return { prompt: template.render(features), actions, answers: template.answers, states: [0] };
}

/** What the server itself counts and answers. */
async function chat(fields: Readonly<Record<string, unknown>>): Promise<{ readonly usage: { readonly prompt_tokens: number } }> {
  const response = await fetch(`${baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ max_tokens: 1, ...fields }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { readonly usage: { readonly prompt_tokens: number } };
}

describe("a real server", () => {
  it("lists its model", async () => {
    const models = await scorer.models();
    expect(models.length).toBeGreaterThan(0);
    expect(await scorer.info()).toMatchObject({
      source: "server",
      model: models[0],
      provider: "openai-compatible",
      digest: expect.stringMatching(/^models:[0-9a-f]{16}$/),
    });
  });

  it("gives log-probabilities: most of the model's probability on the actions, all of it after the softmax", async () => {
    const scores = await scorer.score(question("open: right; goal: right"));
    expect(scores.method).toBe("logprobs");
    expect(scores.calls).toBe(1);
    expect(scores.coverage).toBeGreaterThan(0.5);
    expect(scores.logProbabilities.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 9);
    for (const x of scores.logProbabilities) expect(x).toBeLessThan(0);
    for (const [, x] of scores.evidence ?? expect.fail("no evidence")) expect(x).toBeLessThanOrEqual(0);
  });

  it("answers in letters where labels begin alike", async () => {
    const actions = ["move up", "move down", "move left", "move right"];
    const examples = gridExamples.map(({ features, action }) => ({ features, action: `move ${action}` }));
    const scores = await scorer.score(question("open: right; goal: right", actions, examples));
    expect(scores.method).toBe("logprobs");
    expect(scores.coverage).toBeGreaterThan(0.5);
  });

  it("tells states apart", async () => {
    const right = await scorer.score(question("open: right; goal: right"));
    const up = await scorer.score(question("open: up; goal: up"));
    const odds = ({ logProbabilities: [a = 0, , , b = 0] }: { readonly logProbabilities: readonly number[] }) => a - b;
    expect(odds(up)).toBeGreaterThan(odds(right) + 0.5);
  });

  it("counts no more tokens in a prompt than estimated", async () => {
    const rng = new Rng("tokens");
    const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,;:.-_/()[]{}éßλд中→🙂";
    const units = [...letters];
    const random = (length: number) => Array.from({ length }, () => units[rng.below(units.length)]).join("");
    const lines = [
      "open: right; goal: right",
      "taxi at row 3, column 4; passenger at Red; destination: Blue",
      random(40),
      random(200),
      "zq".repeat(60),
      "7".repeat(80),
      "→".repeat(50),
    ];
    for (const line of lines) {
      const { prompt } = question(line);
      const { usage } = await chat({ messages: prompt.messages });
      expect(usage.prompt_tokens).toBeLessThanOrEqual(prompt.tokens);
    }
  });

  it("ignores echo without a word, which is why echo is never used", async () => {
    const body = { prompt: "The sky is blue", max_tokens: 1, echo: true, logprobs: 1 };
    const response = await fetch(`${baseUrl}/v1/completions`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const answer = (await response.json()) as { readonly choices: readonly { readonly text: string }[] };
    expect(response.status).toBe(200);
    expect(answer.choices[0]?.text).not.toContain("The sky is blue");
  });

  it("falls back to sampling, each text parsed strictly", async () => {
    const sampling = openAiCompatible({ baseUrl, method: "samples", samples: 4 });
    const scores = await sampling.score(question("open: right; goal: right"));
    expect(scores).toMatchObject({ method: "samples", calls: 4 });
    expect(scores.coverage * 4).toBeCloseTo(Math.round(scores.coverage * 4), 9);
    expect(scores.evidence).toHaveLength(4);
  });

  it("gives a maze's prior: recorded and replayed it is the same, cached it costs no call, and it knows more than the mask", async () => {
    const cache = new MemoryCache();
    const recording = recordScorer(scorer);
    const options = { describe: small.describe, task: small.task, ...gridPrompts };
    const prior = await elicitPrior(small.mdp, { ...options, scorer: recording, cache });
    expect(prior).toMatchObject({ method: "logprobs", calls: prior.prompts, cached: 0 });
    const again = await elicitPrior(small.mdp, { ...options, scorer, cache });
    expect(again).toMatchObject({ calls: 0, cached: prior.prompts });
    const replayed = await elicitPrior(small.mdp, { ...options, scorer: replayScorer(recording.recording()) });
    expect(replayed.provenance).toMatch(/^recording of .+ made \d{4}-\d\d-\d\d$/);
    expect([...replayed.policy.probabilities()]).toEqual([...prior.policy.probabilities()]);
    const comparison = await compareToOptimal(small.mdp, prior.policy, await solve(small.mdp));
    expect(comparison.mutualInformation).toBeGreaterThan(0.05);
  });

  it("refuses what it does not know, in its own words", async () => {
    const nowhere = openAiCompatible({ baseUrl: `${baseUrl}/v9`, model: "any", retries: 0 });
    await expect(nowhere.score(question("open: right; goal: right"))).rejects.toThrow(/answered 404/);
  });
});
