// Playing policies: returns against exact values, counts, limits, and what is refused.
import { describe, expect, it } from "vitest";
import { cliffWalking, type Env, simulate, toEnv } from "../../../src/envs/index.ts";
import { EnvProtocolError, OptionError, ShapeError } from "../../../src/errors.ts";
import { Policy, policySpace } from "../../../src/policies/index.ts";
import { evaluatePolicy } from "../../../src/solvers/index.ts";
import { bare, forever, forwards, ring } from "./environments.ts";

describe("simulate", () => {
  it("returns on average what the policy is worth, within its own error", async () => {
    for (const model of [forwards(), ring()]) {
      const policy = Policy.uniform(policySpace(model));
      const { value } = await evaluatePolicy(model, policy, { epsilon: 1e-9 });
      const { meanReturn, standardError, returns, truncated } = await simulate(toEnv(model), policy, { episodes: 20_000, seed: 4 });
      expect(standardError).toBeLessThan(0.05);
      expect(standardError).toBeGreaterThan(0.001);
      expect(Math.abs(meanReturn - value.at(0))).toBeLessThan(4.5 * standardError);
      expect([returns.length, truncated]).toEqual([20_000, 0]);
    }
  });

  it("counts rewards, lengths, visits and truncations", async () => {
    const model = forever(0.5);
    const result = await simulate(toEnv(model, { maxSteps: 3 }), Policy.uniform(policySpace(model)), { episodes: 4 });
    expect([...result.returns]).toEqual([1.75, 1.75, 1.75, 1.75]);
    expect([...result.rewards]).toEqual([3, 3, 3, 3]);
    expect([...result.lengths]).toEqual([3, 3, 3, 3]);
    expect([result.truncated, result.steps, result.episodes, result.meanLength, result.standardError]).toEqual([4, 12, 4, 3, 0]);
    expect(result.visits.at(0, 0)).toBe(12);
    expect((await simulate(toEnv(model, { maxSteps: 3 }), Policy.uniform(policySpace(model)), { episodes: 1, discount: 1 })).returns[0]).toBe(3);
  });

  it("is named by its seed", async () => {
    const model = ring();
    const run = async (seed: number) => (await simulate(toEnv(model), Policy.uniform(policySpace(model)), { episodes: 50, seed })).returns;
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it("stops at a number of steps, in the middle of an episode", async () => {
    const { mdp } = cliffWalking();
    const { steps, episodes, visits, meanReturn, standardError } = await simulate(
      toEnv(mdp),
      Policy.from(policySpace(mdp), () => "up"),
      { steps: 100 },
    );
    expect([steps, episodes]).toEqual([100, 0]);
    expect(visits.array.reduce((x, y) => x + y)).toBe(100);
    expect([meanReturn, standardError]).toEqual([Number.NaN, Number.NaN]);
  });

  it("gives way and can be aborted", async () => {
    const { mdp } = cliffWalking();
    const controller = new AbortController();
    const { status, steps } = await simulate(
      toEnv(mdp),
      Policy.from(policySpace(mdp), () => "up"),
      { steps: 1e12, signal: controller.signal, onProgress: () => controller.abort() },
    );
    expect(status).toBe("aborted");
    expect(steps).toBeGreaterThan(0);
  });

  it("refuses no limit, no discount, another model's policy, and a broken environment", async () => {
    const model = ring();
    const policy = Policy.uniform(policySpace(model));
    await expect(simulate(toEnv(model), policy, {})).rejects.toThrow(OptionError);
    await expect(simulate(toEnv(model), policy, { episodes: 0 })).rejects.toThrow(OptionError);
    await expect(simulate({ ...bare(toEnv(model)), discount: undefined }, policy, { episodes: 1 })).rejects.toThrow(OptionError);
    await expect(simulate(toEnv(forever()), policy, { episodes: 1 })).rejects.toThrow(ShapeError);
    const ended: Env<number, number> = { ...bare(toEnv(model)), reset: () => ({ state: 6, reward: 0, terminated: true, truncated: false }) };
    await expect(simulate(ended, policy, { steps: 10 })).rejects.toThrow(EnvProtocolError);
    const stuck: Env<number, number> = { ...bare(toEnv(model)), step: () => ({ state: 6, reward: 0, terminated: false, truncated: false }) };
    await expect(simulate(stuck, policy, { steps: 10 })).rejects.toThrow(EnvProtocolError);
  });
});
