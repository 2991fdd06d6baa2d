// What every solution promises, held against the exact truth.
import { expect } from "vitest";
import type { Mdp } from "../../src/mdp/index.ts";
import type { Solution } from "../../src/solvers/index.ts";
import { expectInside, expectWithin } from "./close.ts";
import { type ExactModel, exactQ } from "./exact-model.ts";
import { deterministic } from "./exact-solve.ts";
import { Rational } from "./rational.ts";

/** The choice a solution's policy takes in each state, counted within the state; -1 where terminal. */
export function policyChoices<S, A>(solution: Solution<S, A>): number[] {
  const { policy, mdp } = solution;
  return Array.from({ length: mdp.stateCount }, (_, s) => (policy.choice![s]! < 0 ? -1 : policy.choice![s]! - mdp.storage.stateChoices[s]!));
}

/** An exact model's states picked and renumbered as the indices of a compiled one, whose labels are the exact model's numbers. */
export function align(model: ExactModel, mdp: Mdp): ExactModel {
  const index = new Map(Array.from(mdp.states, (label, i) => [label, i]));
  return {
    ...model,
    states: Array.from(mdp.states, (label) =>
      model.states[label]!.map((c) => ({ ...c, branches: c.branches.map((b) => ({ ...b, next: b.next === undefined ? undefined : index.get(b.next)! })) })),
    ),
  };
}

/**
 * Everything `Solution` says of itself: bounds hold the optimum and the policy's own value, value is the middle, gap the width, half the gap at most
 * epsilon where converged, q one backup of value, residual what it is said to be.
 *
 * @param model in the order of the solution's states.
 * @param truth the exact optimum.
 * @param worthOf the exact value of a policy, by choices within the states.
 */
export function expectSound<S, A>(
  solution: Solution<S, A>,
  model: ExactModel,
  truth: readonly Rational[],
  worthOf: (choice: readonly number[]) => readonly Rational[],
): void {
  const { lower, upper } = solution.bounds;
  const value = solution.value.array;
  expectInside(truth, { lower: lower.array, upper: upper.array }, "the optimum");
  expectInside(worthOf(policyChoices(solution)), { lower: lower.array, upper: upper.array }, "the policy's own value");
  let widest = 0;
  let error = Rational.zero;
  for (const [s, v] of value.entries()) {
    const [low, high] = [lower.array[s]!, upper.array[s]!];
    expect(low <= v && v <= high, `value ${v} in [${low}, ${high}]`).toBe(true);
    if (!Number.isFinite(low) || !Number.isFinite(high)) {
      widest = Math.max(widest, low === high ? 0 : Infinity);
      continue;
    }
    const width = Rational.of(high).sub(Rational.of(low));
    error = error.max(Rational.of(high).sub(Rational.of(v))).max(Rational.of(v).sub(Rational.of(low)));
    const fromMiddle = Rational.of(v)
      .sub(Rational.of(low))
      .sub(Rational.of(high).sub(Rational.of(v)))
      .abs();
    expect(fromMiddle.toNumber(), `value ${v} is the middle of [${low}, ${high}]`).toBeLessThanOrEqual(
      4 * Number.EPSILON * Math.max(Math.abs(low), Math.abs(high)) + Number.MIN_VALUE,
    );
    expect(width.lessOrEqual(Rational.of(solution.gap)), `gap ${solution.gap} is at least the width ${width.toNumber()}`).toBe(true);
    widest = Math.max(widest, width.toNumber());
    if (model.states[s]!.length === 0) expect([low, v, high], "a terminal state is worth 0").toEqual([0, 0, 0]);
  }
  if (widest === Infinity) expect(solution.gap).toBe(Infinity);
  else expect(solution.gap, "gap is the widest bounds, up to rounding").toBeLessThanOrEqual(widest * (1 + 1e-12) + 1e-300);
  if (solution.status === "converged") {
    expect(error.lessOrEqual(Rational.of(solution.epsilon)), `value within epsilon ${solution.epsilon} of both bounds, is ${error.toNumber()}`).toBe(true);
    expect(0.5 * solution.gap).toBeLessThanOrEqual(solution.epsilon * (1 + 1e-12));
  }
  if (value.every(Number.isFinite)) expectBackup(solution, model);
}

/** q is one backup of value; residual is ‖T value - value‖∞. */
function expectBackup<S, A>(solution: Solution<S, A>, model: ExactModel): void {
  const v = Array.from(solution.value.array, (x) => Rational.of(x));
  const q = exactQ(model, v);
  const size =
    q
      .flat()
      .reduce((largest, x) => largest.max(x.abs()), Rational.zero)
      .toNumber() + v.reduce((largest, x) => largest.max(x.abs()), Rational.zero).toNumber();
  // What compiling rounded of a choice's reward and of its row is no error of the backup: where rewards cancel it is all that is left of them.
  const { reward, probability } = solution.mdp.storage.rounding;
  const roundoff = 64 * Number.EPSILON * size + reward + probability * size + 1e-300;
  expectWithin(solution.q.array, q.flat(), roundoff, "q");
  let residual = Rational.zero;
  for (const [s, row] of q.entries()) {
    if (row.length === 0) continue;
    const best = row.reduce((a, b) => (model.maximize === a.compare(b) >= 0 ? a : b));
    residual = residual.max(best.sub(v[s]!).abs());
  }
  expectWithin([solution.residual], [residual], roundoff, "residual");
}

/** The deterministic policy of a solution in exact weights. */
export function exactPolicyOf<S, A>(solution: Solution<S, A>, model: ExactModel) {
  return deterministic(model, policyChoices(solution));
}
