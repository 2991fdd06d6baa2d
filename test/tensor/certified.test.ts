// The promise of device solves: on random models the interval holds the exact rational truth at every state, and meets the CPU's.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Mdp } from "../../src/mdp/index.ts";
import { modifiedPolicyIteration, policyIteration, type Solution, type SolveOptions, solve, valueIteration } from "../../src/solvers/index.ts";
import { arbitraryMdp } from "../support/arbitrary-mdp.ts";
import { align, expectSound } from "../support/check-solution.ts";
import { deterministic, exactOptimum, exactPolicyValue } from "../support/exact-solve.ts";
import { buildCallback, LAYOUTS, type Layout } from "../support/layouts.ts";
import { exactFromSpec, type ModelSpec } from "../support/model-spec.ts";
import { runs } from "../support/runs.ts";
import { backends } from "./backends.ts";

/** The layouts that can express any model. */
const ANY_MODEL = LAYOUTS.filter(({ shape }) => Object.keys(shape).length === 0);

type Solver = (mdp: Mdp, options: SolveOptions<number, number>) => Promise<Solution<number, number>>;

const SOLVERS: readonly { readonly name: string; readonly solver: Solver }[] = [
  { name: "solve", solver: solve },
  { name: "value iteration", solver: valueIteration },
  { name: "policy iteration", solver: policyIteration },
  { name: "modified policy iteration", solver: modifiedPolicyIteration },
];

/** Plain sweeps need many near 1: `solve`, which goes on by other methods, is tried there. */
const models = arbitraryMdp({ discounts: [0, 0.1, 0.5, 0.9, 0.95, 0.99] });
const nearOne = arbitraryMdp({ discounts: [0.999, 0.9999, 0.999999] });
const epsilons = fc.constantFrom(1e-2, 1e-6, 1e-9, 1e-12);

describe.each(await backends())("$name", (backend) => {
  if ("missing" in backend) {
    test("200 random models", (context) => context.skip(backend.missing));
    return;
  }
  const { device } = backend;

  /** One model, solved on the device and on the CPU. */
  async function check(spec: ModelSpec, accuracy: number, solver: Solver, layout: Layout): Promise<void> {
    const mdp = await layout.build(spec);
    const model = align(exactFromSpec(spec), mdp);
    const largest = Math.max(1e-9, ...mdp.storage.reward.map(Math.abs));
    const epsilon = (accuracy * largest) / (1 - spec.discount);
    const solution = await solver(mdp, { device, epsilon });
    const cpu = await solver(mdp, { device: "cpu", epsilon });
    if (mdp.choiceCount > 0) expect(solution.device).toContain(device === "tfjs" ? "cpu" : device);
    if (accuracy >= 1e-9) expect(solution.status).toBe("converged");
    expectSound(solution, model, exactOptimum(model).value, (choice) => exactPolicyValue(model, deterministic(model, choice)));
    for (let s = 0; s < mdp.stateCount; s++) {
      expect(solution.bounds.lower.array[s]).toBeLessThanOrEqual(cpu.bounds.upper.array[s]!);
      expect(solution.bounds.upper.array[s]).toBeGreaterThanOrEqual(cpu.bounds.lower.array[s]!);
    }
  }

  test("200 random models: the interval holds the exact truth and meets the CPU's", async () => {
    await fc.assert(
      fc.asyncProperty(models, epsilons, fc.constantFrom(...SOLVERS), fc.constantFrom(...ANY_MODEL), (spec, accuracy, { solver }, layout) =>
        check(spec, accuracy, solver, layout),
      ),
      runs(200),
    );
  }, 1_500_000);

  test("near discount 1, where float32 contracts no more and the CPU goes on", async () => {
    await fc.assert(
      fc.asyncProperty(nearOne, epsilons, (spec, accuracy) => check(spec, accuracy, solve, LAYOUTS[0]!)),
      runs(20),
    );
  }, 1_500_000);

  test("no tensor is left after a solve, and the backend in use stays the one in use", async () => {
    const { tf } = backend;
    const mdp = buildCallback(fc.sample(models, { numRuns: 1, seed: 7 })[0]!);
    await solve(mdp, { device, discount: 0.9 });
    const before = { tensors: tf.memory().numTensors, backend: tf.getBackend() };
    for (const { solver } of SOLVERS) await solver(mdp, { device, discount: 0.9 });
    expect({ tensors: tf.memory().numTensors, backend: tf.getBackend() }).toEqual(before);
  });

  test("stops where it is told to, with bounds that hold", async () => {
    const mdp = buildCallback(fc.sample(models, { numRuns: 1, seed: 8 })[0]!);
    const few = await valueIteration(mdp, { device, discount: 0.999, epsilon: 1e-9, maxSweeps: 3 });
    expect(few.sweeps).toBeLessThanOrEqual(4);
    expect(["max-sweeps", "converged"]).toContain(few.status);
    const aborted = await valueIteration(mdp, { device, discount: 0.999, epsilon: 1e-12, signal: AbortSignal.abort() });
    expect(["aborted", "converged"]).toContain(aborted.status);
  });
});
