// CartPole against steps of the real Gymnasium environment (scripts/make-cart-pole-fixture.py), and its protocol.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cartPole } from "../../../src/envs/index.ts";
import { EnvProtocolError, OptionError } from "../../../src/errors.ts";
import { Rng } from "../../../src/numeric/index.ts";

type Motion = readonly [number, number, number, number];
type RecordedStep = readonly [action: 0 | 1, state: Motion, observation: Motion, reward: number, terminated: 0 | 1, truncated: 0 | 1];

interface Episode {
  readonly seed: number;
  readonly controller: string;
  readonly start: Motion;
  readonly steps: readonly RecordedStep[];
}

const { episodes } = JSON.parse(readFileSync(new URL("../../fixtures/envs/cart-pole.json", import.meta.url), "utf8")) as {
  readonly episodes: readonly Episode[];
};

const rng = new Rng(0).state;

/** How many float64 numbers lie between two, at the size of the larger. */
function ulps(a: number, b: number): number {
  const size = Math.max(Math.abs(a), Math.abs(b), 2 ** -60);
  return Math.abs(a - b) / 2 ** (Math.floor(Math.log2(size)) - 52);
}

describe.each(episodes)("Gymnasium's episode $seed ($controller)", ({ start, steps }) => {
  test("each of its steps alone leads to the same state, within 4 ulp", () => {
    let before = start;
    for (const [action, state] of steps) {
      const env = cartPole();
      env.restore({ motion: before, elapsed: 0, rng });
      env.step(action);
      const after = env.save().motion;
      // A terminated episode has no motion to save; its observation is compared below.
      if (after !== null) for (const [i, x] of after.entries()) expect(ulps(x, state[i]!), `motion[${i}] ${x}, Gymnasium's ${state[i]}`).toBeLessThanOrEqual(4);
      before = state;
    }
  });

  test("played through: the same observations in float32, the same rewards, the same end", () => {
    const env = cartPole();
    env.restore({ motion: start, elapsed: 0, rng });
    for (const [t, [action, , observation, reward, terminated, truncated]] of steps.entries()) {
      const step = env.step(action);
      // Two libraries' sines may differ by an ulp of float64, and 500 steps of an unstable pole amplify that: still far below float32.
      for (const [i, x] of step.observation.entries())
        expect(Math.abs(x - observation[i]!), `step ${t}`).toBeLessThanOrEqual(2 ** -23 * Math.max(2 ** -6, Math.abs(x)));
      expect([step.reward, step.terminated, step.truncated]).toEqual([reward, terminated === 1, truncated === 1]);
    }
  });
});

describe("the protocol", () => {
  test("starts within 0.05 of rest, from its seed alone", () => {
    const env = cartPole();
    const first = env.reset({ seed: "a" }).observation.slice();
    for (const x of first) expect(Math.abs(x)).toBeLessThanOrEqual(0.05);
    expect(new Set(first).size).toBe(4);
    expect(env.reset().observation).not.toEqual(first);
    expect(env.reset({ seed: "a" }).observation).toEqual(first);
  });

  test("truncates at maxSteps, but not where the pole falls in that very step", () => {
    const env = cartPole({ maxSteps: 3 });
    env.reset({ seed: 1 });
    expect([env.step(0), env.step(1)].map(({ truncated }) => truncated)).toEqual([false, false]);
    expect(env.step(0)).toMatchObject({ terminated: false, truncated: true });
    env.restore({ motion: [0, 0, 0.2094, 1], elapsed: 2, rng });
    expect(env.step(1)).toMatchObject({ terminated: true, truncated: false });
  });

  test("goes on from what it saved, in the middle of an episode and its random numbers too", () => {
    const play = (env: ReturnType<typeof cartPole>) =>
      Array.from({ length: 60 }, (_, t) => {
        const { observation, terminated } = env.step(t % 3 === 0 ? 0 : 1);
        const seen = Array.from(observation);
        return terminated ? [seen, Array.from(env.reset().observation)] : [seen];
      });
    const env = cartPole();
    env.reset({ seed: 5 });
    env.step(1);
    const saved: unknown = JSON.parse(JSON.stringify(env.save()));
    const expected = play(env);
    const other = cartPole();
    other.restore(saved as ReturnType<typeof env.save>);
    expect(play(other)).toEqual(expected);
  });

  test("refuses steps out of turn, other actions, and states that are none", () => {
    const env = cartPole({ maxSteps: 1 });
    expect(() => env.step(0)).toThrow(EnvProtocolError);
    env.reset();
    for (const action of [2, -1, 0.5, Number.NaN]) expect(() => env.step(action)).toThrow(/expected 0 \(left\) or 1 \(right\)/);
    env.step(0);
    expect(() => env.step(0)).toThrow(/after the end/);
    expect(() => env.restore({ motion: [0, 0, Number.NaN, 0], elapsed: 0, rng })).toThrow(OptionError);
    expect(() => cartPole({ maxSteps: 0 })).toThrow(OptionError);
  });
});
