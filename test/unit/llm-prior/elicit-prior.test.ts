// Eliciting: one question for states that look alike, calibration, mask and floor as documented, a cache that makes 0 calls.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OptionError, PriorError } from "../../../src/errors.ts";
import { type ActionScores, elicitPrior, MemoryCache, type Scorer } from "../../../src/llm-prior/index.ts";
import { buildMdp } from "../../../src/mdp/index.ts";
import { corridor, robot } from "./problems.ts";
import { tableScorer } from "./support.ts";

const half = (): readonly number[] => [1, 1];

describe("elicitPrior", () => {
  it("turns scores into rows that sum to 1, none below the floor", async () => {
    const prior = await elicitPrior(corridor(4), { scorer: tableScorer(() => [1, 3]), floor: 0.1 });
    for (const s of [0, 1, 2]) {
      expect(prior.policy.probability(s, "left")).toBeCloseTo(0.05 + 0.9 * 0.25, 12);
      expect(prior.policy.probability(s, "right")).toBeCloseTo(0.05 + 0.9 * 0.75, 12);
    }
    expect(prior.policy.action(3)).toBeNull();
    expect(prior).toMatchObject({ method: "logprobs", model: "table", coverage: expect.closeTo(0.9, 12), calls: 3, cached: 0, prompts: 3, notes: [] });
    expect(prior.logProbabilities?.at(0, "right")).toBeCloseTo(Math.log(0.75), 12);
  });

  it("asks states with equal features once", async () => {
    const scorer = tableScorer((features) => (features === "far" ? [1, 3] : [1, 9]));
    const progress: number[] = [];
    const prior = await elicitPrior(corridor(9), { scorer, describe: (s) => (s < 6 ? "far" : "near"), onProgress: ({ answered }) => progress.push(answered) });
    expect(scorer.asked.map((request) => request.states)).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7],
    ]);
    expect(prior.calls).toBe(2);
    expect(prior.policy.probability(5, "right")).toBe(prior.policy.probability(0, "right"));
    expect(prior.policy.probability(7, "right")).toBeGreaterThan(prior.policy.probability(5, "right"));
    expect(progress).toEqual([1, 2]);
  });

  it("makes no call for what the cache holds", async () => {
    const cache = new MemoryCache();
    const scorer = tableScorer(() => [1, 3]);
    const first = await elicitPrior(corridor(5), { scorer, cache });
    const again = await elicitPrior(corridor(5), { scorer, cache });
    expect([first.calls, first.cached, again.calls, again.cached]).toEqual([4, 0, 0, 4]);
    expect(scorer.asked).toHaveLength(4);
    expect([...again.policy.probabilities()]).toEqual([...first.policy.probabilities()]);
    await elicitPrior(corridor(5), { scorer: tableScorer(() => [1, 3], { info: { source: "server", model: "another" } }), cache });
    expect(cache.size).toBe(8);
    const task = await elicitPrior(corridor(5), { scorer, cache, task: "Go left." });
    expect(task.cached).toBe(0);
  });

  it("does not believe a damaged cache", async () => {
    const damaged = { logProbabilities: [0, 0], coverage: 1, method: "logprobs", floored: 0, calls: 1 } satisfies ActionScores;
    const prior = await elicitPrior(corridor(4), { scorer: tableScorer(half), cache: { get: () => damaged, set: () => undefined } });
    expect(prior).toMatchObject({ calls: 3, cached: 0 });
  });

  it("takes away each action's mean log-probability where there are enough prompts", async () => {
    // A model that leans to left by a factor of 8 whatever it sees, and sees a little in the states above 4.
    const weights = (features: string) => (Number(features.slice(6)) > 4 ? [8, 2] : [8, 1]);
    const raw = await elicitPrior(corridor(11), { scorer: tableScorer(weights), calibrate: "none" });
    const calibrated = await elicitPrior(corridor(11), { scorer: tableScorer(weights) });
    expect(raw.policy.toActions().slice(0, 10)).toEqual(new Array(10).fill("left"));
    expect(calibrated.policy.toActions().slice(0, 10)).toEqual([...new Array(5).fill("left"), ...new Array(5).fill("right")]);
    // Half the states answer right with 1/9, half with 2/10.
    const bias = { left: (Math.log(8 / 9) + Math.log(8 / 10)) / 2, right: (Math.log(1 / 9) + Math.log(2 / 10)) / 2 };
    const odds = Math.exp(Math.log(2 / 10) - bias.right) / Math.exp(Math.log(8 / 10) - bias.left);
    expect(calibrated.policy.probability(7, "right")).toBeCloseTo(0.005 + 0.99 * (odds / (1 + odds)), 12);
  });

  it("leaves few prompts uncalibrated, and says so if calibration was asked for", async () => {
    const prior = await elicitPrior(corridor(4), { scorer: tableScorer(() => [1, 3]), calibrate: "batch" });
    expect(prior.notes).toEqual(["not calibrated: 3 different prompts, at least 8 are needed."]);
    expect(prior.policy.probability(0, "right")).toBeCloseTo(0.005 + 0.99 * 0.75, 12);
  });

  it("takes the leaning from lines given for that, however few states there are", async () => {
    // Leans to left by 4 to 1; sees a factor of 2 in the states themselves.
    const weights = (features: string) => (features === "state 0" ? [8, 1] : features.startsWith("state") ? [8, 4] : features === "even" ? [4, 1] : [16, 4]);
    const scorer = tableScorer(weights);
    const prior = await elicitPrior(corridor(3), { scorer, calibrate: ["even", "uneven", "state 1", "even"] });
    expect(scorer.asked.map(({ prompt, states }) => [prompt.messages.at(-1)?.content, states])).toEqual([
      ["state 0", [0]],
      ["state 1", [1]],
      ["even", []],
      ["uneven", []],
    ]);
    const mean = (a: number) => (3 * Math.log([4 / 5, 1 / 5][a] ?? 0) + Math.log([2 / 3, 1 / 3][a] ?? 0)) / 4;
    expect([...(prior.leaning ?? [])]).toEqual([expect.closeTo(mean(0), 12), expect.closeTo(mean(1), 12)]);
    const odds = (8 / 1) * Math.exp(mean(1) - mean(0));
    expect(prior.policy.probability(0, "left")).toBeCloseTo(0.005 + (0.99 * odds) / (1 + odds), 12);
    expect(prior).toMatchObject({ prompts: 4, calls: 4 });
    expect(prior.logProbabilities?.at(0, "left")).toBeCloseTo(Math.log(8 / 9), 12);
  });

  it("takes no leaning from a synthetic scorer", async () => {
    const scorer = tableScorer((features) => (features === "state 3" ? [9, 1] : [1, 9]), { info: { source: "synthetic", model: "x" } });
    const prior = await elicitPrior(corridor(12), { scorer, calibrate: ["a", "b"] });
    expect(prior.leaning).toBeUndefined();
    expect(prior.policy.probability(5, "right")).toBeCloseTo(0.005 + 0.99 * 0.9, 12);
  });

  it("leaves blocked moves the floor, where there is another move", async () => {
    for (const mask of ["blocked", true] as const) {
      const prior = await elicitPrior(corridor(4), { scorer: tableScorer(() => [9, 1]), mask, floor: 0.02 });
      expect(prior.policy.probability(0, "left")).toBeCloseTo(0.01, 12);
      expect(prior.policy.probability(0, "right")).toBeCloseTo(0.99, 12);
      expect(prior.policy.probability(1, "left")).toBeCloseTo(0.01 + 0.98 * 0.9, 12);
    }
  });

  it("asks only about the actions a state offers, and not at all where it offers one", async () => {
    const scorer = tableScorer((_, actions) => actions.map(() => 1));
    const prior = await elicitPrior(robot, { scorer, describe: (_, label) => `battery ${label}` });
    expect(scorer.asked.map(({ actions, prompt }) => [actions, prompt.messages.at(-1)?.content])).toEqual([
      [["search", "wait"], "battery high; possible: search, wait"],
      [["search", "wait", "recharge"], "battery low"],
    ]);
    expect(prior.policy.probability("low", "recharge")).toBeCloseTo(1 / 3, 12);
    const chain = buildMdp({ states: 2, actions: 1, discount: 0.5 }, (_, model) => {
      model.choice(0, 1);
      model.branch(0, 1);
    });
    const nothing = tableScorer(half);
    const certain = await elicitPrior(chain, { scorer: nothing });
    expect(nothing.asked).toHaveLength(0);
    expect(certain).toMatchObject({ calls: 0, prompts: 0, coverage: 1 });
    expect(certain.policy.probability(1, 0)).toBe(1);
  });

  it("asks in letters where labels begin alike, and puts the answers where they belong", async () => {
    const scorer = tableScorer((_, actions) => actions.map((label) => (label === "stop" ? 3 : 1)));
    const mdp = buildMdp({ states: 2, actions: ["stay", "stop"], discount: 0.5 }, (s, model) => {
      for (const a of [0, 1]) {
        model.choice(a, 0);
        model.branch(s, 1);
      }
    });
    const prior = await elicitPrior(mdp, { scorer });
    expect(scorer.asked[0]).toMatchObject({ actions: ["stay", "stop"], answers: ["A", "B"] });
    expect(prior.policy.probability(0, "stop")).toBeCloseTo(0.005 + 0.99 * 0.75, 12);
  });

  it("refuses a scorer that answers raw logits instead of a log-softmax", async () => {
    const logits: Scorer = {
      info: async () => ({ source: "server", model: "raw" }),
      score: async () => ({ logProbabilities: [11.2, 9.7], coverage: 1, method: "logprobs", floored: 0, calls: 1 }),
    };
    await expect(elicitPrior(corridor(3), { scorer: logits })).rejects.toThrow(/the answer of raw has probabilities that sum to .*not raw logits/);
  });

  it("refuses answers none of which names an action: that prior would be noise", async () => {
    await expect(elicitPrior(corridor(3), { scorer: tableScorer(half, { coverage: 0 }) })).rejects.toThrow(/named no action in any of 2 answers/);
  });

  it("refuses too many prompts before the first call", async () => {
    const scorer = tableScorer(half);
    await expect(elicitPrior(corridor(12), { scorer, maxPrompts: 10 })).rejects.toThrow(/more than 10 different descriptions/);
    expect(scorer.asked).toHaveLength(0);
  });

  it("passes on what fails, gives up the rest, and keeps the answers that came", async () => {
    const cache = new MemoryCache();
    let asked = 0;
    const failing: Scorer = {
      info: async () => ({ source: "server", model: "table" }),
      score: async (request) => {
        if (++asked === 4) throw new PriorError("the server fell over.");
        return tableScorer(half).score(request);
      },
    };
    await expect(elicitPrior(corridor(12), { scorer: failing, cache, concurrency: 1 })).rejects.toThrow("the server fell over.");
    expect(asked).toBe(4);
    expect(cache.size).toBe(3);
  });

  it("ends with the signal's reason when aborted", async () => {
    const abort = new AbortController();
    const slow: Scorer = {
      info: async () => ({ source: "server", model: "slow" }),
      score: (_, options) =>
        new Promise((_resolve, reject) => {
          options?.signal?.addEventListener("abort", () => reject(options.signal?.reason as Error));
          setTimeout(() => abort.abort(new Error("stop")), 10);
        }),
    };
    await expect(elicitPrior(corridor(12), { scorer: slow, signal: abort.signal })).rejects.toThrow("stop");
    await expect(elicitPrior(corridor(12), { scorer: tableScorer(half), signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  });

  it("has at most `concurrency` questions under way", async () => {
    let underWay = 0;
    let most = 0;
    const counting: Scorer = {
      info: async () => ({ source: "server", model: "table" }),
      score: async (request) => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setTimeout(resolve, 2));
        underWay--;
        return tableScorer(half).score(request);
      },
    };
    await elicitPrior(corridor(30), { scorer: counting, concurrency: 3 });
    expect(most).toBe(3);
  });

  it("refuses options out of range", async () => {
    for (const options of [{ floor: 0 }, { floor: 1 }, { maxPrompts: 0 }, { concurrency: 0 }, { maxTokens: -1 }]) {
      await expect(elicitPrior(corridor(3), { scorer: tableScorer(half), ...options })).rejects.toThrow(OptionError);
    }
  });

  it("keeps every feasible action above the floor whatever the scorer answers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 1e-30, max: 1, noNaN: true }), { minLength: 24, maxLength: 24 }),
        fc.boolean(),
        fc.boolean(),
        async (numbers, mask, calibrate) => {
          const weights = (features: string): number[] => [numbers[2 * Number(features.slice(6))] ?? 1, numbers[2 * Number(features.slice(6)) + 1] ?? 1];
          const prior = await elicitPrior(corridor(12), { scorer: tableScorer(weights), mask, calibrate: calibrate ? "batch" : "none", floor: 0.05 });
          const p = prior.policy.probabilities();
          for (let s = 0; s < 11; s++) {
            expect((p[2 * s] ?? 0) + (p[2 * s + 1] ?? 0)).toBeCloseTo(1, 12);
            expect(Math.min(p[2 * s] ?? 0, p[2 * s + 1] ?? 0)).toBeGreaterThanOrEqual(0.025);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
