// What a policy is worth, how often it is where: against exact linear algebra, for stochastic policies and rewards by branch.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startAt } from "../../src/mdp/index.ts";
import { Policy, policySpace } from "../../src/policies/policy.ts";
import { discountedOccupancy, evaluatePolicy, finiteHorizon, inducedChain, stationaryDistribution } from "../../src/solvers/index.ts";
import { arbitraryMdp, DISCOUNTS } from "../support/arbitrary-mdp.ts";
import { expectInside, expectWithin } from "../support/close.ts";
import { exactQ } from "../support/exact-model.ts";
import { type ExactPolicy, exactChain, exactOccupancy, exactPolicyValue, exactStages } from "../support/exact-solve.ts";
import { exactStationary, totalOfPolicy } from "../support/exact-total.ts";
import { rememberModel } from "../support/freeze.ts";
import { buildCallback, LAYOUTS, shareRows } from "../support/layouts.ts";
import { exactFromSpec, type ModelSpec } from "../support/model-spec.ts";
import { Rational } from "../support/rational.ts";
import { runs } from "../support/runs.ts";

const models = arbitraryMdp({ maxStates: 6 });
/** Weights of three actions in 24ths of a state's whole. */
const weights = fc.array(fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }), { minLength: 8, maxLength: 8 });

/** A stochastic policy from small weights, in floats, and the same floats as fractions. */
function policyOf(spec: ModelSpec, drawn: readonly (readonly number[])[]): { readonly flat: Float64Array; readonly exact: ExactPolicy } {
  const rows = spec.states.map((choices, s) => {
    const row = (choices ?? []).map((_, c) => drawn[s]![c]!);
    const sum = row.reduce((a, b) => a + b, 0);
    return sum === 0 ? row.map((_, c) => (c === 0 ? 1 : 0)) : row.map((w) => w / sum);
  });
  return { flat: Float64Array.from(rows.flat()), exact: rows.map((row) => row.map((p) => Rational.of(p))) };
}

function largestReward(spec: ModelSpec): number {
  const rewards = spec.states.flatMap((choices) => (choices ?? []).flatMap((c) => (c.reward === undefined ? c.branches.map((b) => b.reward) : [c.reward])));
  return Math.max(1e-6, ...rewards.map(Math.abs));
}

describe("evaluatePolicy", () => {
  test("bounds hold V^π, q is one backup of value and within its error of Q^π", async () => {
    await fc.assert(
      fc.asyncProperty(models, weights, fc.constantFrom(1e-3, 1e-9, 1e-13, 1e-17), fc.boolean(), async (spec, drawn, accuracy, shared) => {
        const mdp = shared ? shareRows(buildCallback(spec)) : buildCallback(spec);
        const unchanged = rememberModel(mdp);
        const { flat, exact } = policyOf(spec, drawn);
        const model = exactFromSpec(spec);
        const truth = exactPolicyValue(model, exact);
        const size = largestReward(spec) / (1 - spec.discount);
        const result = await evaluatePolicy(mdp, Policy.stochastic(policySpace(mdp), flat), { epsilon: accuracy * size });
        expectInside(truth, { lower: result.bounds.lower.array, upper: result.bounds.upper.array }, "V^π");
        if (accuracy >= 1e-9) expect(result.status).toBe("converged");
        if (result.status === "converged") expectWithin(result.value.array, truth, result.epsilon, "V^π");
        const rounding = 64 * Number.EPSILON * (largestReward(spec) + size);
        expectWithin(
          result.q.array,
          exactQ(
            model,
            Array.from(result.value.array, (v) => Rational.of(v)),
          ).flat(),
          rounding,
          "q",
        );
        expectWithin(result.q.array, exactQ(model, truth).flat(), Rational.of(result.gap).add(Rational.of(rounding)), "Q^π");
        unchanged();
      }),
      runs(250),
    );
  });

  test("at discount 1: totals of deterministic policies, infinite ones too", async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryMdp({ maxStates: 5, discounts: [1], parts: [1, 2, 4], offByUlp: false, rewards: { min: -2, max: 2 }, rewardScales: [1] }),
        fc.array(fc.nat(2), { minLength: 5, maxLength: 5 }),
        async (spec, pick) => {
          const mdp = buildCallback(spec);
          const choice = spec.states.map((choices, s) => (choices === undefined ? -1 : pick[s]! % choices.length));
          const own = totalOfPolicy(exactFromSpec(spec), choice);
          if (typeof own === "string") return;
          const policy = Policy.deterministic(
            policySpace(mdp),
            Int32Array.from(choice, (c, s) => (c < 0 ? -1 : mdp.storage.stateChoices[s]! + c)),
          );
          const result = await evaluatePolicy(mdp, policy, { epsilon: 1e-6 });
          expect(result.status).toBe("converged");
          expectInside(own, { lower: result.bounds.lower.array, upper: result.bounds.upper.array }, "V^π");
        },
      ),
      runs(150),
    );
  });
});

