// The Bellman operator of every kernel: what theory says of T, and the exact T within rounding.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BellmanKernel, type Change, chooseKernel, cpuKernel } from "../../src/kernels/index.ts";
import type { Mdp, Storage } from "../../src/mdp/index.ts";
import { supNorm } from "../../src/numeric/index.ts";
import { arbitraryMdp } from "../support/arbitrary-mdp.ts";
import { expectWithin } from "../support/close.ts";
import { exactFromMdp, exactQ, exactSweep } from "../support/exact-model.ts";
import { buildCallback, LAYOUTS } from "../support/layouts.ts";
import { Rational } from "../support/rational.ts";
import { runs } from "../support/runs.ts";

/** Every kernel. New ones join the list. */
const KERNELS: readonly { readonly name: string; readonly make: (storage: Storage, discount: number) => BellmanKernel }[] = [
  { name: "cpu", make: cpuKernel },
  { name: "wasm", make: (storage, discount) => chooseKernel(storage, discount, { device: "wasm", threads: 1 }) },
];

/** Kernels maximise. */
const models = arbitraryMdp({ objectives: false });
const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 8, maxLength: 8 });
const steps = fc.array(fc.double({ noNaN: true, min: 0, max: 1e3 }), { minLength: 8, maxLength: 8 });

/** Values on a model's states: 0 where terminal and past the last state. */
function vectorOf(kernel: BellmanKernel, mdp: Mdp, numbers: readonly number[]): Float64Array {
  const v = kernel.vector();
  for (let s = 0; s < mdp.stateCount; s++) v[s] = mdp.storage.terminal[s] === 1 ? 0 : numbers[s]!;
  return v;
}

function sweep(kernel: BellmanKernel, v: Float64Array): { out: Float64Array; policy: Int32Array; change: Change } {
  const out = kernel.vector();
  const n = kernel.storage.stateCount;
  const policy = new Int32Array(n).fill(-1);
  const change = { min: Infinity, max: -Infinity };
  kernel.sweep(v, out, policy, 0, n, change);
  return { out, policy, change };
}

/** What one backup may round: the operations of the longest row, relative to the numbers in it. */
function roundoff(mdp: Mdp, ...vectors: Float64Array[]): number {
  return 32 * Number.EPSILON * (supNorm(mdp.storage.reward) + Math.max(...vectors.map(supNorm))) + Number.MIN_VALUE;
}

