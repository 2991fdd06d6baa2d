// Playing agrees with solving: mean returns with V^π, visits with occupancy.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toEnv } from "../../src/envs/index.ts";
import { simulate } from "../../src/envs/simulate.ts";
import { startAt } from "../../src/mdp/index.ts";
import { Policy, policySpace } from "../../src/policies/policy.ts";
import { discountedOccupancy } from "../../src/solvers/index.ts";
import { arbitraryMdp } from "../support/arbitrary-mdp.ts";
import { exactPolicyValue } from "../support/exact-solve.ts";
import { rememberModel } from "../support/freeze.ts";
import { buildCallback } from "../support/layouts.ts";
import { exactFromSpec } from "../support/model-spec.ts";
import { Rational } from "../support/rational.ts";

/** One fixed draw: a statement about means must not fail one day in a thousand. */
const FIXED = { seed: 20, numRuns: 30 } as const;
const models = arbitraryMdp({ maxStates: 5, discounts: [0.5, 0.8], rewardScales: [1], offByUlp: false });

describe("simulate", () => {
  test("the mean return is V^π of the start within 6 standard errors, rewards by branch and terminated branches included", async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.nat(4), async (spec, where) => {
        fc.pre(spec.states[where % spec.states.length] !== undefined); // an episode cannot start where it is over
        const mdp = buildCallback(spec).with({ initial: startAt(where % spec.states.length) });
        const unchanged = rememberModel(mdp);
        const policy = Policy.uniform(policySpace(mdp));
        const exact = spec.states.map((choices) => (choices ?? []).map((_, __, all) => Rational.of(1, all.length)));
        const truth = exactPolicyValue(exactFromSpec(spec), exact)[where % spec.states.length]!.toNumber();
        const maxSteps = 120;
        const played = await simulate(toEnv(mdp, { maxSteps }), policy, { episodes: 1500, seed: where });
        // Rewards are at most 4; what a truncated episode leaves out is at most this.
        const cut = (4 * spec.discount ** maxSteps) / (1 - spec.discount);
        expect(played.episodes).toBe(1500);
        expect(Math.abs(played.meanReturn - truth)).toBeLessThanOrEqual(6 * played.standardError + cut + 1e-9);
        expect(played.visits.array.reduce((a, b) => a + b, 0)).toBe(played.steps);
        unchanged();
      }),
      FIXED,
    );
  });

  test("the same seed plays the same episodes, another seed others", async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.nat(1000), async (spec, seed) => {
        const mdp = buildCallback(spec);
        const play = (name: number) => simulate(toEnv(mdp, { maxSteps: 30 }), Policy.uniform(policySpace(mdp)), { episodes: 20, seed: name });
        const [once, again] = [await play(seed), await play(seed)];
        expect(again.returns).toEqual(once.returns);
        expect(again.visits.array).toEqual(once.visits.array);
      }),
      FIXED,
    );
  });

  test("undiscounted visits of episodes that end are the occupancy's", async () => {
    // A walk that ends with probability 1/10 a step is a walk discounted by 9/10.
    const ending = arbitraryMdp({ maxStates: 4, terminals: false, discounts: [0.9], rewardScales: [1], parts: [1, 2, 4], offByUlp: false });
    await fc.assert(
      fc.asyncProperty(ending, async (spec) => {
        const start = startAt(0);
        const whole = buildCallback(spec);
        const visits = await discountedOccupancy(whole, Policy.uniform(policySpace(whole)), { initial: start });
        const mortal = buildCallback({
          ...spec,
          states: spec.states.map((choices) =>
            choices?.map((c) => ({
              ...c,
              reward: 0,
              branches: [...c.branches.map((b) => ({ ...b, probability: 0.9 * b.probability })), { next: 0, probability: 0.1, reward: 0, ends: true }],
            })),
          ),
        }).with({ initial: start });
        const episodes = 3000;
        const played = await simulate(toEnv(mortal, {}), Policy.uniform(policySpace(mortal)), { episodes, seed: 1, discount: 1 });
        for (const [c, x] of visits.choice.array.entries()) expect(Math.abs(played.visits.array[c]! / episodes - x)).toBeLessThanOrEqual(1);
      }),
      { ...FIXED, numRuns: 10 },
    );
  });
});
