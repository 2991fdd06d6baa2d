// Regularised value iteration: its fixed point lies in the bounds, by arithmetic of fifty decimals; its policy and limits are what theory says.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maze, recyclingRobot } from "../../src/envs/index.ts";
import { OptionError, ShapeError, UnsupportedModelError } from "../../src/errors.ts";
import type { Mdp } from "../../src/mdp/index.ts";
import { rowOf } from "../../src/mdp/index.ts";
import { Policy, policySpace } from "../../src/policies/index.ts";
import { evaluatePolicy, policyRegret, regularizedValueIteration, solve } from "../../src/solvers/index.ts";
import { arbitraryMdp } from "../support/arbitrary-mdp.ts";
import { exp, fixed, ln, ONE, over, SLACK, times } from "../support/fixed-point.ts";
import { buildCallback } from "../support/layouts.ts";
import { runs } from "../support/runs.ts";

/** A policy that takes a state's choices in proportion to the numbers, whose order is the choices'. */
function drawn<S, A>(mdp: Mdp<S, A>, weights: readonly number[]): Policy<S, A> {
  const { stateChoices, stateCount, choiceCount } = mdp.storage;
  const probability = Float64Array.from({ length: choiceCount }, (_, c) => weights[c % weights.length] ?? 1);
  for (let s = 0; s < stateCount; s++) {
    const row = probability.subarray(stateChoices[s]!, stateChoices[s + 1]!);
    const total = row.reduce((sum, p) => sum + p, 0);
    if (total === 0) row.fill(1 / Math.max(1, row.length));
    else for (let k = 0; k < row.length; k++) row[k]! /= total;
  }
  return Policy.stochastic(policySpace(mdp), probability);
}

/** T_τ of a vector of fixed-point numbers, maximising sign · reward. */
function softBackup(mdp: Mdp<unknown, unknown>, discount: bigint, reference: Float64Array, temperature: bigint, sign: bigint, v: readonly bigint[]): bigint[] {
  const { storage } = mdp;
  return v.map((_, s) => {
    const terms: { readonly weight: bigint; readonly q: bigint }[] = [];
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      if (reference[c] === 0) continue;
      let ahead = 0n;
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++)
        ahead += times(fixed(storage.probability[b]!), v[storage.target[b]!] ?? 0n);
      terms.push({ weight: fixed(reference[c]!), q: sign * fixed(storage.reward[c]!) + times(discount, ahead) });
    }
    if (terms.length === 0) return 0n;
    const most = terms.reduce((m, { q }) => (q > m ? q : m), terms[0]!.q);
    const total = terms.reduce((sum, { weight, q }) => sum + times(weight, exp(over(q - most, temperature))), 0n);
    return most + times(temperature, ln(total));
  });
}

/** The fixed point, iterated until it stands. */
function softTruth(mdp: Mdp<unknown, unknown>, reference: Float64Array, temperature: number): bigint[] {
  const discount = fixed(mdp.discount ?? Number.NaN);
  const sign = mdp.objective === "minimize" ? -1n : 1n;
  let v = Array.from({ length: mdp.stateCount }, () => 0n);
  for (;;) {
    const next = softBackup(mdp, discount, reference, fixed(temperature), sign, v);
    const moved = next.reduce((most, x, s) => (x - v[s]! > most ? x - v[s]! : v[s]! - x > most ? v[s]! - x : most), 0n);
    v = next;
    if (moved <= SLACK) return v.map((x) => sign * x);
  }
}

describe("the bounds", () => {
  const models = arbitraryMdp({ maxStates: 4, discounts: [0, 0.25, 0.5, 0.8], rewardScales: [1, 1e-6, 1e6, 1 / 3] });
  const weights = fc.array(fc.constantFrom(0, 1e-12, 0.01, 0.3, 1, 5), { minLength: 3, maxLength: 7 });

  test("contain the fixed point, whatever the temperature, down to where rounding is all that is left", async () => {
    await fc.assert(
      fc.asyncProperty(
        models,
        weights,
        fc.constantFrom(1e-3, 0.1, 1, 30, 1e4),
        fc.constantFrom(1e-3, 1e-9, 1e-14, 1e-30),
        async (spec, given, heat, accuracy) => {
          const mdp = buildCallback(spec);
          const scale = Math.max(1e-6, ...mdp.storage.reward.map(Math.abs));
          const reference = drawn(mdp, given);
          const temperature = heat * scale;
          const soft = await regularizedValueIteration(mdp, { reference, temperature, epsilon: accuracy * scale });
          expect(["converged", "precision"]).toContain(soft.status);
          if (accuracy >= 1e-9) expect(soft.status).toBe("converged");
          const truth = softTruth(mdp, reference.probabilities(), temperature);
          // A terminal state's truth is 0, and so are its bounds; elsewhere the fixed-point truth is itself off by little.
          const slack = 1000n * SLACK;
          for (const [s, x] of truth.entries()) {
            expect(fixed(soft.bounds.lower.array[s]!) <= x + slack, `state ${s}: lower ${soft.bounds.lower.array[s]} <= ${Number(x) / Number(ONE)}`).toBe(true);
            expect(fixed(soft.bounds.upper.array[s]!) >= x - slack, `state ${s}: upper ${soft.bounds.upper.array[s]} >= ${Number(x) / Number(ONE)}`).toBe(true);
            expect(soft.bounds.upper.array[s]! - soft.bounds.lower.array[s]!).toBeLessThanOrEqual(soft.gap);
            if (soft.status === "converged") expect(Math.abs(soft.value.array[s]! - Number(x) / Number(ONE))).toBeLessThanOrEqual(soft.epsilon * (1 + 1e-9));
          }
        },
      ),
      runs(40),
    );
  });

  test("are not wide: at most a few hundred roundings of the values", async () => {
    const { mdp } = recyclingRobot();
    const soft = await regularizedValueIteration(mdp, { reference: Policy.uniform(policySpace(mdp)), temperature: 1, epsilon: 1e-30 });
    expect(soft.status).toBe("precision");
    expect(soft.gap).toBeLessThan(1e-11);
  });
});

