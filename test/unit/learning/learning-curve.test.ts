// Learners over many seeds: counts until optimal, curves, and the words for a sample.
import { describe, expect, it } from "vitest";
import { maze, toEnv } from "../../../src/envs/index.ts";
import { OptionError } from "../../../src/errors.ts";
import { episodesToOptimal, learningCurve, nStepSarsa, qLearning, spread } from "../../../src/solvers/learning/index.ts";
import { forever } from "./environments.ts";

describe("spread", () => {
  it("is the median and the ends", () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spread([4, 1, 2, 10])).toEqual({ median: 3, min: 1, max: 10 });
    expect(spread([1, Infinity, Infinity])).toEqual({ median: Infinity, min: 1, max: Infinity });
    expect(spread([]).median).toBeNaN();
  });
});

describe("episodesToOptimal", () => {
  const { mdp } = maze();
  const env = () => toEnv(mdp, { maxSteps: 200 });

  it("counts the episodes before the streak, not the streak", async () => {
    let asked = 0;
    // True from the fourth look on, but for the sixth: the streak that counts begins at the seventh.
    const answers = [false, false, false, true, true, false, true, true, true];
    const { episodes, steps, reached } = await episodesToOptimal(
      toEnv(forever(), { maxSteps: 5 }),
      { seeds: 1, maxEpisodes: 100, stay: 3 },
      () => answers[asked++] ?? true,
    );
    expect([episodes.median, steps.median, reached, asked]).toEqual([7, 35, 1, 9]);
  });

  it("answers infinity where a run never gets there", async () => {
    const { episodes, reached, runs, status } = await episodesToOptimal(env(), { seeds: ["a", "b", "c"], maxEpisodes: 5 }, () => false);
    expect([episodes.median, reached, status]).toEqual([Infinity, 0, "done"]);
    expect(runs.map(({ seed }) => seed)).toEqual(["a", "b", "c"]);
  });

  it("runs each seed as the learner alone would", async () => {
    const done: string[] = [];
    const { runs } = await episodesToOptimal(
      env(),
      { seeds: 3, maxEpisodes: 40, stay: 1, onRun: (k, n) => done.push(`${k}/${n}`) },
      (policy) => policy.action(0) === "right" && policy.action(14) !== "up",
    );
    expect(done).toEqual(["1/3", "2/3", "3/3"]);
    for (const { seed, episodes } of runs) {
      const { policy } = await qLearning(env(), { steps: 1e6, episodes, seed });
      expect([policy.action(0), policy.action(14) !== "up"]).toEqual(["right", true]);
    }
  });

  it("stops where its signal says, with the runs that were whole", async () => {
    const controller = new AbortController();
    const { status, runs } = await episodesToOptimal(
      env(),
      { seeds: 5, maxEpisodes: 5, signal: controller.signal, onRun: (k) => k === 2 && controller.abort() },
      () => false,
    );
    expect([status, runs.length]).toEqual(["aborted", 2]);
  });

  it("refuses no seeds and no episodes", async () => {
    await expect(episodesToOptimal(env(), { seeds: 0, maxEpisodes: 5 }, () => true)).rejects.toThrow(OptionError);
    await expect(episodesToOptimal(env(), { seeds: 1, maxEpisodes: 0 }, () => true)).rejects.toThrow(OptionError);
    await expect(episodesToOptimal(env(), { seeds: 1, maxEpisodes: 1, stay: 0 }, () => true)).rejects.toThrow(OptionError);
  });
});

describe("learningCurve", () => {
  it("has a point every so many episodes, over all seeds", async () => {
    const curve = await learningCurve(toEnv(forever(), { maxSteps: 5 }), { seeds: 4, maxEpisodes: 12, every: 3 });
    expect(curve).toEqual([3, 6, 9, 12].map((episode) => ({ episode, reward: { median: 5, min: 5, max: 5 }, length: { median: 5, min: 5, max: 5 } })));
  });

  it("falls as the maze is learned, with any learner", async () => {
    const { mdp } = maze();
    const learner: typeof qLearning = (env, options) => nStepSarsa(env, { ...options, n: 4 });
    const curve = await learningCurve(toEnv(mdp, { maxSteps: 200 }), { seeds: 10, maxEpisodes: 40, learner });
    expect(curve.length).toBe(40);
    expect(curve[0]?.length.median).toBeGreaterThan(20);
    expect(curve.at(-1)?.length.median).toBeLessThan(12);
    expect(curve.at(-1)?.reward.median).toBe(1);
  });
});
