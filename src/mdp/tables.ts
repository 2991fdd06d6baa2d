// Numbers by label: one a state (V), or one a choice (Q, probabilities), over the flat arrays solvers work on.
import { describeValue, UnknownLabelError } from "../errors.ts";
import type { LabelIndex } from "./labels.ts";

/** Which actions each state offers: choices of state s are `stateChoices[s] .. stateChoices[s+1]`. */
export interface ChoiceIndex {
  readonly stateChoices: Int32Array;
  readonly choiceAction: Int32Array;
}

/**
 * One number a state.
 *
 * @example
 * best.value.at("low");  // by label
 * best.value.array[1];   // by index, float64
 */
export class StateTable<S> {
  readonly states: LabelIndex<S>;
  /** S numbers, in state order. */
  readonly array: Float64Array;

  constructor(states: LabelIndex<S>, array: Float64Array) {
    this.states = states;
    this.array = array;
  }

  /** @throws UnknownLabelError */
  at(state: S): number {
    return this.array[this.states.indexOf(state)]!;
  }

  *entries(): IterableIterator<[S, number]> {
    for (let s = 0; s < this.array.length; s++) yield [this.states.at(s), this.array[s]!];
  }
}

/**
 * One number a choice (feasible state-action pair).
 *
 * @example
 * best.q.at("high", "search");
 * best.q.row("high"); // Map { "search" => ..., "wait" => ... }
 */
export class ChoiceTable<S, A> {
  readonly states: LabelIndex<S>;
  readonly actions: LabelIndex<A>;
  readonly choices: ChoiceIndex;
  #array: Float64Array | (() => Float64Array);

  /** `array`: C numbers in choice order, or what computes them when they are first read. */
  constructor(states: LabelIndex<S>, actions: LabelIndex<A>, choices: ChoiceIndex, array: Float64Array | (() => Float64Array)) {
    this.states = states;
    this.actions = actions;
    this.choices = choices;
    this.#array = array;
  }

  /** C numbers, in choice order. */
  get array(): Float64Array {
    if (typeof this.#array === "function") this.#array = this.#array();
    return this.#array;
  }

  /** The number of a feasible choice. @throws UnknownLabelError also where the action is infeasible in the state. */
  at(state: S, action: A): number {
    const s = this.states.indexOf(state);
    const a = this.actions.indexOf(action);
    for (let c = this.choices.stateChoices[s]!; c < this.choices.stateChoices[s + 1]!; c++) {
      if (this.choices.choiceAction[c] === a) return this.array[c]!;
    }
    const feasible = [...this.row(state).keys()].map(describeValue).join(", ");
    throw new UnknownLabelError(
      `action ${this.actions.quote(a)} is not feasible in state ${this.states.quote(s)}, expected ${feasible === "" ? "no action: the state is terminal" : `one of ${feasible}`}.`,
    );
  }

  /** The feasible actions of a state with their numbers, in choice order. */
  row(state: S): Map<A, number> {
    const s = this.states.indexOf(state);
    const row = new Map<A, number>();
    for (let c = this.choices.stateChoices[s]!; c < this.choices.stateChoices[s + 1]!; c++) {
      row.set(this.actions.at(this.choices.choiceAction[c]!), this.array[c]!);
    }
    return row;
  }

  /** A dense S x A copy, row by state, `fill` (default NaN) where infeasible. */
  toDense(fill: number = Number.NaN): Float64Array {
    const width = this.actions.size;
    const dense = new Float64Array(this.states.size * width).fill(fill);
    for (let s = 0; s < this.states.size; s++) {
      for (let c = this.choices.stateChoices[s]!; c < this.choices.stateChoices[s + 1]!; c++) {
        dense[s * width + this.choices.choiceAction[c]!] = this.array[c]!;
      }
    }
    return dense;
  }
}
