// Large models with a known truth: many copies of a small one, wired into each other. State s of copy j is s + j·S.
import type { ModelSpec } from "./model-spec.ts";
import type { Rational } from "./rational.ts";

/** `scattered`: every branch goes to another copy. `repeated`: all copies go to the first one, so their rows are equal. */
export type Wiring = "scattered" | "repeated";

export function lift(spec: ModelSpec, copies: number, wiring: Wiring): ModelSpec {
  const size = spec.states.length;
  const copyOf = (j: number, action: number, k: number) => (wiring === "repeated" ? 0 : (j * 7 + action * 3 + k * 11 + 1) % copies);
  const states = Array.from({ length: size * copies }, (_, i) => {
    const j = Math.floor(i / size);
    return spec.states[i % size]?.map((choice) => ({
      ...choice,
      branches: choice.branches.map((b, k) => ({ ...b, next: b.next + size * copyOf(j, choice.action, k) })),
    }));
  });
  return { ...spec, states };
}

/** The small model's truth at every copy. */
export function liftTruth(truth: readonly Rational[], copies: number): Rational[] {
  return Array.from({ length: truth.length * copies }, (_, i) => truth[i % truth.length]!);
}
