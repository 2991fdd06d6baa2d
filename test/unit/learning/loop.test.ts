// The loop behind all learners: seeds, limits, looks, aborting, objectives, and environments that break their protocol.
import { describe, expect, it } from "vitest";
import { type Env, frozenLake, maze, toEnv } from "../../../src/envs/index.ts";
import { EnvProtocolError, OptionError, ShapeError } from "../../../src/errors.ts";
import { buildMdp, ChoiceTable, startAt } from "../../../src/mdp/index.ts";
import { epsilonGreedy, follow, greedy, harmonic, Policy, policySpace } from "../../../src/policies/index.ts";
import { valueIteration } from "../../../src/solvers/index.ts";
import {
  defaultLearningRate,
  expectedSarsa,
  greedyRollouts,
  type LearnHistoryEntry,
  monteCarloPrediction,
  nStepSarsa,
  qLearning,
  sarsaLambda,
  tdPrediction,
} from "../../../src/solvers/learning/index.ts";
import { bare, forever, ring } from "./environments.ts";

const env = () => toEnv(ring(), { maxSteps: 20 });

describe("what is learned", () => {
  it("is the optimal Q, in a noisy environment with the default learning rate", async () => {
    const { mdp } = frozenLake();
    const exact = await valueIteration(mdp, { epsilon: 1e-9 });
    const explore = follow(Policy.uniform(policySpace(mdp)));
    const errorAfter = async (steps: number) => {
      const { q, visits } = await qLearning(toEnv(mdp, { maxSteps: 100 }), { steps, seed: 1, explore });
      return Math.max(...q.array.map((x, c) => (visits[c]! > 0 ? Math.abs(x - exact.q.array[c]!) : 0)));
    };
    const [early, late] = [await errorAfter(20_000), await errorAfter(1_000_000)];
    expect(late).toBeLessThan(0.12);
    expect(early).toBeGreaterThan(2 * late);
  });

  it("is exact in a deterministic maze", async () => {
    const { mdp } = maze();
    const exact = await valueIteration(mdp, { epsilon: 1e-12 });
    const { q, policy, value, visits } = await qLearning(toEnv(mdp, { maxSteps: 200 }), { steps: 100_000, explore: epsilonGreedy(0.5) });
    const tried = [...q.array.keys()].filter((c) => visits[c]! > 0);
    expect(Math.max(...tried.map((c) => Math.abs(q.array[c]! - exact.q.array[c]!)))).toBeLessThan(1e-6);
    expect(value.at(0)).toBeCloseTo(0.99 ** 5, 6);
    expect(policy.action(0)).toBe("right");
  });

  it("never counts an action the state does not offer", async () => {
    // All rewards are negative, so that the 0 of a choice that is not there would win every maximum.
    const model = ring();
    const exact = await valueIteration(model, { epsilon: 1e-9 });
    const uniform = follow(Policy.uniform(policySpace(model)));
    const { value, q } = await qLearning(env(), { steps: 200_000, explore: uniform });
    for (let s = 0; s < 6; s++) expect(Math.abs(value.array[s]! - exact.value.array[s]!)).toBeLessThan(0.1);
    expect(Math.max(...value.array.subarray(0, 6))).toBeLessThan(-1);
    expect(q.row(1).has(2)).toBe(false);
  });

  it("minimises what is to be minimised: the mirror image of maximising the negative", async () => {
    const costs = ring().with({ objective: "minimize" });
    const negated = buildMdp({ states: 7, actions: 3, discount: 0.9, initial: startAt(0) }, (s, m) => {
      if (s === 6) {
        m.terminal();
        return;
      }
      for (const a of costs.feasibleActions(s)) {
        m.choice(a, -costs.reward(s, a));
        for (const branch of costs.branches(s, a)) m.branch(branch.next, branch.probability);
      }
    });
    const minimised = await qLearning(toEnv(costs, { maxSteps: 20 }), { steps: 5000, initialQ: 2 });
    const maximised = await qLearning(toEnv(negated, { maxSteps: 20 }), { steps: 5000, initialQ: -2 });
    expect(minimised.objective).toBe("minimize");
    expect(minimised.q.array).toEqual(maximised.q.array.map((x) => 0 - x));
    expect(minimised.value.array).toEqual(maximised.value.array.map((x) => 0 - x));
    expect(minimised.policy.toActions()).toEqual(maximised.policy.toActions());
    const told = await qLearning(bare(toEnv(costs, { maxSteps: 20 })), { steps: 500, objective: "minimize" });
    expect(told.objective).toBe("minimize");
  });

  it("has the default learning rate 1/(1 + (1-γ)(n-1)), 0.1 at discount 1", () => {
    expect(defaultLearningRate(0.9)(0, 11)).toBeCloseTo(0.5, 12);
    expect(defaultLearningRate(1)(0, 11)).toBe(0.1);
  });
});

