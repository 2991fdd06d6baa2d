// Exact answers for discounted models: policy evaluation, policy iteration, backward induction, occupancy. For small models.
import { solveExactly } from "./exact-linear.ts";
import { bestOf, better, type ExactModel, exactQ, exactSweep } from "./exact-model.ts";
import { Rational } from "./rational.ts";

/** A policy: a weight for each choice of each state. */
export type ExactPolicy = readonly (readonly Rational[])[];

/** The policy that takes choice `choice[s]` (counted within the state) in state s. */
export function deterministic(model: ExactModel, choice: readonly number[]): ExactPolicy {
  return model.states.map((choices, s) => choices.map((_, c) => (c === choice[s] ? Rational.one : Rational.zero)));
}

/** The chain a policy makes: P_π as a dense matrix (lost and ended mass left out) and r_π. */
export function exactChain(model: ExactModel, policy: ExactPolicy): { readonly transition: Rational[][]; readonly reward: Rational[] } {
  const n = model.states.length;
  const transition = Array.from({ length: n }, () => new Array<Rational>(n).fill(Rational.zero));
  const reward = new Array<Rational>(n).fill(Rational.zero);
  for (const [s, choices] of model.states.entries()) {
    for (const [c, choice] of choices.entries()) {
      const weight = policy[s]![c]!;
      if (weight.sign === 0) continue;
      reward[s] = reward[s]!.add(weight.mul(choice.reward));
      for (const { next, probability } of choice.branches) {
        if (next !== undefined) transition[s]![next] = transition[s]![next]!.add(weight.mul(probability));
      }
    }
  }
  return { transition, reward };
}

/** V^π = (I - γP_π)^-1 r_π. */
export function exactPolicyValue(model: ExactModel, policy: ExactPolicy): Rational[] {
  const { transition, reward } = exactChain(model, policy);
  return solveExactly(
    identityMinus(model.discount, transition),
    reward.map((r) => [r]),
  ).map((row) => row[0]!);
}

/** I - γP. */
function identityMinus(discount: Rational, transition: readonly (readonly Rational[])[]): Rational[][] {
  return transition.map((row, s) => row.map((p, t) => (s === t ? Rational.one : Rational.zero).sub(discount.mul(p))));
}

/** The optimal values, and an optimal choice by state (counted within the state; -1 where terminal). */
export function exactOptimum(model: ExactModel): { readonly value: Rational[]; readonly choice: number[] } {
  const choice: number[] = model.states.map((choices) => (choices.length === 0 ? -1 : 0));
  for (;;) {
    const value = exactPolicyValue(model, deterministic(model, choice));
    let changed = false;
    for (const [s, row] of exactQ(model, value).entries()) {
      for (const [c, q] of row.entries()) {
        if (better(model, q, row[choice[s]!]!)) {
          choice[s] = c;
          changed = true;
        }
      }
    }
    if (!changed) return { value, choice };
  }
}

/** Values and choice values of each stage, the first stage first; after the last stage everything is worth `terminal` (default 0). */
export function exactStages(model: ExactModel, horizon: number): { readonly value: Rational[]; readonly q: Rational[][] }[] {
  const stages: { value: Rational[]; q: Rational[][] }[] = [];
  let v = model.states.map(() => Rational.zero);
  for (let t = 0; t < horizon; t++) {
    const q = exactQ(model, v);
    v = q.map((row) => bestOf(model, row) ?? Rational.zero);
    stages.unshift({ value: v, q });
  }
  return stages;
}

/** Σ_t γ^t P(S_t = s) from a start distribution: the x of x = start + γ xP. */
export function exactOccupancy(model: ExactModel, policy: ExactPolicy, start: readonly Rational[]): Rational[] {
  const { transition } = exactChain(model, policy);
  const matrix = identityMinus(model.discount, transition);
  const transposed = matrix.map((_, i) => matrix.map((row) => row[i]!));
  return solveExactly(
    transposed,
    start.map((p) => [p]),
  ).map((row) => row[0]!);
}

/** How far v is from being a fixed point of T: max |Tv - v|. */
export function exactResidual(model: ExactModel, v: readonly Rational[]): Rational {
  return exactSweep(model, v).reduce((largest, x, s) => largest.max(x.sub(v[s]!).abs()), Rational.zero);
}