describe("inducedChain", () => {
  test("is P_π and r_π", async () => {
    await fc.assert(
      fc.asyncProperty(models, weights, async (spec, drawn) => {
        const mdp = buildCallback(spec);
        const { flat, exact } = policyOf(spec, drawn);
        const { transition, reward } = exactChain(exactFromSpec(spec), exact);
        const chain = inducedChain(mdp, Policy.stochastic(policySpace(mdp), flat));
        const n = mdp.stateCount;
        for (let s = 0; s < n; s++) {
          expect(chain.isTerminal(s)).toBe(mdp.isTerminal(s));
          if (chain.isTerminal(s)) continue;
          const row = new Float64Array(n);
          for (const b of chain.branches(s, "follow")) if (!b.terminated) row[b.next]! += b.probability;
          expectWithin(row, transition[s]!, 1e-15, "P_π");
          expectWithin([chain.reward(s, "follow")], [reward[s]!], 1e-15 * largestReward(spec), "r_π");
        }
      }),
      runs(100),
    );
  });
});

describe("finiteHorizon", () => {
  test.each(LAYOUTS)("every stage's V, Q and policy are those of exact backward induction, over layout $name", async (layout) => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ ...layout.shape, maxStates: 5, discounts: [...DISCOUNTS, 1] }), fc.integer({ min: 1, max: 6 }), async (spec, horizon) => {
        if (layout.name === "successors") return; // explored in another order: covered by the other layouts
        const mdp = await layout.build(spec);
        const unchanged = rememberModel(mdp);
        const plan = await finiteHorizon(mdp, { horizon });
        const stages = exactStages(exactFromSpec(spec), horizon);
        expect(plan.stages.length).toBe(horizon);
        expect(plan.error).toBeLessThanOrEqual(1e-13 * largestReward(spec) * horizon * horizon);
        for (const [t, stage] of plan.stages.entries()) {
          const exact = stages[t]!;
          expectWithin(stage.value.array, exact.value, plan.error, `V of stage ${t}`);
          expectWithin(stage.q.array, exact.q.flat(), plan.error, `Q of stage ${t}`);
          for (const [s, row] of exact.q.entries()) {
            const c = stage.policy.choice![s]!;
            if (row.length === 0) expect(c).toBe(-1);
            else
              expectWithin(
                [stage.value.array[s]!],
                [row[c - mdp.storage.stateChoices[s]!]!],
                2 * plan.error + Number.MIN_VALUE,
                `the policy's Q at stage ${t}`,
              );
          }
        }
        unchanged();
      }),
      runs(25),
    );
  });

  test("a final value is what is left after the last decision", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ maxStates: 5 }), fc.integer({ min: 1, max: 4 }), async (spec, horizon) => {
        const mdp = buildCallback(spec);
        const whole = await finiteHorizon(mdp, { horizon: horizon + 2 });
        const finalValue = whole.stages[horizon]!.value.array.slice();
        const given = finalValue.slice();
        const part = await finiteHorizon(mdp, { horizon, finalValue });
        for (let t = 0; t < horizon; t++) expect(part.stages[t]!.value.array).toEqual(whole.stages[t]!.value.array);
        expect(finalValue).toEqual(given);
      }),
      runs(60),
    );
  });
});

