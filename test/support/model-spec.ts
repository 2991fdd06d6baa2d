// A model as plain data, before any compiling: what random models are drawn as, what the exact truth is computed from.
import type { Objective } from "../../src/mdp/index.ts";
import type { ExactChoice, ExactModel } from "./exact-model.ts";
import { Rational } from "./rational.ts";

export interface SpecBranch {
  readonly next: number;
  readonly probability: number;
  /** R(s,a,s'); read only where the choice has no reward of its own. */
  readonly reward: number;
  /** A terminated branch: it pays and ends the episode. */
  readonly ends: boolean;
}

export interface SpecChoice {
  readonly action: number;
  /** R(s,a), or undefined where the branches bring theirs. */
  readonly reward: number | undefined;
  readonly branches: readonly SpecBranch[];
}

export interface ModelSpec {
  /** Choices by state, actions ascending; undefined for a terminal state. */
  readonly states: readonly (readonly SpecChoice[] | undefined)[];
  readonly actions: number;
  readonly discount: number;
  readonly objective: Objective;
}

/** The model the float64 numbers of a spec are, exactly: R(s,a) = Σ p·R(s,a,s') where rewards come by branch. */
export function exactFromSpec(spec: ModelSpec): ExactModel {
  const states = spec.states.map((choices) =>
    (choices ?? []).map((choice): ExactChoice => {
      const branches = choice.branches.map((b) => ({ next: b.ends ? undefined : b.next, probability: Rational.of(b.probability) }));
      const reward =
        choice.reward === undefined
          ? Rational.sum(choice.branches.map((b) => Rational.of(b.probability).mul(Rational.of(b.reward))))
          : Rational.of(choice.reward);
      return { reward, branches };
    }),
  );
  return { states, discount: Rational.of(spec.discount), maximize: spec.objective === "maximize" };
}

/** The spec with every choice rewritten. */
export function mapChoices(spec: ModelSpec, rewrite: (choice: SpecChoice, state: number) => SpecChoice): ModelSpec {
  return { ...spec, states: spec.states.map((choices, s) => choices?.map((choice) => rewrite(choice, s))) };
}

/** The spec with every reward rewritten. */
export function mapRewards(spec: ModelSpec, rewrite: (reward: number) => number): ModelSpec {
  return mapChoices(spec, (choice) => ({
    ...choice,
    reward: choice.reward === undefined ? undefined : rewrite(choice.reward),
    branches: choice.branches.map((b) => ({ ...b, reward: rewrite(b.reward) })),
  }));
}

/** The same model under other state numbers: state s becomes order[s]. */
export function relabel(spec: ModelSpec, order: readonly number[]): ModelSpec {
  const states: (readonly SpecChoice[] | undefined)[] = new Array(spec.states.length).fill(undefined);
  for (const [s, choices] of spec.states.entries()) {
    states[order[s]!] = choices?.map((choice) => ({ ...choice, branches: choice.branches.map((b) => ({ ...b, next: order[b.next]! })) }));
  }
  return { ...spec, states };
}
