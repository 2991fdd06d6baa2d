// Asking many: equal questions once, budgets never overdrawn, parts kept, answers under way not lost, an estimate of the time left.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OptionError, PriorError } from "../../../src/errors.ts";
import { type AskOptions, type AskProgress, askAll } from "../../../src/llm-prior/ask-all.ts";
import { type ActionScores, MemoryCache, promptTemplate, type ScoreRequest, type Scorer, type ScorerInfo } from "../../../src/llm-prior/index.ts";

const INFO: ScorerInfo = { source: "server", model: "m" };
const template = promptTemplate({ actions: ["a", "b"] });

function questions(...features: readonly string[]): ScoreRequest[] {
  return features.map((line, i) => ({ prompt: template.render(line), actions: ["a", "b"], answers: template.answers, states: [i] }));
}

function answer(rest: Partial<ActionScores> = {}): ActionScores {
  return { logProbabilities: [Math.log(0.5), Math.log(0.5)], coverage: 1, method: "logprobs", floored: 0, calls: 1, ...rest };
}

function scorer(score: Scorer["score"]): Scorer {
  return { info: async () => INFO, score };
}

/** Asks one call a question, as the budget lets it. */
function frugal(perQuestion = 1, usage?: ActionScores["usage"]): Scorer & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    info: async () => INFO,
    score: async (request, options) => {
      for (let i = 0; i < perQuestion; i++) {
        const kept = await options?.parts?.get(i);
        if (kept !== undefined) continue;
        options?.beforeCall?.(request.prompt.tokens);
        asked.push(`${request.prompt.messages.at(-1)?.content}#${i}`);
        await options?.parts?.set(i, "done");
      }
      return answer({ calls: perQuestion, usage });
    },
  };
}

const ask = (requests: readonly ScoreRequest[], who: Scorer, options: Partial<AskOptions> = {}) => askAll(requests, { scorer: who, info: INFO, ...options });