describe("Math.exp and Math.log", () => {
  test("are as close as the bounds take them to be", () => {
    fc.assert(
      fc.property(fc.double({ min: -80, max: 0, noNaN: true }), (x) => {
        const truth = exp(fixed(x));
        const error = fixed(Math.exp(x)) - truth;
        expect((error < 0n ? -error : error) <= over(truth, fixed(2 ** 50)) + SLACK).toBe(true);
      }),
      runs(200),
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e3, noNaN: true }), (x) => {
        const truth = ln(fixed(x));
        const error = fixed(Math.log(x)) - truth;
        const size = truth < 0n ? -truth : truth;
        expect((error < 0n ? -error : error) <= over(size, fixed(2 ** 50)) + SLACK).toBe(true);
      }),
      runs(200),
    );
  });
});

describe("the regularised optimum", () => {
  const { mdp } = maze();
  const reference = drawn(mdp, [0.1, 0.4, 0.3, 0.2, 0.25]);

  test("lies between the reference's value and the best, and nears them at the ends of temperature", async () => {
    const best = await solve(mdp, { epsilon: 1e-12 });
    const followed = await evaluatePolicy(mdp, reference, { epsilon: 1e-12 });
    for (const temperature of [1e-6, 0.01, 0.1, 1, 1e6]) {
      const soft = await regularizedValueIteration(mdp, { reference, temperature, epsilon: 1e-9 });
      for (const [s, v] of soft.value.array.entries()) {
        expect(v).toBeLessThanOrEqual(best.value.array[s]! + 1e-9);
        expect(v).toBeGreaterThanOrEqual(followed.value.array[s]! - 1e-9);
        // A path's d steps leave the reference at most d times, for at most ln 10 nats each.
        if (temperature === 1e-6) expect(best.value.array[s]! - v).toBeLessThan(1e-6 * 100 * Math.log(10));
        if (temperature === 1e6) expect(v - followed.value.array[s]!).toBeLessThan(1e-4);
      }
    }
  });

  test("comes with its policy, whose own value less its divergences is the optimum, and whose regret falls with the temperature", async () => {
    const best = await solve(mdp, { epsilon: 1e-12 });
    let last = Infinity;
    for (const temperature of [1, 0.1, 0.01, 1e-4]) {
      const soft = await regularizedValueIteration(mdp, { reference, temperature, epsilon: 1e-12 });
      const p = soft.policy.probabilities();
      const rho = reference.probabilities();
      const { q } = soft;
      for (let s = 0; s < mdp.stateCount; s++) {
        let total = 0;
        for (let c = mdp.storage.stateChoices[s]!; c < mdp.storage.stateChoices[s + 1]!; c++)
          total += p[c] === 0 ? 0 : p[c]! * (q.array[c]! - temperature * Math.log(p[c]! / rho[c]!));
        expect(total).toBeCloseTo(soft.value.array[s]!, 9);
      }
      const { max, lower, upper, perState } = await policyRegret(mdp, soft.policy, best);
      expect(max).toBeLessThan(last);
      for (const [i, x] of perState.entries()) expect(lower[i]! <= x && x <= upper[i]!).toBe(true);
      last = max;
    }
    expect(last).toBeLessThan(1e-9);
  });

  test("never takes what the reference rules out", async () => {
    const only = drawn(mdp, [0, 1, 0, 0]);
    const soft = await regularizedValueIteration(mdp, { reference: only, temperature: 1e-3 });
    for (const [c, p] of soft.policy.probabilities().entries()) if (only.probabilities()[c] === 0) expect(p).toBe(0);
    const own = await evaluatePolicy(mdp, only);
    for (const [s, v] of soft.value.array.entries()) expect(v).toBeCloseTo(own.value.array[s]!, 5);
  });

  test("minimises costs", async () => {
    const costs = mdp.with({ objective: "minimize" });
    const soft = await regularizedValueIteration(costs, { reference, temperature: 0.1 });
    const best = await solve(costs);
    for (const [s, v] of soft.value.array.entries()) expect(v).toBeGreaterThanOrEqual(best.value.array[s]! - 1e-6);
  });

  test("refuses what it cannot solve, and says why a solve ended", async () => {
    await expect(regularizedValueIteration(mdp, { reference, temperature: 0 })).rejects.toThrow(OptionError);
    await expect(regularizedValueIteration(mdp, { reference, temperature: 1, discount: 1 })).rejects.toThrow(UnsupportedModelError);
    const other = recyclingRobot().mdp;
    await expect(regularizedValueIteration(other, { reference: reference as never, temperature: 1 })).rejects.toThrow(ShapeError);
    expect((await regularizedValueIteration(mdp, { reference, temperature: 1, epsilon: 1e-9, maxSweeps: 3 })).status).toBe("max-sweeps");
    expect((await regularizedValueIteration(mdp, { reference, temperature: 1, signal: AbortSignal.abort() })).status).toBe("aborted");
  });
});
