// What must not matter: the names of states, the unit of reward, the sense of the objective, the start, the method, the second time.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withReward } from "../../src/mdp/index.ts";
import { Policy, policySpace } from "../../src/policies/policy.ts";
import type { Solution } from "../../src/solvers/index.ts";
import { arbitraryMdp } from "../support/arbitrary-mdp.ts";
import { policyChoices } from "../support/check-solution.ts";
import { deterministic, exactPolicyValue } from "../support/exact-solve.ts";
import { rememberModel } from "../support/freeze.ts";
import { buildCallback, LAYOUTS, shareRows } from "../support/layouts.ts";
import { METHODS, PLACES } from "../support/methods.ts";
import { exactFromSpec, type ModelSpec, mapRewards, relabel, type SpecChoice } from "../support/model-spec.ts";
import { runs } from "../support/runs.ts";

const DISCOUNTS = [0, 0.5, 0.9, 0.99, 0.999];
const models = arbitraryMdp({ discounts: DISCOUNTS });

/** An accuracy every method reaches: relative to what values may be. */
function accuracy(spec: ModelSpec): number {
  const rewards = spec.states.flatMap((choices) => (choices ?? []).flatMap((c) => (c.reward === undefined ? c.branches.map((b) => b.reward) : [c.reward])));
  return (1e-9 * Math.max(1e-6, ...rewards.map(Math.abs))) / (1 - spec.discount);
}

/** Fails unless at every state the two bounds have a number in common: both hold one truth. */
function expectOverlap<S, A, T, B>(a: Solution<S, A>, b: Solution<T, B>, at: (s: number) => number = (s) => s): void {
  for (let s = 0; s < a.value.array.length; s++) {
    const t = at(s);
    expect(a.bounds.lower.array[s], `state ${s}`).toBeLessThanOrEqual(b.bounds.upper.array[t]!);
    expect(b.bounds.lower.array[t], `state ${s}`).toBeLessThanOrEqual(a.bounds.upper.array[s]!);
  }
}

/** All that is computed, without the clock. */
function bits<S, A>(solution: Solution<S, A>) {
  const { status, sweeps, gap, residual, tieTolerance, history } = solution;
  return {
    ...{ status, sweeps, gap, residual, tieTolerance },
    history: history.map(({ seconds: _, ...entry }) => entry),
    value: solution.value.array,
    q: solution.q.array,
    lower: solution.bounds.lower.array,
    upper: solution.bounds.upper.array,
    policy: policyChoices(solution),
  };
}