describe("askAll", () => {
  it("asks equal questions once, and gives each its answer", async () => {
    const who = frugal();
    const progress: AskProgress[] = [];
    const { scores, calls } = await ask(questions("x", "y", "x", "x"), who, { onProgress: (state) => progress.push(state) });
    expect(who.asked).toEqual(["x#0", "y#0"]);
    expect(scores).toHaveLength(4);
    expect(scores[2]).toBe(scores[0]);
    expect(calls).toBe(2);
    expect(progress.map(({ answered, prompts }) => [answered, prompts])).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it("asks a synthetic scorer about every state, however alike their prompts", async () => {
    const seen: number[] = [];
    const who = scorer(async ({ states }) => {
      seen.push(states[0] ?? -1);
      return answer({ method: "synthetic", calls: 0 });
    });
    await askAll(questions("x", "x"), { scorer: who, info: { source: "synthetic", model: "s" }, concurrency: 1 });
    expect(seen).toEqual([0, 1]);
  });

  it("estimates the time left from the answers that were not in the cache", async () => {
    const cache = new MemoryCache();
    await ask(questions("a", "b"), frugal(), { cache });
    const progress: AskProgress[] = [];
    const slow = scorer(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return answer();
    });
    await ask(questions("a", "b", "c", "d", "e", "f"), slow, { cache, concurrency: 1, onProgress: (state) => progress.push(state) });
    expect(progress.slice(0, 2).map(({ secondsLeft }) => secondsLeft)).toEqual([undefined, undefined]);
    const [, , third, , , last] = progress.map(({ secondsLeft }) => secondsLeft);
    expect(third).toBeGreaterThan(0.045);
    expect(third).toBeLessThan(2);
    expect(last).toBe(0);
  });

  it("never begins a call that the budget does not cover, whatever is under way, and goes on from there", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 3 }),
        async (calls, concurrency, perQuestion) => {
          const lines = Array.from({ length: 10 }, (_, i) => `line ${i}`);
          const cache = new MemoryCache();
          const who = frugal(perQuestion);
          const enough = calls >= 10 * perQuestion;
          const first = await ask(questions(...lines), who, { cache, concurrency, budget: { calls } }).catch((error: unknown) => error);
          expect(who.asked.length).toBe(Math.min(calls, 10 * perQuestion));
          if (!enough) {
            expect(first).toBeInstanceOf(PriorError);
            expect((first as PriorError).details).toEqual({ budget: "calls" });
          }
          await ask(questions(...lines), who, { cache, concurrency });
          // No call was made twice.
          expect(new Set(who.asked).size).toBe(who.asked.length);
          expect(who.asked.length).toBe(10 * perQuestion);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("keeps to tokens, money and time", async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const spent: AskProgress[] = [];
    const onProgress = (state: AskProgress) => void spent.push(state);
    const exact = { input: 40, output: 2 };
    await expect(ask(questions(...lines), frugal(1, exact), { budget: { tokens: 300 }, concurrency: 1, onProgress })).rejects.toThrow(/budget of 300 tokens/);
    expect(spent.at(-1)?.tokens).toBe(42 * spent.length);
    expect(spent.at(-1)?.tokens).toBeLessThanOrEqual(300);
    spent.length = 0;
    const price = { input: 1000, output: 10_000 };
    await expect(ask(questions(...lines), frugal(1, exact), { budget: { cost: 1 }, price, concurrency: 1, onProgress })).rejects.toThrow(
      /budget of 1 of money/,
    );
    expect(spent.at(-1)?.cost).toBeCloseTo(spent.length * 0.06, 9);
    expect(spent.at(-1)?.cost).toBeLessThanOrEqual(1);
    expect(spent.length).toBeGreaterThan(3);
    const slow = frugal();
    const waiting = scorer(async (request, options) => {
      const given = await slow.score(request, options);
      await new Promise((resolve) => setTimeout(resolve, 30));
      return given;
    });
    await expect(ask(questions(...lines), waiting, { budget: { seconds: 0.1 }, concurrency: 1 })).rejects.toThrow(/budget of 0.1 s/);
    expect(slow.asked.length).toBeLessThan(10);
    await expect(ask(questions("x"), slow, { budget: { cost: 1 } })).rejects.toThrow(OptionError);
    await expect(ask(questions("x"), slow, { budget: { calls: -1 } })).rejects.toThrow(/budget.calls is -1/);
  });

  it("counts scorers that do not announce their calls by what they say", async () => {
    const silent = scorer(async () => answer({ calls: 4 }));
    const spent: AskProgress[] = [];
    await ask(questions("a", "b"), silent, { onProgress: (state) => spent.push(state) });
    expect(spent.at(-1)?.calls).toBe(8);
  });

  it("lets answers under way come after another failed, and keeps them", async () => {
    const cache = new MemoryCache();
    const who = scorer(async ({ prompt }) => {
      if (prompt.messages.at(-1)?.content === "bad") throw new PriorError("refused.");
      await new Promise((resolve) => setTimeout(resolve, 30));
      return answer();
    });
    await expect(ask(questions("good", "bad", "never", "asked"), who, { cache, concurrency: 2 })).rejects.toThrow("refused.");
    expect(cache.size).toBe(1);
  });

  it("gives up at once when aborted, and keeps what came", async () => {
    const cache = new MemoryCache();
    const abort = new AbortController();
    let asked = 0;
    const who = scorer(async (_, options) => {
      if (++asked > 3) {
        queueMicrotask(() => abort.abort(new Error("enough")));
        await new Promise((_resolve, reject) => options?.signal?.addEventListener("abort", () => reject(options.signal?.reason as Error)));
      }
      return answer();
    });
    await expect(ask(questions(..."abcdefgh"), who, { cache, concurrency: 1, signal: abort.signal })).rejects.toThrow("enough");
    expect(cache.size).toBe(3);
  });
});