describe("occupancy", () => {
  test("discounted occupancy is the exact one, sums to 1 / (1 - γ) where nothing ends, and its product with rewards is the start's value", async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryMdp({ maxStates: 6, discounts: [0, 0.5, 0.9, 0.99, 0.999] }),
        weights,
        fc.nat(7),
        fc.boolean(),
        async (spec, drawn, where, ends) => {
          const kept = ends
            ? spec
            : {
                ...spec,
                states: spec.states.map((choices) =>
                  (choices ?? [{ action: 0, reward: 0, branches: [{ next: 0, probability: 1, reward: 0, ends: false }] }]).map((c) => ({
                    ...c,
                    branches: c.branches.map((b) => ({ ...b, ends: false })),
                  })),
                ),
              };
          const start = where % kept.states.length;
          const mdp = buildCallback(kept);
          const { flat, exact } = policyOf(kept, drawn);
          const model = exactFromSpec(kept);
          const policy = Policy.stochastic(policySpace(mdp), flat);
          const visits = await discountedOccupancy(mdp, policy, { initial: startAt(start) });
          const truth = exactOccupancy(
            model,
            exact,
            kept.states.map((_, s) => (s === start ? Rational.one : Rational.zero)),
          );
          const most = 1 / (1 - spec.discount);
          expectWithin(visits.state.array, truth, 1e-12 * most * most, "occupancy");
          if (!ends) expect(Math.abs(visits.state.array.reduce((a, b) => a + b, 0) - most)).toBeLessThanOrEqual(1e-12 * most * most);
          let value = Rational.zero;
          for (const [c, x] of visits.choice.array.entries()) value = value.add(Rational.of(x).mul(model.states.flat()[c]!.reward));
          expectWithin([value.toNumber()], [exactPolicyValue(model, exact)[start]!], 1e-11 * largestReward(spec) * most * most, "occupancy times reward");
        },
      ),
      runs(150),
    );
  });

  test("the stationary distribution is kept by P_π, sums to 1, and is the exact one of a chain with one class", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ maxStates: 6, terminals: false, offByUlp: false, parts: [1, 2, 4] }), weights, async (spec, drawn) => {
        const mdp = buildCallback(spec);
        // Dyadic weights, so that rows of P_π sum to 1 exactly.
        const { flat, exact } = policyOf(
          spec,
          drawn
            .map((row) => (row[0]! % 2 === 0 ? [1, 1, 2] : [1, 0, 0]))
            .map((row, s) => (spec.states[s]?.length === 3 ? row : spec.states[s]?.length === 2 ? [1, 1, 0] : [1, 0, 0])),
        );
        const share = (await stationaryDistribution(mdp, Policy.stochastic(policySpace(mdp), flat))).array;
        const { transition } = exactChain(exactFromSpec(spec), exact);
        expect(Math.abs(share.reduce((a, b) => a + b, 0) - 1)).toBeLessThanOrEqual(1e-12);
        const next = new Float64Array(share.length);
        for (const [s, row] of transition.entries()) for (const [t, p] of row.entries()) next[t]! += share[s]! * p.toNumber();
        for (const [s, x] of share.entries()) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(Math.abs(next[s]! - x)).toBeLessThanOrEqual(1e-12);
        }
        let truth: Rational[];
        try {
          truth = exactStationary(transition);
        } catch {
          return; // more than one class: the system is singular
        }
        expectWithin(share, truth, 1e-12, "stationary distribution");
      }),
      runs(150),
    );
  });
});
