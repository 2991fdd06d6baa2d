// Models as environments: what is drawn, when it ends, what is refused.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Step, toEnv } from "../../../src/envs/index.ts";
import { EnvProtocolError, OptionError, UnsupportedModelError } from "../../../src/errors.ts";
import { buildMdp, startAt } from "../../../src/mdp/index.ts";
import { arbitraryMdp } from "../../support/arbitrary-mdp.ts";
import { buildCallback } from "../../support/layouts.ts";
import { sparseModel, wideModel } from "./models.ts";

/** Pearson's statistic of counts against probabilities. */
function chiSquare(counts: readonly number[], probabilities: readonly number[]): number {
  const n = counts.reduce((sum, x) => sum + x, 0);
  return counts.reduce((sum, seen, i) => sum + (seen - n * probabilities[i]!) ** 2 / (n * probabilities[i]!), 0);
}

describe("sampling", () => {
  test("a branch is drawn as often as it is probable, and pays its own reward", () => {
    const env = toEnv(sparseModel(), { seed: 5 });
    const seen = new Map([
      ["0 1 false", 0],
      ["1 2 false", 0],
      ["1 5 true", 0],
    ]);
    for (let i = 0; i < 20_000; i++) {
      env.reset();
      const { state, reward, terminated } = env.step(0);
      const key = `${state} ${reward} ${terminated}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(3);
    expect(chiSquare([...seen.values()], [0.25, 0.25, 0.5])).toBeLessThan(16); // 2 degrees of freedom: p > 3e-4
  });

  test.each([2, 3, 9, 10, 64, 500])("a row of %d branches is drawn right, however its thresholds are searched", (n) => {
    const env = toEnv(wideModel(n), { seed: n });
    const counts = new Array<number>(n).fill(0);
    env.reset();
    for (let i = 0; i < 400 * n; i++) counts[env.step(0).state]!++;
    const probabilities = counts.map((_, t) => (2 * (t + 1)) / (n * (n + 1)));
    // Rare states are left out of the test by their small expectation: 400 * 2 / (n + 1) at least.
    expect(chiSquare(counts, probabilities)).toBeLessThan(n + 5 * Math.sqrt(2 * n) + 10);
  });

  test("probabilities of the smallest kind are never drawn in place of large ones", () => {
    const mdp = buildMdp({ states: 2, actions: 1, discount: 0.9 }, (_, model) => {
      model.choice(0, 0);
      model.branch(1, 1e-12);
      model.branch(0, 1 - 1e-12);
    });
    const env = toEnv(mdp);
    env.reset({ seed: 1 });
    let away = 0;
    for (let i = 0; i < 100_000; i++) if (env.step(0).state === 1) away++;
    expect(away).toBeLessThanOrEqual(2);
  });

  test("the same seed gives the same run, another seed another one; without a seed the numbers go on", () => {
    const run = (seed: number | undefined, env = toEnv(wideModel(50), { seed: 3 })): number[] => {
      env.reset(seed === undefined ? {} : { seed });
      return Array.from({ length: 20 }, () => env.step(1).state);
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(run(undefined)).toEqual(run(undefined));
    const env = toEnv(wideModel(50), { seed: 3 });
    expect(run(undefined, env)).not.toEqual(run(undefined, env));
    expect(run(3, env)).toEqual(run(undefined));
  });

  test("every step stays within the model's branches, for any model", () => {
    fc.assert(
      fc.property(arbitraryMdp({ maxStates: 6 }), fc.integer(), (spec, seed) => {
        const mdp = buildCallback(spec);
        if (mdp.storage.terminal.every((t) => t === 1)) return;
        const env = toEnv(mdp, { seed, maxSteps: 20 });
        let { state } = env.reset();
        for (let i = 0; i < 60; i++) {
          const offered = mdp.feasibleActions(state);
          const action = offered[i % offered.length]!;
          const step = env.step(action);
          const fits = mdp
            .branches(state, action)
            .some(({ next, reward, terminated }) => next === step.state && reward === step.reward && (terminated || mdp.isTerminal(next)) === step.terminated);
          if (!fits) throw new Error(`state ${state}, action ${action}: ${JSON.stringify(step)} is no branch`);
          state = step.terminated || step.truncated ? env.reset().state : step.state;
        }
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});

describe("starts", () => {
  test("episodes start in the initial distribution", () => {
    const mdp = wideModel(4).with({ initial: { state: Int32Array.of(3, 1), probability: Float64Array.of(0.75, 0.25) } });
    const env = toEnv(mdp, { seed: 2 });
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 8000; i++) counts[env.reset().state]!++;
    expect(counts[0]! + counts[2]!).toBe(0);
    expect(chiSquare([counts[3]!, counts[1]!], [0.75, 0.25])).toBeLessThan(12);
    expect(env.starts).toEqual([
      [3, 0.75],
      [1, 0.25],
    ]);
  });

  test("without one, in any non-terminal state alike", () => {
    const mdp = buildMdp({ states: 4, actions: 1 }, (s, model) => {
      if (s === 2) return model.terminal();
      model.choice(0, 0);
      model.branch(s, 1);
    });
    const env = toEnv(mdp);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 6000; i++) counts[env.reset().state]!++;
    expect(counts[2]).toBe(0);
    expect(chiSquare([counts[0]!, counts[1]!, counts[3]!], [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(16);
    expect(env.starts).toEqual([
      [0, 1 / 3],
      [1, 1 / 3],
      [3, 1 / 3],
    ]);
  });

  test("a terminal start, and a model of nothing but ends, are refused", () => {
    expect(() => toEnv(sparseModel().with({ initial: startAt(2) }))).toThrow(UnsupportedModelError);
    const ends = buildMdp({ states: 2, actions: 1 }, (_, model) => model.terminal());
    expect(() => toEnv(ends)).toThrow("all 2 states are terminal");
  });
});

describe("ends", () => {
  test("entering a terminal state terminates; so does a terminated branch into a state with choices", () => {
    const env = toEnv(sparseModel(), { seed: 1 });
    const ends = new Set<string>();
    for (let i = 0; i < 200; i++) {
      let step: Step = env.reset();
      let action = 0;
      while (!step.terminated) {
        action = step.state === 0 ? 0 : 1;
        step = env.step(action);
      }
      ends.add(`${step.state} after ${action}, paid ${step.reward}`);
    }
    expect([...ends].sort()).toEqual(["1 after 0, paid 5", "2 after 1, paid 7"]);
  });

  test("maxSteps truncates, and an end at the last step is no truncation", () => {
    const env = toEnv(wideModel(3), { maxSteps: 3 });
    for (let episode = 0; episode < 3; episode++) {
      env.reset();
      expect([env.step(0).truncated, env.step(0).truncated, env.step(0).truncated]).toEqual([false, false, true]);
      expect(() => env.step(0)).toThrow(EnvProtocolError);
    }
    const short = toEnv(
      buildMdp({ states: 2, actions: 1 }, (s, model) => {
        if (s === 1) return model.terminal();
        model.choice(0, 1);
        model.branch(1, 1);
      }),
      { maxSteps: 1 },
    );
    short.reset();
    expect(short.step(0)).toEqual({ state: 1, reward: 1, terminated: true, truncated: false });
  });

  test("the answer is one object, reused", () => {
    const env = toEnv(wideModel(3));
    expect(env.reset()).toBe(env.step(0));
  });
});

describe("what is refused", () => {
  test("a step before reset, and after the end", () => {
    const env = toEnv(sparseModel());
    expect(() => env.step(0)).toThrow("step before reset");
    env.reset({ seed: 0 });
    while (!env.step(2).terminated && !env.step(1).terminated);
    expect(() => env.step(0)).toThrow("after the end");
  });

  test.each([-1, 3, 1.5, Number.NaN, Infinity])("action %d", (action) => {
    const env = toEnv(sparseModel());
    env.reset();
    expect(() => env.step(action)).toThrow(EnvProtocolError);
    expect(() => env.step(action)).toThrow(`step got action ${action}`);
  });

  test("an action the state does not offer, naming those it does; the episode goes on", () => {
    const env = toEnv(sparseModel());
    env.reset();
    expect(() => env.step(1)).toThrow("step got action 1 in state 0, expected one of 0, 2.");
    expect(env.step(2).state).toBe(1);
    expect(() => env.step(0)).toThrow("expected one of 1.");
  });

  test("infeasible actions are refused too where no table of all pairs is kept", () => {
    const mdp = buildMdp({ states: 2000, actions: 2000, initial: startAt(7) }, (s, model) => {
      model.choice(s, s);
      model.branch((s + 1) % 2000, 1);
    });
    const env = toEnv(mdp);
    env.reset();
    expect(env.step(7)).toMatchObject({ state: 8, reward: 7 });
    expect(() => env.step(7)).toThrow("expected one of 8.");
    expect(env.step(8).state).toBe(9);
  });

  test.each([0, -1, 1.5, Number.NaN])("maxSteps %d", (maxSteps) => {
    expect(() => toEnv(sparseModel(), { maxSteps })).toThrow(OptionError);
  });
});

describe("what is told", () => {
  test("outcomes are the branches; of an infeasible action there are none", () => {
    const env = toEnv(sparseModel());
    expect(env.outcomes(0, 0)).toEqual([
      { next: 0, probability: 0.25, reward: 1, terminated: false },
      { next: 1, probability: 0.25, reward: 2, terminated: false },
      { next: 1, probability: 0.5, reward: 5, terminated: true },
    ]);
    expect(env.outcomes(1, 1)[1]).toEqual({ next: 2, probability: 0.5, reward: 7, terminated: true });
    expect(env.outcomes(0, 1)).toEqual([]);
    expect(env.outcomes(2, 0)).toEqual([]);
  });

  test("the current state as text", () => {
    const env = toEnv(sparseModel(), { render: (s) => `<${s}>` });
    expect(env.render()).toBe("");
    env.reset();
    expect(env.render()).toBe("<0>");
    env.step(2);
    expect(env.render()).toBe("<1>");
    expect(toEnv(sparseModel()).render()).toBe("");
  });
});

describe("saving", () => {
  test("in the middle of an episode: what comes after is the same, truncation included", () => {
    const env = toEnv(wideModel(30), { maxSteps: 10, seed: 6 });
    env.reset();
    for (let t = 0; t < 4; t++) env.step(t % 2);
    const saved = JSON.parse(JSON.stringify(env.save())) as ReturnType<typeof env.save>;
    const rest = (of: typeof env) => [of.render(), ...Array.from({ length: 6 }, () => ({ ...of.step(1) })), of.reset().state];
    const expected = rest(env);
    const other = toEnv(wideModel(30), { maxSteps: 10 });
    other.restore(saved);
    expect(rest(other)).toEqual(expected);
    env.restore(saved);
    expect(rest(env)).toEqual(expected);
  });

  test("before the first reset, and after an end", () => {
    const env = toEnv(sparseModel());
    const fresh = env.save();
    env.reset();
    env.restore(fresh);
    expect(() => env.step(0)).toThrow("step before reset");
    env.reset({ seed: 0 });
    while (!env.step(2).terminated && !env.step(1).terminated);
    const ended = env.save();
    env.reset();
    env.restore(ended);
    expect(() => env.step(0)).toThrow("after the end");
    expect(env.render()).not.toBe("");
  });

  test.each([
    [{ state: 2 }, /restore: state is 2, expected -1 or a state that is not terminal/],
    [{ state: 3 }, /restore: state/],
    [{ state: 0.5 }, /restore: state/],
    [{ elapsed: -1 }, /restore: elapsed is -1/],
    [{ entered: 9 }, /restore: entered is 9/],
  ])("%o is refused", (change, message) => {
    const env = toEnv(sparseModel());
    env.reset();
    expect(() => env.restore({ ...env.save(), ...change })).toThrow(message);
    expect(env.step(2).state).toBe(1);
  });
});
