// Random models for property tests: built to hit ties, terminals, lost mass, sums off by some ulp, near-1 discounts; and to shrink well.
import fc from "fast-check";
import { nextDown, nextUp } from "../../src/numeric/index.ts";
import type { ModelSpec, SpecBranch, SpecChoice } from "./model-spec.ts";

export interface MdpShape {
  /** Default 8. */
  readonly maxStates?: number;
  /** Default 3. */
  readonly maxActions?: number;
  /** Rewards are small integers times one of these. Default 1, 1e-6, 1e6, 1/3. */
  readonly rewardScales?: readonly number[];
  /** Default: 0 to 0.999999. */
  readonly discounts?: readonly number[];
  /** Denominators of the probabilities. Default 1, 2, 3, 4, 7, 10. */
  readonly parts?: readonly number[];
  /** Whether rows may sum to 1 only within some ulp (they do in any case where a part is not a power of 2). Default true. */
  readonly offByUlp?: boolean;
  /** Terminal states. Default true. */
  readonly terminals?: boolean;
  /** Terminated branches. Default: as `terminals`. */
  readonly endings?: boolean;
  /** Two branches of a choice to the same successor. Default true. */
  readonly duplicates?: boolean;
  /** All actions in all states. Default false. */
  readonly allFeasible?: boolean;
  /** Who brings the rewards: choices R(s,a), branches R(s,a,s'), or now one, now the other (the default). */
  readonly rewardsBy?: "choice" | "branch" | "either";
  /** Draw the objective; else maximize. Default true. */
  readonly objectives?: boolean;
  /** The rewards before scaling. Default -4 .. 4. */
  readonly rewards?: { readonly min: number; readonly max: number };
}

export const DISCOUNTS: readonly number[] = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.999999, 0.25, 0.1, 0];

const PARTS: readonly number[] = [1, 2, 3, 4, 7, 10];

const NUMBERS = { min: -4, max: 4 };

/** One choice before it is made to fit a model: everything is small integers, so that shrinking goes to simple choices. */
interface Draw {
  readonly feasible: boolean;
  /** One successor for each equal part of the probability. */
  readonly parts: readonly { readonly next: number; readonly ends: boolean; readonly reward: number }[];
  readonly reward: number;
  readonly byBranch: boolean;
  readonly ulps: number;
  readonly merged: boolean;
}

/**
 * Models of 1 to `maxStates` states.
 *
 * @example
 * fc.assert(fc.asyncProperty(arbitraryMdp({ maxStates: 5 }), async (spec) => { ... }));
 */
export function arbitraryMdp(shape: MdpShape = {}): fc.Arbitrary<ModelSpec> {
  const maxStates = shape.maxStates ?? 8;
  const maxActions = shape.maxActions ?? 3;
  const terminals = shape.terminals ?? true;
  const reward = fc.integer(shape.rewards ?? NUMBERS);
  const part = fc.record({ next: fc.nat(maxStates - 1), ends: (shape.endings ?? terminals) ? rarely(8) : fc.constant(false), reward });
  const draw: fc.Arbitrary<Draw> = fc.record({
    feasible: shape.allFeasible === true ? fc.constant(true) : fc.boolean(),
    parts: fc.constantFrom(...(shape.parts ?? PARTS)).chain((n) => fc.array(part, { minLength: n, maxLength: n })),
    reward,
    byBranch: shape.rewardsBy === "choice" ? fc.constant(false) : shape.rewardsBy === "branch" ? fc.constant(true) : fc.boolean(),
    ulps:
      shape.offByUlp === false ? fc.constant(0) : fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -3, max: 3 }) }),
    merged: shape.duplicates === false ? fc.constant(true) : fc.boolean(),
  });
  const state = fc.record({ terminal: terminals ? rarely(6) : fc.constant(false), choices: fc.array(draw, { minLength: maxActions, maxLength: maxActions }) });
  return fc
    .record({
      actions: fc.integer({ min: 1, max: maxActions }),
      states: fc.array(state, { minLength: 1, maxLength: maxStates, size: "max" }),
      discount: fc.constantFrom(...(shape.discounts ?? DISCOUNTS)),
      objective: shape.objectives === false ? fc.constant("maximize" as const) : fc.constantFrom("maximize" as const, "minimize" as const),
      scale: fc.constantFrom(...(shape.rewardScales ?? [1, 1e-6, 1e6, 1 / 3])),
    })
    .map(({ actions, states, discount, objective, scale }) => ({
      actions,
      discount,
      objective,
      states: states.map(({ terminal, choices }) => (terminal ? undefined : choicesOf(choices.slice(0, actions), states.length, scale))),
    }));
}

function rarely(outOf: number): fc.Arbitrary<boolean> {
  return fc.nat(outOf - 1).map((n) => n === outOf - 1);
}

function choicesOf(draws: readonly Draw[], states: number, scale: number): SpecChoice[] {
  const offered = draws.map((draw, action) => ({ draw, action })).filter(({ draw }) => draw.feasible);
  // A state must offer something: its first action, if the draw left nothing.
  return (offered.length > 0 ? offered : [{ draw: draws[0]!, action: 0 }]).map(({ draw, action }) => choiceOf(draw, action, states, scale));
}

function choiceOf(draw: Draw, action: number, states: number, scale: number): SpecChoice {
  const n = draw.parts.length;
  const groups = new Map<string, { next: number; ends: boolean; count: number; reward: number }>();
  for (const [i, { next, ends, reward }] of draw.parts.entries()) {
    const key = draw.merged ? `${next % states},${ends}` : `${i}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { next: next % states, ends, count: 1, reward });
    else group.count++;
  }
  const branches: SpecBranch[] = [...groups.values()].map((g) => ({ next: g.next, probability: g.count / n, reward: g.reward * scale, ends: g.ends }));
  const last = branches[branches.length - 1]!;
  let probability = last.probability;
  for (let k = 0; k < Math.abs(draw.ulps); k++) probability = draw.ulps > 0 ? nextUp(probability) : nextDown(probability);
  branches[branches.length - 1] = { ...last, probability };
  return { action, reward: draw.byBranch ? undefined : draw.reward * scale, branches };
}