describe.each(KERNELS)("kernel $name", ({ make }) => {
  test("T is monotone: v <= w gives Tv <= Tw, in floats too", () => {
    fc.assert(
      fc.property(models, values, steps, (spec, numbers, up) => {
        const mdp = buildCallback(spec);
        const kernel = make(mdp.storage, spec.discount);
        const low = sweep(kernel, vectorOf(kernel, mdp, numbers)).out;
        const high = sweep(
          kernel,
          vectorOf(
            kernel,
            mdp,
            numbers.map((x, s) => x + up[s]!),
          ),
        ).out;
        for (let s = 0; s < mdp.stateCount; s++) expect(low[s]).toBeLessThanOrEqual(high[s]!);
      }),
      runs(300),
    );
  });

  test("T is a contraction by γ times the largest row sum", () => {
    fc.assert(
      fc.property(models, values, values, (spec, first, second) => {
        const mdp = buildCallback(spec);
        const kernel = make(mdp.storage, spec.discount);
        const [v, w] = [vectorOf(kernel, mdp, first), vectorOf(kernel, mdp, second)];
        const apart = supNorm(v.map((x, s) => x - w[s]!));
        const after = supNorm(sweep(kernel, v).out.map((x, s) => x - sweep(kernel, w).out[s]!));
        expect(after).toBeLessThanOrEqual(spec.discount * apart * (1 + 1e-14) + roundoff(mdp, v, w));
      }),
      runs(200),
    );
  });

  test("T(v + c) = Tv + γc where nothing ends and rows sum to 1", () => {
    fc.assert(
      fc.property(
        arbitraryMdp({ objectives: false, terminals: false, parts: [1, 2, 4], offByUlp: false }),
        values,
        fc.double({ noNaN: true, min: -1e3, max: 1e3 }),
        (spec, numbers, c) => {
          const mdp = buildCallback(spec);
          const kernel = make(mdp.storage, spec.discount);
          const v = vectorOf(kernel, mdp, numbers);
          const moved = vectorOf(
            kernel,
            mdp,
            numbers.map((x) => x + c),
          );
          const before = sweep(kernel, v).out;
          const after = sweep(kernel, moved).out;
          for (let s = 0; s < mdp.stateCount; s++) expect(Math.abs(after[s]! - before[s]! - spec.discount * c)).toBeLessThanOrEqual(roundoff(mdp, v, moved));
        },
      ),
      runs(200),
    );
  });

  test.each(LAYOUTS)("T, T_π, Q and the change are the exact ones within rounding, over layout $name", async (layout) => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ ...layout.shape, objectives: false }), values, fc.nat(1000), async (spec, numbers, pick) => {
        const mdp = await layout.build(spec);
        const kernel = make(mdp.storage, spec.discount);
        const v = vectorOf(kernel, mdp, numbers);
        const n = mdp.stateCount;
        const allowed = roundoff(mdp, v);
        const model = exactFromMdp(mdp);
        const exact = Array.from(v.subarray(0, n), (x) => Rational.of(x));
        const { out, policy, change } = sweep(kernel, v);
        expect(out[n], "the ended episode's value").toBe(0);
        expectWithin(out.subarray(0, n), exactSweep(model, exact), allowed, "Tv");
        const q = new Float64Array(mdp.choiceCount);
        kernel.q(v, q, 0, n);
        expectWithin(q, exactQ(model, exact).flat(), allowed, "Q");
        for (let s = 0; s < n; s++) {
          expect(policy[s], "greedy choice").toBe(mdp.storage.terminal[s] === 1 ? -1 : q.indexOf(out[s]!, mdp.storage.stateChoices[s]));
        }
        const differences = Array.from({ length: n }, (_, s) => (mdp.storage.terminal[s] === 1 ? 0 : out[s]! - v[s]!));
        expect(change).toEqual({ min: Math.min(...differences), max: Math.max(...differences) });
        const chosen = policy.map((c, s) =>
          c < 0 ? -1 : mdp.storage.stateChoices[s]! + (pick % (mdp.storage.stateChoices[s + 1]! - mdp.storage.stateChoices[s]!)),
        );
        const followed = kernel.vector();
        kernel.policySweep(v, followed, chosen, 0, n, { min: 0, max: 0 });
        for (let s = 0; s < n; s++) expect(followed[s]).toBe(chosen[s]! < 0 ? 0 : q[chosen[s]!]!);
      }),
      runs(40),
    );
  });

  test("a tie keeps the incumbent", () => {
    fc.assert(
      fc.property(arbitraryMdp({ objectives: false, allFeasible: true, terminals: false }), (spec) => {
        const same = { ...spec, actions: 3, states: spec.states.map((choices) => [0, 1, 2].map((action) => ({ ...choices![0]!, action }))) };
        const mdp = buildCallback(same);
        const kernel = make(mdp.storage, spec.discount);
        const policy = Int32Array.from({ length: mdp.stateCount }, (_, s) => 3 * s + (s % 3));
        const held = policy.slice();
        const out = kernel.vector();
        kernel.sweep(kernel.vector(), out, policy, 0, mdp.stateCount, { min: 0, max: 0 });
        expect(policy).toEqual(held);
        kernel.gaussSeidel(out, policy, 0, mdp.stateCount, { min: 0, max: 0 }, false);
        expect(policy).toEqual(held);
      }),
      runs(50),
    );
  });

  test("slices make one sweep, and v is not written to", () => {
    fc.assert(
      fc.property(models, values, fc.nat(8), (spec, numbers, cut) => {
        const mdp = buildCallback(spec);
        const kernel = make(mdp.storage, spec.discount);
        const v = vectorOf(kernel, mdp, numbers);
        const before = v.slice();
        const whole = sweep(kernel, v);
        const at = Math.min(cut, mdp.stateCount);
        const out = kernel.vector();
        const policy = new Int32Array(mdp.stateCount).fill(-1);
        const change = { min: Infinity, max: -Infinity };
        kernel.sweep(v, out, policy, at, mdp.stateCount, change);
        kernel.sweep(v, out, policy, 0, at, change);
        expect({ out, policy, change }).toEqual(whole);
        expect(v).toEqual(before);
      }),
      runs(100),
    );
  });

  test("in-place sweeps have the optimum as their fixed point and come closer to it", () => {
    fc.assert(
      fc.property(models, values, fc.boolean(), (spec, numbers, backwards) => {
        const mdp = buildCallback(spec);
        const kernel = make(mdp.storage, Math.min(0.99, spec.discount));
        const n = mdp.stateCount;
        let v = kernel.vector();
        for (let k = 0; k < 4000; k++) v = sweep(kernel, v).out;
        const start = vectorOf(kernel, mdp, numbers);
        const far = supNorm(start.map((x, s) => x - v[s]!));
        kernel.gaussSeidel(start, new Int32Array(n).fill(-1), 0, n, { min: 0, max: 0 }, backwards);
        expect(supNorm(start.map((x, s) => x - v[s]!))).toBeLessThanOrEqual(Math.min(0.99, spec.discount) * far * (1 + 1e-12) + 200 * roundoff(mdp, start, v));
      }),
      runs(60),
    );
  });
});
