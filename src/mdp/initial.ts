// Where episodes start: one state, or several with probabilities.
import { InvalidModelError, type ModelIssue, ShapeError } from "../errors.ts";
import { sum } from "../numeric/index.ts";
import type { LabelIndex } from "./labels.ts";

/** Where episodes start: state indices with probabilities that sum to 1. */
export interface InitialDistribution {
  readonly state: Int32Array;
  readonly probability: Float64Array;
}

/** One state, or pairs `[state, probability]`. */
export type InitialSpec<S> = S | readonly (readonly [state: S, probability: number])[];

/** @throws InvalidModelError unless the probabilities are positive and sum to 1 within 1e-9; UnknownLabelError. */
export function compileInitial<S>(states: LabelIndex<S>, spec: InitialSpec<S>): InitialDistribution {
  if (!Array.isArray(spec) || states.has(spec as S)) return startAt(states.indexOf(spec as S));
  const pairs = spec as readonly (readonly [S, number])[];
  const initial = { state: Int32Array.from(pairs, ([state]) => states.indexOf(state)), probability: Float64Array.from(pairs, ([, p]) => p) };
  checkInitial(states, initial);
  return initial;
}

/** All episodes start in one state. */
export function startAt(state: number): InitialDistribution {
  return { state: Int32Array.of(state), probability: Float64Array.of(1) };
}

/** @throws ShapeError unless one probability a state; InvalidModelError unless they are positive, sum to 1 within 1e-9 and belong to states that exist. */
export function checkInitial<S>(states: LabelIndex<S>, initial: InitialDistribution): void {
  const { state, probability } = initial;
  if (state.length !== probability.length)
    throw new ShapeError(`initial has ${state.length} states and ${probability.length} probabilities, expected as many of each.`);
  const issues: ModelIssue[] = [];
  for (let i = 0; i < state.length; i++) {
    const s = state[i]!;
    const p = probability[i]!;
    if (!(s >= 0 && s < states.size)) issues.push({ where: "initial", got: `has state ${s}`, expected: `an integer from 0 to ${states.size - 1}` });
    else if (!(p > 0 && p <= 1)) issues.push({ where: `initial(${states.quote(s)})`, got: `has probability ${p}`, expected: "a number in (0, 1]" });
  }
  const total = sum(probability);
  if (issues.length === 0 && !(Math.abs(total - 1) <= 1e-9)) issues.push({ where: "initial", got: `sums to ${total}`, expected: "1 within 1e-9" });
  if (issues.length > 0) throw new InvalidModelError(issues);
}
