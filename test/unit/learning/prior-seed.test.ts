// Seeding Q with a prior: what the rewards allow, what the table holds, and that bad advice costs little.
import { describe, expect, it } from "vitest";
import { cliffWalking, maze, recyclingRobot, toEnv } from "../../../src/envs/index.ts";
import { OptionError, ShapeError } from "../../../src/errors.ts";
import { findChoice, type Label, type Mdp } from "../../../src/mdp/index.ts";
import { greedy, Policy, policySpace } from "../../../src/policies/index.ts";
import { modifiedPolicyIteration } from "../../../src/solvers/index.ts";
import { episodesToOptimal, priorSeed, qLearning, rewardRange } from "../../../src/solvers/learning/index.ts";
import { bare, forever, forwards, ring } from "./environments.ts";

describe("rewardRange", () => {
  it("reads the ceiling off the rewards", () => {
    expect(rewardRange(maze().mdp, 0.99, "maximize")).toEqual({ ceiling: 1, going: 0, scale: 1 });
    expect(rewardRange(maze().mdp, 1, "maximize")).toEqual({ ceiling: 1, going: 0, scale: 1 });
    expect(rewardRange(cliffWalking().mdp, 1, "maximize")).toEqual({ ceiling: 0, going: -1, scale: 100 });
    expect(rewardRange(forever(), 0.9, "maximize")).toEqual({ ceiling: expect.closeTo(10, 9), going: 1, scale: 1 });
    expect(rewardRange(forever(), 1, "maximize").ceiling).toBe(Infinity);
    expect(rewardRange(ring(), 0.9, "minimize")).toEqual({ ceiling: expect.closeTo(-18, 9), going: -1.8, scale: 1.8 });
  });

  it("bounds the true values", async () => {
    await expectBound(maze().mdp);
    await expectBound(recyclingRobot().mdp);
    await expectBound(ring());
    await expectBound(forwards());
  });

  async function expectBound<S, A>(mdp: Mdp<S, A>): Promise<void> {
    for (const objective of ["maximize", "minimize"] as const) {
      const sign = objective === "minimize" ? -1 : 1;
      const { value } = await modifiedPolicyIteration(mdp, { objective, epsilon: 1e-9 });
      const { ceiling } = rewardRange(mdp, mdp.discount ?? Number.NaN, objective);
      for (const v of value.array) expect(sign * v).toBeLessThanOrEqual(sign * ceiling + 1e-9);
    }
  }
});

describe("priorSeed", () => {
  const model = ring();
  const prior = Policy.stochastic(policySpace(model), Float64Array.from([0.9, 0.1, 0, 0.5, 0.5, 0.2, 0.3, 0.5, 1, 0, 0.25, 0.25, 0.5, 0.4, 0.6]));

  it("is V0 + w log max(prior, floor), with the numbers it says", () => {
    const { q, ceiling, weight, floor } = priorSeed(toEnv(model), prior);
    // Every step costs 1 at least, and nothing once the episode has ended: a step's loss is 1.
    expect([ceiling, weight, floor]).toEqual([0, 1, 0.05]);
    expect(q.at(0, 0)).toBeCloseTo(Math.log(0.9), 12);
    expect(q.at(0, 2)).toBeCloseTo(Math.log(0.05), 12);
    const chosen = priorSeed(toEnv(model), prior, { ceiling: 5, weight: 0.25, floor: 0.2 });
    expect(chosen.q.at(0, 1)).toBeCloseTo(5 + 0.25 * Math.log(0.2), 12);
    expect(chosen.q.at(2, 2)).toBeCloseTo(5 + 0.25 * Math.log(0.5), 12);
  });

  it("is turned round where costs are minimised", () => {
    const costs = toEnv(model.with({ objective: "minimize" }));
    const { q, ceiling, weight } = priorSeed(costs, prior);
    expect(ceiling).toBeCloseTo(-18, 9);
    // Rewards of -1.8 for ever lose nothing: a quarter of (1 - γ)·18.
    expect(weight).toBeCloseTo(0.25 * 1.8, 9);
    expect(q.at(0, 0)).toBeCloseTo(-18 - weight * Math.log(0.9), 9);
  });

  it("is what qLearning starts from, given a policy or what holds one", async () => {
    const seed = priorSeed(toEnv(model), prior, { weight: 0.5, ceiling: 1 });
    for (const given of [prior, { policy: prior }]) {
      const { q } = await qLearning(toEnv(model), { steps: 0, prior: given, priorWeight: 0.5, ceiling: 1 });
      expect(q.array).toEqual(seed.q.array);
    }
    const byHand = await qLearning(toEnv(model), { steps: 500, initialQ: seed.q });
    expect((await qLearning(toEnv(model), { steps: 500, prior, priorWeight: 0.5, ceiling: 1 })).q.array).toEqual(byHand.q.array);
  });

  it("counts its weight in steps' losses of optimism", () => {
    const { mdp } = maze();
    const uniform = Policy.uniform(policySpace(mdp));
    expect(priorSeed(toEnv(mdp), uniform).weight).toBeCloseTo(0.01, 12);
    expect(priorSeed(toEnv(mdp), uniform, { ceiling: 100 }).weight).toBeCloseTo(1, 12);
    expect(priorSeed(bare(toEnv(mdp)), uniform, { ceiling: 1 }).weight).toBeCloseTo(0.01, 12);
    // At discount 1 and no cost of a step nothing is lost: a share of the reward.
    expect(priorSeed(toEnv(mdp), uniform, { discount: 1 }).weight).toBeCloseTo(0.02, 12);
  });

  it("refuses what it cannot make optimism from", async () => {
    const uniform = Policy.uniform(policySpace(forever()));
    expect(() => priorSeed(toEnv(forever()), uniform, { discount: 1 })).toThrow(OptionError);
    expect(() => priorSeed(toEnv(forever()), uniform, { ceiling: Infinity })).toThrow(OptionError);
    expect(() => priorSeed(bare(toEnv(forever())), uniform)).toThrow(/pass ceiling/);
    expect(() => priorSeed(bare(toEnv(forever())), uniform, { ceiling: 1, discount: 1 })).toThrow(/pass priorWeight/);
    expect(() => priorSeed(toEnv(forever()), uniform, { floor: 0 })).toThrow(OptionError);
    expect(() => priorSeed(toEnv(forever()), uniform, { weight: -1 })).toThrow(OptionError);
    expect(() => priorSeed(toEnv(forever()), prior)).toThrow(ShapeError);
    await expect(qLearning(toEnv(model), { steps: 10, prior, initialQ: 0 })).rejects.toThrow(OptionError);
  });
});

