// The third promise, for solvers: seeded by the worst advice there is, every method still returns the certified optimum.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cliffWalking, gambler, maze } from "../../src/envs/index.ts";
import type { Mdp } from "../../src/mdp/index.ts";
import { Policy, policySpace } from "../../src/policies/index.ts";
import { evaluatePolicy, type SolveOptions, solve } from "../../src/solvers/index.ts";
import { arbitraryMdp, DISCOUNTS } from "../support/arbitrary-mdp.ts";
import { expectInside, expectWithin } from "../support/close.ts";
import { exactFromMdp } from "../support/exact-model.ts";
import { exactOptimum } from "../support/exact-solve.ts";
import { buildCallback } from "../support/layouts.ts";
import { METHODS } from "../support/methods.ts";
import { runs } from "../support/runs.ts";

/** The policy that is best for the opposite aim. */
async function worstPolicy<S, A>(mdp: Mdp<S, A>): Promise<Policy<S, A>> {
  return (await solve(mdp, { objective: mdp.objective === "minimize" ? "maximize" : "minimize" })).policy;
}

/** In each state as sure as can be of the worst choice, with what is left spread over the others: what a harmful prior looks like. */
function asPrior<S, A>(mdp: Mdp<S, A>, worst: Policy<S, A>): Policy<S, A> {
  const { stateChoices, stateCount, choiceCount } = mdp.storage;
  const probability = new Float64Array(choiceCount);
  for (let s = 0; s < stateCount; s++) {
    const [from, to] = [stateChoices[s]!, stateChoices[s + 1]!];
    for (let c = from; c < to; c++) probability[c] = to - from === 1 ? 1 : c === worst.modeAt(s) ? 0.97 : 0.03 / (to - from - 1);
  }
  return Policy.stochastic(policySpace(mdp), probability);
}

/** What advice can seed a solver with: its policy, its own value, both, or values that are far off to either side. */
const SEEDS = ["policy", "value", "both", "far above", "far below"] as const;

async function seeded<S, A>(mdp: Mdp<S, A>, kind: (typeof SEEDS)[number]): Promise<SolveOptions<S, A>> {
  const prior = asPrior(mdp, await worstPolicy(mdp));
  const { value } = await evaluatePolicy(mdp, prior);
  const off = 1e3 * (1 + value.array.reduce((most, x) => Math.max(most, Math.abs(x)), 0));
  switch (kind) {
    case "policy":
      return { initialPolicy: prior };
    case "value":
      return { initialValue: value.array };
    case "both":
      return { initialPolicy: prior, initialValue: value.array };
    case "far above":
      return { initialPolicy: prior, initialValue: value.array.map((x) => x + off) };
    case "far below":
      return { initialPolicy: prior, initialValue: value.array.map((x) => x - off) };
  }
}

const SLOW = new Set(["value iteration", "Gauss-Seidel", "modified policy iteration"]);

describe.each(METHODS)("$name, seeded by a harmful prior", (method) => {
  const discounts = SLOW.has(method.name) ? DISCOUNTS.filter((g) => g <= 0.99) : DISCOUNTS;

  test("holds the exact optimum in bounds that meet the unseeded ones, within epsilon", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ discounts }), fc.constantFrom(...SEEDS), fc.constantFrom(1e-3, 1e-7), async (spec, kind, accuracy) => {
        const mdp = buildCallback(spec);
        const epsilon = accuracy * Math.max(1e-6, ...mdp.storage.reward.map(Math.abs));
        const harmed = await method.solve(mdp, { ...(await seeded(mdp, kind)), epsilon });
        // Near discount 1 what compiling rounded, times 1/(1-γ) twice, may be more than was asked for: then it has to be said, and the bounds hold all the same.
        const { reward, probability } = mdp.storage.rounding;
        const provable = reward + probability === 0 || (mdp.discount ?? 1) <= 0.99;
        if (provable) expect(harmed.status).toBe("converged");
        else expect(["converged", "precision"]).toContain(harmed.status);
        // What compiling the model rounded is part of the bounds, not of the exact model made from it.
        const truth = exactOptimum(exactFromMdp(mdp)).value;
        const bounds = { lower: harmed.bounds.lower.array, upper: harmed.bounds.upper.array };
        expectInside(truth, bounds);
        if (harmed.status === "converged") expectWithin(harmed.value.array, truth, epsilon);
        const plain = await method.solve(mdp, { epsilon });
        for (const [s, low] of plain.bounds.lower.array.entries()) {
          expect(low, `state ${s}: the intervals meet`).toBeLessThanOrEqual(bounds.upper[s]!);
          expect(plain.bounds.upper.array[s]!).toBeGreaterThanOrEqual(bounds.lower[s]!);
        }
      }),
      runs(25),
    );
  });

  test.each([
    ["maze", maze().mdp],
    ["cliff walking at discount 1", cliffWalking().mdp],
    ["gambler at discount 1", gambler().mdp],
  ])("and on %s", async (_name, mdp) => {
    const epsilon = 1e-8;
    const plain = await solve(mdp, { epsilon });
    // A worst policy of an undiscounted model may never end: the action of each state that has least to do with the best one stands for it.
    const { stateChoices, stateCount } = mdp.storage;
    const worst = Policy.deterministic(
      policySpace(mdp),
      Int32Array.from({ length: stateCount }, (_, s) => {
        let least = stateChoices[s] === stateChoices[s + 1] ? -1 : stateChoices[s]!;
        for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (plain.q.array[c]! < plain.q.array[least]!) least = c;
        return least;
      }),
    );
    const harmed = await method.solve(mdp, { initialPolicy: asPrior(mdp, worst), initialValue: plain.value.array.map((v) => 5 - 3 * v), epsilon });
    expect(harmed.status).toBe("converged");
    for (const [s, v] of harmed.value.array.entries()) {
      expect(Math.abs(v - plain.value.array[s]!)).toBeLessThanOrEqual(2 * epsilon);
      expect(harmed.bounds.lower.array[s]!).toBeLessThanOrEqual(plain.bounds.upper.array[s]!);
      expect(harmed.bounds.upper.array[s]!).toBeGreaterThanOrEqual(plain.bounds.lower.array[s]!);
    }
  });
});
