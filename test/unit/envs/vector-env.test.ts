// Environments in step: arrays in and out, episodes begun anew within the step.
import { describe, expect, test } from "vitest";
import { toEnv, toVectorEnv, vectorEnv } from "../../../src/envs/index.ts";
import { EnvProtocolError, OptionError, ShapeError } from "../../../src/errors.ts";
import { buildMdp, startAt } from "../../../src/mdp/index.ts";
import { sparseModel, wideModel } from "./models.ts";

/** 0 -> 1 -> 2 -> end, paying the state left. */
const corridor = buildMdp({ states: 4, actions: 1, discount: 1, initial: startAt(0) }, (s, model) => {
  if (s === 3) return model.terminal();
  model.choice(0, s);
  model.branch(s + 1, 1);
});

describe("VectorEnv", () => {
  test("an ended episode starts again in the same step, its last state told apart", () => {
    const env = vectorEnv([toEnv(corridor), toEnv(corridor, { maxSteps: 2 })]);
    const seen = [env.reset().state.slice()];
    const actions = new Int32Array(2);
    const rows = Array.from({ length: 4 }, () => {
      const step = env.step(actions);
      seen.push(step.state.slice());
      return [[...step.state], [...step.reward], [...step.terminated], [...step.truncated], [...step.finalState]];
    });
    expect([...seen[0]!]).toEqual([0, 0]);
    expect(rows).toEqual([
      [
        [1, 1],
        [0, 0],
        [0, 0],
        [0, 0],
        [-1, -1],
      ],
      [
        [2, 0],
        [1, 1],
        [0, 0],
        [0, 1],
        [-1, 2],
      ],
      [
        [0, 1],
        [2, 0],
        [1, 0],
        [0, 0],
        [3, -1],
      ],
      [
        [1, 0],
        [0, 1],
        [0, 0],
        [0, 1],
        [-1, 2],
      ],
    ]);
  });

  test("each environment has random numbers of its own, restarted by a seed", () => {
    const run = (seed?: number): number[][] => {
      const env = toVectorEnv(wideModel(20), 3, { seed: 9 });
      env.reset(seed === undefined ? {} : { seed });
      return Array.from({ length: 10 }, () => [...env.step([0, 0, 0]).state]);
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(run()).toEqual(run());
    const states = run(1);
    expect(states.map((row) => row[0])).not.toEqual(states.map((row) => row[1]));
  });

  test("each does what its environment alone would do", () => {
    const together = vectorEnv([0, 1, 2].map(() => toEnv(wideModel(20))));
    together.reset({ seed: 4 });
    const alone = [0, 1, 2].map((i) => {
      const env = toEnv(wideModel(20));
      env.reset({ seed: `4/${i}` });
      return env;
    });
    for (let t = 0; t < 50; t++) expect([...together.step([1, 0, 1]).state]).toEqual(alone.map((env, i) => env.step([1, 0, 1][i]!).state));
  });

  test("a refused action leaves every environment where it was", () => {
    const env = vectorEnv([toEnv(sparseModel()), toEnv(sparseModel())]);
    env.reset({ seed: 1 });
    expect(() => env.step([2, 1])).toThrow("action 1 for environment 1 in state 0");
    expect(() => env.step([2, Number.NaN])).toThrow(EnvProtocolError);
    expect([...env.step([2, 2]).state]).toEqual([1, 1]);
  });

  test("what does not fit is refused", () => {
    expect(() => vectorEnv([])).toThrow(OptionError);
    const env = toEnv(corridor);
    expect(() => vectorEnv([env, env])).toThrow('envs[1] is "the environment of envs[0]"');
    expect(() => vectorEnv<number, number>([env, toEnv(wideModel(2))])).toThrow(ShapeError);
    expect(() => toVectorEnv(corridor, 0)).toThrow(OptionError);
    const two = toVectorEnv(corridor, 2);
    expect(() => two.step([0, 0])).toThrow("step before reset");
    two.reset();
    expect(() => two.step([0])).toThrow("actions has 1 entries, expected 2");
  });
});