describe("learning with a prior", () => {
  const { mdp } = maze();
  const env = () => toEnv(mdp, { maxSteps: 200 });

  /** 0.85 on the action that `choose` prefers by the distance to the goal it leads to, the rest shared. */
  async function advice(choose: "best" | "worst"): Promise<Policy<Label, Label>> {
    const { value } = await modifiedPolicyIteration(mdp, { epsilon: 1e-9 });
    const { storage } = mdp;
    return Policy.from(policySpace(mdp), (state) => {
      const actions = mdp.feasibleActions(state);
      const worth = (action: Label) => mdp.branches(state, action).reduce((sum, b) => sum + b.probability * (b.reward + 0.99 * value.at(b.next)), 0);
      const ranked = actions.toSorted(
        (a, b) => worth(b) - worth(a) || findChoice(storage, 0, mdp.actions.indexOf(a)) - findChoice(storage, 0, mdp.actions.indexOf(b)),
      );
      const favourite = choose === "best" ? ranked[0] : ranked.at(-1);
      return actions.map((action) => [action, action === favourite ? 0.85 : 0.05] as const);
    });
  }

  /** Whether the greedy policy walks from the start to the goal in six moves. */
  const isOptimal = (policy: Policy<Label, Label>) => {
    let state: Label = 0;
    for (let k = 0; k < 6 && !mdp.isTerminal(state); k++) state = mdp.branches(state, policy.action(state) ?? "up")[0]?.next ?? state;
    return state === 15;
  };

  it("is short with good advice, and with bad advice hardly longer than with the same optimism and none", async () => {
    const base = { seeds: 20, maxEpisodes: 300, explore: greedy() };
    const none = await episodesToOptimal(env(), { ...base, initialQ: 1 }, isOptimal);
    const zero = await episodesToOptimal(env(), base, isOptimal);
    const good = await episodesToOptimal(env(), { ...base, prior: await advice("best") }, isOptimal);
    const bad = await episodesToOptimal(env(), { ...base, prior: await advice("worst") }, isOptimal);
    for (const result of [none, zero, good, bad]) expect(result.reached).toBe(20);
    expect(good.steps.median).toBeLessThan(0.4 * none.steps.median);
    expect(good.episodes.median).toBeLessThanOrEqual(none.episodes.median);
    expect(bad.steps.median).toBeLessThan(1.1 * none.steps.median);
    expect(bad.episodes.median).toBeLessThanOrEqual(none.episodes.median);
    expect(bad.steps.median).toBeLessThan(zero.steps.median);
  });

  it("trusts the advice more with a larger weight: good advice is followed from the first episode", async () => {
    const { weight } = priorSeed(env(), await advice("best"));
    const options = { seeds: 20, maxEpisodes: 300, explore: greedy(), priorWeight: 2 * weight };
    const good = await episodesToOptimal(env(), { ...options, prior: await advice("best") }, isOptimal);
    expect(good.episodes).toEqual({ median: 1, min: 1, max: 1 });
    expect(good.steps.max).toBe(6);
  });

  it("ends at the optimal Q, whatever the advice", async () => {
    const { q } = await qLearning(env(), { steps: 200_000, seed: 2, prior: await advice("worst"), explore: greedy() });
    expect(Math.max(...q.row(0).values())).toBeCloseTo(0.99 ** 5, 3);
  });
});
