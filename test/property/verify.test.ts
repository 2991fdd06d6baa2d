// verify accepts every answer of every method, and refuses one in which anything that matters was changed.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextDown, nextUp } from "../../src/numeric/index.ts";
import { type Claim, type Solution, verify } from "../../src/solvers/index.ts";
import { arbitraryMdp, type MdpShape } from "../support/arbitrary-mdp.ts";
import { policyChoices } from "../support/check-solution.ts";
import type { ExactModel } from "../support/exact-model.ts";
import { deterministic, exactOptimum, exactPolicyValue } from "../support/exact-solve.ts";
import { exactTotalReward, totalOfPolicy } from "../support/exact-total.ts";
import { rememberModel } from "../support/freeze.ts";
import { buildCallback } from "../support/layouts.ts";
import { METHODS } from "../support/methods.ts";
import { exactFromSpec, type ModelSpec } from "../support/model-spec.ts";
import { Rational } from "../support/rational.ts";
import { runs } from "../support/runs.ts";

const DISCOUNTED: MdpShape = { maxStates: 6, discounts: [0, 0.5, 0.9, 0.99, 0.999] };
const UNDISCOUNTED: MdpShape = {
  maxStates: 4,
  maxActions: 2,
  discounts: [1],
  parts: [1, 2, 4],
  offByUlp: false,
  rewardScales: [1],
  rewards: { min: -2, max: 2 },
};

interface Case {
  readonly spec: ModelSpec;
  readonly model: ExactModel;
  readonly truth: readonly Rational[];
  readonly worthOf: (choice: readonly number[]) => readonly Rational[];
}

/** A model with its truth, or undefined where discount 1 has none. */
function caseOf(spec: ModelSpec): Case | undefined {
  const model = exactFromSpec(spec);
  if (spec.discount < 1) return { spec, model, truth: exactOptimum(model).value, worthOf: (choice) => exactPolicyValue(model, deterministic(model, choice)) };
  const total = exactTotalReward(model);
  if (total.kind !== "defined") return undefined;
  return {
    ...{ spec, model, truth: total.value },
    worthOf: (choice) => {
      const own = totalOfPolicy(model, choice);
      if (typeof own === "string") throw new Error(own);
      return own;
    },
  };
}

function accuracy(spec: ModelSpec): number {
  const rewards = spec.states.flatMap((choices) => (choices ?? []).flatMap((c) => (c.reward === undefined ? c.branches.map((b) => b.reward) : [c.reward])));
  return (1e-9 * Math.max(1e-6, ...rewards.map(Math.abs))) / (spec.discount === 1 ? 1e-3 : 1 - spec.discount);
}

function claimOf(
  solution: Solution<number, number>,
): Claim & { lower: Float64Array; upper: Float64Array; value: Float64Array; q: Float64Array; choice: Int32Array } {
  return {
    value: solution.value.array.slice(),
    lower: solution.bounds.lower.array.slice(),
    upper: solution.bounds.upper.array.slice(),
    choice: solution.policy.choice!.slice(),
    q: solution.q.array.slice(),
    discount: solution.discount,
    objective: solution.objective,
    epsilon: solution.epsilon,
    gap: solution.gap,
  };
}