describe.each(METHODS)("$name", (method) => {
  test("relabelling the states commutes with solving", async () => {
    const shuffled = models.chain((spec) => fc.tuple(fc.constant(spec), fc.shuffledSubarray([...spec.states.keys()], { minLength: spec.states.length })));
    await fc.assert(
      fc.asyncProperty(shuffled, async ([spec, order]) => {
        const epsilon = accuracy(spec);
        const one = await method.solve(buildCallback(spec), { epsilon });
        const other = await method.solve(buildCallback(relabel(spec, order)), { epsilon });
        expect([one.status, other.status]).toEqual(["converged", "converged"]);
        expectOverlap(one, other, (s) => order[s]!);
      }),
      runs(60),
    );
  });

  test("scaling rewards by a power of 2 commutes with solving, to the last bit", async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.integer({ min: -30, max: 30 }), async (spec, k) => {
        const epsilon = accuracy(spec);
        const one = bits(await method.solve(buildCallback(spec), { epsilon }));
        const other = bits(await method.solve(buildCallback(mapRewards(spec, (r) => r * 2 ** k)), { epsilon: epsilon * 2 ** k }));
        const near = (a: ArrayLike<number>, b: ArrayLike<number>) => {
          for (let i = 0; i < a.length; i++) expect(Math.abs(b[i]! - a[i]! * 2 ** k)).toBeLessThanOrEqual(2 ** k * epsilon);
        };
        expect(other.status).toBe(one.status);
        near(one.value, other.value);
        near(one.q, other.q);
      }),
      runs(60),
    );
  });

  test("minimising r is maximising -r: the same run, every sign turned", async () => {
    await fc.assert(
      fc.asyncProperty(models, async (spec) => {
        const epsilon = accuracy(spec);
        const high = await method.solve(buildCallback({ ...spec, objective: "maximize" }), { epsilon });
        const low = await method.solve(buildCallback({ ...mapRewards(spec, (r) => -r), objective: "minimize" }), { epsilon });
        const turned = (x: Float64Array) => x.map((y) => (y === 0 ? 0 : -y));
        expect(bits(low)).toEqual({
          ...bits(high),
          value: turned(high.value.array),
          q: turned(high.q.array),
          lower: turned(high.bounds.upper.array),
          upper: turned(high.bounds.lower.array),
        });
      }),
      runs(80),
    );
  });

  test("an objective or discount of the options replaces the model's", async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.constantFrom(...DISCOUNTS), async (spec, discount) => {
        const epsilon = accuracy({ ...spec, discount });
        const inside = await method.solve(buildCallback({ ...spec, discount, objective: "minimize" }), { epsilon });
        const outside = await method.solve(buildCallback({ ...spec, objective: "maximize" }), { epsilon, discount, objective: "minimize" });
        expect(bits(outside)).toEqual(bits(inside));
      }),
      runs(40),
    );
  });

  test("more actions never hurt", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ discounts: DISCOUNTS, allFeasible: true }), fc.nat(7), async (spec, where) => {
        const epsilon = accuracy(spec);
        const fewer: ModelSpec = {
          ...spec,
          states: spec.states.map((choices, s) => (choices === undefined || s !== where % spec.states.length ? choices : choices.slice(0, 1))),
        };
        const all = await method.solve(buildCallback(spec), { epsilon });
        const some = await method.solve(buildCallback(fewer), { epsilon });
        for (let s = 0; s < spec.states.length; s++) {
          if (spec.objective === "maximize") expect(all.bounds.upper.array[s]).toBeGreaterThanOrEqual(some.bounds.lower.array[s]!);
          else expect(all.bounds.lower.array[s]).toBeLessThanOrEqual(some.bounds.upper.array[s]!);
        }
      }),
      runs(60),
    );
  });

  test("an action given twice changes no value, and ties take the first", async () => {
    await fc.assert(
      fc.asyncProperty(models, async (spec) => {
        const epsilon = accuracy(spec);
        const twice: ModelSpec = { ...spec, actions: spec.actions * 2, states: spec.states.map((choices) => choices && doubled(choices)) };
        const one = await method.solve(buildCallback(spec), { epsilon });
        const two = await method.solve(buildCallback(twice), { epsilon });
        expect(two.value.array).toEqual(one.value.array);
        for (const c of policyChoices(two)) if (c >= 0) expect(c % 2).toBe(0);
      }),
      runs(40),
    );
  });

  test("the same input gives the same bits, and no input is changed", async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 8, maxLength: 8 }), fc.boolean(), async (spec, numbers, warm) => {
        const mdp = buildCallback(spec);
        const unchanged = rememberModel(mdp);
        const initialValue = Float64Array.from(spec.states, (_, s) => numbers[s]!);
        const given = initialValue.slice();
        const initialPolicy = Policy.uniform(policySpace(mdp));
        const options = { epsilon: accuracy(spec), ...(warm ? { initialValue, initialPolicy } : {}) };
        const first = await method.solve(mdp, options);
        expect(bits(await method.solve(mdp, options))).toEqual(bits(first));
        unchanged();
        expect(initialValue).toEqual(given);
        expect(first.mdp).toBe(mdp);
      }),
      runs(60),
    );
  });

  test("every kernel makes the same run, to the last bit", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ discounts: [...DISCOUNTS, 1], rewards: { min: -3, max: 0 } }), fc.boolean(), async (spec, shared) => {
        const mdp = shared ? shareRows(buildCallback(spec)) : buildCallback(spec);
        const epsilon = accuracy({ ...spec, discount: Math.min(0.999, spec.discount) });
        const runsOf = await Promise.all(PLACES.map((place) => method.solve(mdp, { epsilon, ...place }).then(bits, String)));
        for (const run of runsOf) expect(run).toEqual(runsOf[0]);
      }),
      runs(60),
    );
  });

  test("the start does not matter: any initial value and policy lead to the same optimum", async () => {
    await fc.assert(
      fc.asyncProperty(
        models,
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 8, maxLength: 8 }),
        fc.nat(1000),
        async (spec, numbers, pick) => {
          const mdp = buildCallback(spec);
          const { stateChoices } = mdp.storage;
          const choice = Int32Array.from(spec.states, (_, s) =>
            stateChoices[s] === stateChoices[s + 1] ? -1 : stateChoices[s]! + (pick % (stateChoices[s + 1]! - stateChoices[s]!)),
          );
          const epsilon = accuracy(spec);
          const cold = await method.solve(mdp, { epsilon });
          const warm = await method.solve(mdp, {
            epsilon,
            initialValue: Float64Array.from(spec.states, (_, s) => numbers[s]!),
            initialPolicy: Policy.deterministic(policySpace(mdp), choice),
          });
          expect(warm.status).toBe("converged");
          expectOverlap(cold, warm);
        },
      ),
      runs(60),
    );
  });

  test("a new reward on the same kernel is the model built anew", async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryMdp({ discounts: DISCOUNTS, rewardsBy: "choice" }),
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 24, maxLength: 24 }),
        async (spec, numbers) => {
          let c = 0;
          const rebuilt: ModelSpec = { ...spec, states: spec.states.map((choices) => choices?.map((choice) => ({ ...choice, reward: numbers[c++]! }))) };
          const mdp = buildCallback(spec);
          const unchanged = rememberModel(mdp);
          const swapped = withReward(mdp, Float64Array.from(numbers.slice(0, mdp.choiceCount)));
          const epsilon = 1e-6;
          expect(bits(await method.solve(swapped, { epsilon }))).toEqual(bits(await method.solve(buildCallback(rebuilt), { epsilon })));
          expect(swapped.storage.target).toBe(mdp.storage.target);
          unchanged();
        },
      ),
      runs(40),
    );
  });
});