describe("a run", () => {
  it("is named by its seed", async () => {
    const run = async (seed: number | string) => (await qLearning(env(), { steps: 2000, seed })).q.array;
    expect(await run(7)).toEqual(await run(7));
    expect(await run("7")).toEqual(await run(7));
    expect(await run(8)).not.toEqual(await run(7));
    // An environment used before starts anew.
    const used = env();
    await qLearning(used, { steps: 777, seed: 3 });
    expect((await qLearning(used, { steps: 2000, seed: 7 })).q.array).toEqual(await run(7));
  });

  it("stops at its limits exactly", async () => {
    const bySteps = await qLearning(env(), { steps: 1234 });
    expect([bySteps.steps, bySteps.status, bySteps.visits.reduce((x, y) => x + y)]).toEqual([1234, "done", 1234]);
    const byEpisodes = await qLearning(env(), { steps: 1e6, episodes: 33 });
    expect([byEpisodes.episodes, byEpisodes.state.episode]).toEqual([33, null]);
    expect((await qLearning(env(), { steps: 0 })).steps).toBe(0);
  });

  it("looks without changing anything, when it was told to", async () => {
    const looks: number[] = [];
    const plain = await qLearning(env(), { steps: 1000 });
    const watched = await qLearning(env(), {
      steps: 1000,
      evaluate: {
        every: 300,
        run: async ({ steps, q, policy }) => {
          looks.push(steps);
          q.array.fill(99);
          return policy.isDeterministic ? steps / 2 : -1;
        },
      },
    });
    expect(looks).toEqual([300, 600, 900]);
    expect(watched.history.map(({ steps, score }) => [steps, score])).toEqual([
      [300, 150],
      [600, 300],
      [900, 450],
    ]);
    expect(watched.q.array).toEqual(plain.q.array);
  });

  it("keeps a learning curve: rewards and lengths of the episodes between looks", async () => {
    const { history, episodes } = await qLearning(toEnv(forever(), { maxSteps: 10 }), { steps: 1005, evaluate: { every: 4, per: "episode" } });
    expect(episodes).toBe(100);
    expect(history.map((entry) => entry.episodes)).toEqual(Array.from({ length: 25 }, (_, i) => 4 * (i + 1)));
    expect(history.every(({ episodeReward, episodeLength }) => episodeReward === 10 && episodeLength === 10)).toBe(true);
    const byDefault = await qLearning(toEnv(forever(), { maxSteps: 10 }), { steps: 500 });
    expect(byDefault.history.length).toBe(100);
    expect(byDefault.history.filter(({ episodeReward }) => episodeReward === null).length).toBe(50);
  });

  it("ends when `until` says so", async () => {
    const seen: LearnHistoryEntry[] = [];
    const { steps, status, history } = await qLearning(env(), { steps: 1e9, evaluate: { every: 50, until: (entry) => seen.push(entry) === 3 } });
    expect([steps, status, history.length]).toEqual([150, "done", 3]);
  });

  it("scores by roll-outs in an environment of its own", async () => {
    const { mdp } = maze();
    const run = greedyRollouts(toEnv(mdp, { maxSteps: 50 }), { episodes: 3 });
    const { history } = await qLearning(toEnv(mdp, { maxSteps: 200 }), { steps: 20_000, evaluate: { every: 5000, run } });
    expect(history.at(-1)?.score).toBe(1);
    const discounted = greedyRollouts(toEnv(mdp, { maxSteps: 50 }), { discount: 0.5 });
    const { history: again } = await qLearning(toEnv(mdp, { maxSteps: 200 }), { steps: 20_000, evaluate: { every: 20_000, run: discounted } });
    expect(again[0]?.score).toBe(0.5 ** 5);
  });

  it("gives way, reports progress, and can be aborted and gone on with", async () => {
    const controller = new AbortController();
    let timers = 0;
    const ticking = setInterval(() => timers++, 5);
    const reports: number[] = [];
    const aborted = await qLearning(env(), {
      steps: 1e9,
      signal: controller.signal,
      evaluate: { every: 1e9 },
      onProgress: ({ steps }) => {
        reports.push(steps);
        if (reports.length === 3) controller.abort();
      },
    });
    clearInterval(ticking);
    expect(aborted.status).toBe("aborted");
    expect(timers).toBeGreaterThan(1);
    expect(reports).toEqual(reports.toSorted((a, b) => a - b));
    expect(aborted.steps).toBeLessThan(1e9);
    const total = aborted.steps + 5000;
    const [resumed, whole] = [await qLearning(env(), { steps: total, resume: aborted.state }), await qLearning(env(), { steps: total })];
    expect(resumed.q.array).toEqual(whole.q.array);
  });

  it("does nothing when the signal was aborted before", async () => {
    const { status, steps } = await qLearning(env(), { steps: 100, signal: AbortSignal.abort() });
    expect([status, steps]).toEqual(["aborted", 0]);
  });

  it("changes nothing it was given", async () => {
    const model = ring();
    const initialQ = new ChoiceTable(model.states, model.actions, model.storage, new Float64Array(model.choiceCount).fill(0.5));
    const state = (await qLearning(env(), { steps: 100, initialQ })).state;
    const before = JSON.stringify(state);
    await qLearning(env(), { steps: 500, resume: state, initialQ });
    expect(JSON.stringify(state)).toBe(before);
    expect(initialQ.array.every((x) => x === 0.5)).toBe(true);
  });

  it("starts from the table it was given", async () => {
    const model = ring();
    const initialQ = new ChoiceTable(
      model.states,
      model.actions,
      model.storage,
      Float64Array.from({ length: model.choiceCount }, (_, c) => c),
    );
    expect((await qLearning(env(), { steps: 0, initialQ })).q.array).toEqual(initialQ.array);
    expect((await qLearning(env(), { steps: 0, initialQ: 3 })).q.array.every((x) => x === 3)).toBe(true);
  });
});

