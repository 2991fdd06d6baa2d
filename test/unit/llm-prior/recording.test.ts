// Recordings: what was answered comes back as a recording, with model and date; anything else is refused by name.
import { describe, expect, it } from "vitest";
import { PriorError } from "../../../src/errors.ts";
import {
  elicitPrior,
  MemoryCache,
  type PriorRecording,
  provenance,
  readRecording,
  recordScorer,
  replayScorer,
  syntheticScorer,
} from "../../../src/llm-prior/index.ts";
import { Policy, policySpace } from "../../../src/policies/policy.ts";
import { corridor } from "./problems.ts";
import { tableScorer } from "./support.ts";

const EXAMPLES = [{ features: "goal: right", action: "right" }];

async function recorded(): Promise<PriorRecording> {
  const scorer = recordScorer(
    tableScorer(() => [1, 3]),
    { server: "a table" },
  );
  await elicitPrior(corridor(5), { scorer, examples: EXAMPLES });
  return JSON.parse(JSON.stringify(scorer.recording())) as PriorRecording;
}

describe("recordings", () => {
  it("hold model, server, date, the shared header once, and every question with its answer", async () => {
    const recording = await recorded();
    expect(recording).toMatchObject({ format: "mdpkit-prior-recording", version: 1, model: "table", server: "a table" });
    expect(Date.now() - Date.parse(recording.recordedAt)).toBeLessThan(60_000);
    expect(recording.header.map(({ role }) => role)).toEqual(["system", "user", "assistant"]);
    expect(recording.answers).toHaveLength(4);
    expect(recording.answers[2]).toMatchObject({
      messages: [{ role: "user", content: "state 2" }],
      actions: ["left", "right"],
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it("give the same prior again, called a recording, without a call and without a cache", async () => {
    const recording = await recorded();
    const live = await elicitPrior(corridor(5), { scorer: tableScorer(() => [1, 3]), examples: EXAMPLES });
    const cache = new MemoryCache();
    const replayed = await elicitPrior(corridor(5), { scorer: replayScorer(recording), examples: EXAMPLES, cache });
    expect([...replayed.policy.probabilities()]).toEqual([...live.policy.probabilities()]);
    expect(replayed).toMatchObject({ calls: 0, cached: 0, model: "table", recordedAt: recording.recordedAt, method: "logprobs" });
    expect(replayed.provenance).toBe(`recording of table made ${recording.recordedAt.slice(0, 10)}`);
    expect(cache.size).toBe(0);
  });

  it("refuse a question they do not hold, naming it and themselves", async () => {
    const scorer = replayScorer(await recorded());
    await expect(elicitPrior(corridor(6), { scorer, examples: EXAMPLES })).rejects.toThrow(PriorError);
    await expect(elicitPrior(corridor(6), { scorer, examples: EXAMPLES })).rejects.toThrow(
      /the recording of table made \d{4}-\d\d-\d\d has no answer to prompt [0-9a-f]{16}, which ends in "state 4", expected one of its 4 prompts/,
    );
    await expect(elicitPrior(corridor(5), { scorer, examples: EXAMPLES, task: "Something else." })).rejects.toThrow(/has no answer/);
  });

  it("are made of a model's answers only", async () => {
    const mdp = corridor(4);
    const synthetic = recordScorer(syntheticScorer({ reference: Policy.uniform(policySpace(mdp)), quality: 1 }));
    await expect(elicitPrior(mdp, { scorer: synthetic })).rejects.toThrow(/cannot record synthetic/);
    await expect(elicitPrior(corridor(5), { scorer: recordScorer(replayScorer(await recorded())), examples: EXAMPLES })).rejects.toThrow(
      /cannot record recording of table/,
    );
    expect(() => recordScorer(tableScorer(() => [1, 1])).recording()).toThrow(/nothing to record/);
  });

  it("from a file are checked field by field", async () => {
    const good = await recorded();
    expect(readRecording(good)).toEqual(good);
    const [first] = good.answers;
    const bad: readonly (readonly [unknown, RegExp])[] = [
      [null, /format undefined/],
      [{ ...good, version: 2 }, /version 2, expected 1/],
      [{ ...good, model: "" }, /model "", expected a name/],
      [{ ...good, recordedAt: "yesterday" }, /recordedAt "yesterday"/],
      [{ ...good, server: 5 }, /server 5/],
      [{ ...good, header: [{ role: "robot", content: "x" }] }, /header has messages/],
      [{ ...good, answers: {} }, /answers a Object|answers an? Object/i],
      [{ ...good, answers: [null] }, /answers\[0\] has messages undefined/],
      [{ ...good, answers: [{ ...first, answers: ["left"] }] }, /two lists of text of one length/],
      [{ ...good, answers: [{ ...first, scores: { ...first?.scores, logProbabilities: [0, 0] } }] }, /answers\[0\] has probabilities that sum to 2/],
      [{ ...good, answers: [{ ...first, scores: { ...first?.scores, coverage: 2 } }] }, /coverage 2/],
      [{ ...good, answers: [{ ...first, scores: { ...first?.scores, method: "guess" } }] }, /method "guess"/],
    ];
    for (const [value, message] of bad) expect(() => readRecording(value)).toThrow(message);
  });
});

describe("provenance", () => {
  it("says what kind of answers they are", () => {
    expect(provenance({ source: "server", model: "m" })).toBe("m, asked live");
    expect(provenance({ source: "recording", model: "m", recordedAt: "2025-01-31T12:00:00.000Z" })).toBe("recording of m made 2025-01-31");
    expect(provenance({ source: "synthetic", model: "right with probability 0, seed 1" })).toMatch(/^synthetic: /);
  });
});