function doubled(choices: readonly SpecChoice[]): SpecChoice[] {
  return choices.flatMap((c) => [
    { ...c, action: 2 * c.action },
    { ...c, action: 2 * c.action + 1 },
  ]);
}

describe("together", () => {
  test.each(LAYOUTS)("every method agrees, over layout $name", async (layout) => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ ...layout.shape, discounts: DISCOUNTS }), async (spec) => {
        const mdp = await layout.build(spec);
        const epsilon = accuracy(spec);
        const solutions = await Promise.all(METHODS.map((method) => method.solve(mdp, { epsilon })));
        for (const solution of solutions) {
          expect(solution.status).toBe("converged");
          for (const other of solutions) expectOverlap(solution, other);
        }
      }),
      runs(25),
    );
  });

  test("policy iteration never gets worse", async () => {
    const policyIterationMethod = METHODS.find((m) => m.name === "policy iteration")!;
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ maxActions: 4 }), async (spec) => {
        const mdp = buildCallback(spec);
        const model = exactFromSpec(spec);
        const epsilon = accuracy(spec);
        let before: readonly number[] | undefined;
        for (let maxSweeps = 1; maxSweeps <= 9; maxSweeps++) {
          const solution = await policyIterationMethod.solve(mdp, { epsilon, maxSweeps });
          const now = exactPolicyValue(model, deterministic(model, policyChoices(solution))).map((v) => v.toNumber());
          for (const [s, v] of now.entries()) {
            const worse = before === undefined ? 0 : spec.objective === "maximize" ? before[s]! - v : v - before[s]!;
            expect(worse, `state ${s} after ${maxSweeps} sweeps`).toBeLessThanOrEqual(epsilon);
          }
          before = now;
          if (solution.status === "converged") break;
        }
      }),
      runs(100),
    );
  });
});