describe("what is refused", () => {
  const uniform = Policy.uniform(policySpace(ring()));
  const { discount: _, ...undiscounted } = ring().parts;

  it.each<[string, () => Promise<unknown>]>([
    ["a missing discount", () => qLearning({ ...bare(env()), discount: undefined }, { steps: 10 })],
    ["a discount above 1", () => qLearning(env(), { steps: 10, discount: 1.5 })],
    ["no steps", () => qLearning(env(), { steps: Number.NaN })],
    ["half an episode", () => qLearning(env(), { steps: 10, episodes: 0.5 })],
    ["a learning rate of 0", () => qLearning(env(), { steps: 10, learningRate: 0 })],
    ["a learning rate above 1", () => qLearning(env(), { steps: 10, learningRate: 2 })],
    ["an initial Q that is not finite", () => qLearning(env(), { steps: 10, initialQ: Infinity })],
    ["an evaluation every 0 steps", () => qLearning(env(), { steps: 10, evaluate: { every: 0 } })],
    ["an unknown objective", () => qLearning(env(), { steps: 10, objective: "win" as "maximize" })],
    ["n = 0", async () => nStepSarsa(env(), { steps: 10, n: 0 })],
    ["λ above 1", async () => sarsaLambda(env(), { steps: 10, lambda: 1.1 })],
    ["unknown traces", async () => sarsaLambda(env(), { steps: 10, lambda: 1, traces: "long" as "dutch" })],
    ["offline dutch traces", async () => tdPrediction(env(), uniform, { steps: 10, traces: "dutch", updates: "offline" })],
    ["unknown visits", () => monteCarloPrediction(env(), uniform, { steps: 10, visits: "last" as "first" })],
    ["a weight without a prior", () => qLearning(env(), { steps: 10, priorWeight: 1 })],
  ])("%s", async (_name, run) => {
    expect(undiscounted).not.toHaveProperty("discount");
    await expect(run()).rejects.toThrow(OptionError);
  });

  it("tables and policies of another model", async () => {
    const other = forever();
    const q = new ChoiceTable(other.states, other.actions, other.storage, new Float64Array(1));
    await expect(qLearning(env(), { steps: 10, initialQ: q })).rejects.toThrow(ShapeError);
    await expect(tdPrediction(env(), Policy.uniform(policySpace(other)), { steps: 10 })).rejects.toThrow(ShapeError);
  });

  it("environments that break their protocol", async () => {
    const good = bare(env());
    const broken: Record<string, Env<number, number>> = {
      "reward NaN": { ...good, step: (action) => ({ ...good.step(action), reward: Number.NaN }) },
      "goes on in state 6": { ...good, step: () => ({ state: 6, reward: 0, terminated: false, truncated: false }) },
      "ended episode 1000 times": { ...good, reset: () => ({ state: 6, reward: 0, terminated: true, truncated: false }) },
    };
    for (const [message, environment] of Object.entries(broken)) {
      await expect(qLearning(environment, { steps: 1000 })).rejects.toThrow(EnvProtocolError);
      await expect(expectedSarsa(environment, { steps: 1000 })).rejects.toThrow(message);
    }
  });
});

describe("what is passed over", () => {
  it("an episode that has ended before its first step", async () => {
    const good = bare(env());
    let resets = 0;
    const patchy: Env<number, number> = {
      ...good,
      reset: (options) => {
        const first = good.reset(options);
        return resets++ % 3 === 0 ? { ...first, state: 6, terminated: true } : first;
      },
    };
    const { steps, episodes } = await qLearning(patchy, { steps: 1e4, episodes: 30, learningRate: harmonic(), explore: greedy() });
    expect(episodes).toBe(30);
    expect(steps).toBeGreaterThan(30);
  });
});