describe.each([
  ["discounted", DISCOUNTED],
  ["discount 1", UNDISCOUNTED],
] as const)("%s", (_, shape) => {
  test.each(METHODS)("accepts the answer of $name", async (method) => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp(shape), fc.constantFrom(1e-3, 1, 1e6), async (spec, looser) => {
        if (caseOf(spec) === undefined) return;
        const mdp = buildCallback(spec);
        const unchanged = rememberModel(mdp);
        const solution = await method.solve(mdp, { epsilon: accuracy(spec) * looser });
        const claim = claimOf(solution);
        const seen = await verify(mdp, solution);
        expect(seen.reasons).toEqual([]);
        expect(seen.holds).toBe(true);
        expect(seen.gap).toBeLessThanOrEqual(solution.gap);
        expect((await verify(mdp, claim)).holds).toBe(true);
        expect(claimOf(solution)).toEqual(claim);
        unchanged();
      }),
      runs(50),
    );
  });

  test("accepts answers that were stopped early", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp(shape), fc.nat(4), fc.integer({ min: 1, max: 4 }), async (spec, which, maxSweeps) => {
        if (caseOf(spec) === undefined) return;
        const mdp = buildCallback(spec);
        expect((await verify(mdp, await METHODS[which]!.solve(mdp, { epsilon: 1e-12, maxSweeps }))).reasons).toEqual([]);
      }),
      runs(100),
    );
  });

  test("refuses bounds that do not hold the truth", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp(shape), fc.nat(5), fc.boolean(), fc.constantFrom(1.5, 10, 1e4), async (spec, where, up, far) => {
        const known = caseOf(spec);
        if (known === undefined) return;
        const s = where % spec.states.length;
        const truth = known.truth[s]!;
        if (!truth.isFinite) return;
        const mdp = buildCallback(spec);
        const claim = claimOf(await METHODS[2]!.solve(mdp, { epsilon: accuracy(spec) }));
        const slack = (await verify(mdp, claim)).slack;
        const off = far * (slack + claim.gap! + 1e-300 + Number.EPSILON * Math.abs(truth.toNumber()));
        // Moved just past the truth, all else as consistent as it can be made.
        if (up) claim.lower[s] = nextUp(truth.toNumber() + off);
        else claim.upper[s] = nextDown(truth.toNumber() - off);
        claim.value[s] = up ? claim.lower[s]! : claim.upper[s]!;
        if (up) claim.upper[s] = Math.max(claim.upper[s]!, claim.lower[s]!);
        else claim.lower[s] = Math.min(claim.lower[s]!, claim.upper[s]!);
        const { q: _q, gap: _gap, epsilon: _epsilon, ...bare } = claim;
        expect((await verify(mdp, bare)).holds, `truth ${truth}, claimed [${claim.lower[s]}, ${claim.upper[s]}]`).toBe(false);
      }),
      runs(150),
    );
  });

  test("refuses a policy worth less than the bounds say", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ ...shape, allFeasible: true }), fc.nat(5), fc.nat(2), async (spec, where, action) => {
        const known = caseOf(spec);
        if (known === undefined) return;
        const s = where % spec.states.length;
        const mdp = buildCallback(spec);
        const solution = await METHODS[2]!.solve(mdp, { epsilon: accuracy(spec) });
        const claim = claimOf(solution);
        if (claim.choice[s]! < 0) return;
        const choices = policyChoices(solution);
        choices[s] = action % known.model.states[s]!.length;
        claim.choice[s] = mdp.storage.stateChoices[s]! + choices[s]!;
        const own = known.worthOf(choices);
        const slack = Rational.of(2 * (await verify(mdp, solution)).slack);
        const wrong = own.some((v, t) => {
          const bound = Rational.of(spec.objective === "maximize" ? claim.lower[t]! : claim.upper[t]!);
          if (!v.isFinite || !bound.isFinite) return !v.equals(bound);
          return spec.objective === "maximize" ? v.compare(bound.sub(slack)) < 0 : v.compare(bound.add(slack)) > 0;
        });
        if (wrong) expect((await verify(mdp, claim)).holds).toBe(false);
      }),
      runs(200),
    );
  });

  test("refuses a value outside its bounds, q that is no backup of value, a gap or epsilon not kept, NaN, wrong choices", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ ...shape, terminals: false }), fc.nat(5), async (spec, where) => {
        const known = caseOf(spec);
        if (known === undefined) return;
        const s = where % spec.states.length;
        const mdp = buildCallback(spec);
        const solution = await METHODS[2]!.solve(mdp, { epsilon: accuracy(spec) });
        if (!Number.isFinite(solution.value.array[s]!)) return;
        const refuse = async (what: string, tamper: (claim: ReturnType<typeof claimOf>) => unknown, changes: Partial<Claim> = {}) => {
          const claim = claimOf(solution);
          tamper(claim);
          const seen = await verify(mdp, { ...claim, ...changes });
          expect(seen.holds, what).toBe(false);
          expect(seen.reasons.length).toBeGreaterThan(0);
        };
        const c = mdp.storage.stateChoices[s]!;
        const qHere = solution.q.array[c]!;
        await refuse("value above upper", (claim) => claim.value.fill(nextUp(claim.upper[s]!), s, s + 1));
        await refuse("value below lower", (claim) => claim.value.fill(nextDown(claim.lower[s]!), s, s + 1));
        for (const table of ["value", "lower", "upper"] as const) await refuse(`${table} NaN`, (claim) => claim[table].fill(Number.NaN, s, s + 1));
        if (Number.isFinite(qHere)) await refuse("q moved", (claim) => claim.q.fill(qHere + 1e-3 * (1 + Math.abs(qHere)), c, c + 1));
        await refuse("q NaN", (claim) => claim.q.fill(Number.NaN));
        await refuse("a choice of no state", (claim) => claim.choice.fill(mdp.choiceCount, s, s + 1));
        await refuse("no choice", (claim) => claim.choice.fill(-1, s, s + 1));
        const width = solution.bounds.upper.array[s]! - solution.bounds.lower.array[s]!;
        if (width > 0) {
          await refuse("gap not kept", () => undefined, { gap: width / 2 });
          await refuse("epsilon not kept", () => undefined, { epsilon: width / 4 });
        }
      }),
      runs(60),
    );
  });
});
