// Discount 1: expected total reward over all policies, held against the enumeration of every deterministic policy.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UnsupportedModelError } from "../../src/errors.ts";
import type { Solution } from "../../src/solvers/index.ts";
import { arbitraryMdp, type MdpShape } from "../support/arbitrary-mdp.ts";
import { expectSound } from "../support/check-solution.ts";
import { exactTotalReward, totalOfPolicy } from "../support/exact-total.ts";
import { buildCallback, shareRows } from "../support/layouts.ts";
import { METHODS, PLACES } from "../support/methods.ts";
import { exactFromSpec } from "../support/model-spec.ts";
import { runs } from "../support/runs.ts";

/** Rows that sum to 1 exactly; each number of parts is a power of 2. */
const EXACT: MdpShape = { maxStates: 5, maxActions: 3, discounts: [1], parts: [1, 2, 4], offByUlp: false, rewardScales: [1, 0.25] };

const FAMILIES: readonly { readonly name: string; readonly shape: MdpShape }[] = [
  { name: "rewards of both signs", shape: { ...EXACT, rewards: { min: -2, max: 2 } } },
  { name: "rewards >= 0", shape: { ...EXACT, rewards: { min: 0, max: 1 } } },
  { name: "rewards <= 0", shape: { ...EXACT, rewards: { min: -1, max: 0 } } },
  { name: "mostly no reward", shape: { ...EXACT, rewards: { min: 0, max: 0 }, rewardsBy: "branch" } },
];

/** Rewards on terminated branches only: probabilities of ending well, in models full of zero-reward end components. */
function reachability(spec: Parameters<typeof exactFromSpec>[0]) {
  return {
    ...spec,
    states: spec.states.map((choices) =>
      choices?.map((c) => ({ ...c, reward: undefined, branches: c.branches.map((b, i) => ({ ...b, reward: b.ends ? (i % 3) - 1 : 0 })) })),
    ),
  };
}

describe.each(METHODS)("$name", (method) => {
  test.each(FAMILIES)("$name", async ({ name, shape }) => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryMdp(shape),
        fc.constantFrom(1e-3, 1e-6, 1e-9),
        fc.boolean(),
        fc.constantFrom(...PLACES),
        async (drawn, epsilon, shared, place) => {
          const spec = name === "mostly no reward" ? reachability(drawn) : drawn;
          const model = exactFromSpec(spec);
          const truth = exactTotalReward(model);
          const mdp = shared ? shareRows(buildCallback(spec)) : buildCallback(spec);
          let solution: Solution<number, number>;
          try {
            solution = await method.solve(mdp, { ...place, epsilon });
          } catch (error) {
            expect(error).toBeInstanceOf(UnsupportedModelError);
            expect(truth.kind, `${error}`).not.toBe("defined");
            return;
          }
          if (truth.kind !== "defined") return;
          expect(solution.status).toBe("converged");
          expectSound(solution, model, truth.value, (choice) => {
            const own = totalOfPolicy(model, choice);
            if (typeof own === "string") throw new Error(`the policy's own total is ${own}`);
            return own;
          });
        },
      ),
      runs(60),
    );
  });
});
