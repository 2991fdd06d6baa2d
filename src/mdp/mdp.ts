// The Markov decision process: labels, objective, discount and start around one compiled storage.
import { OptionError, ShapeError, UnknownLabelError } from "../errors.ts";
import { checkInitial, type InitialDistribution } from "./initial.ts";
import type { LabelIndex } from "./labels.ts";
import { arrivalOf, findChoice, rewardOf, rowOf, type Storage } from "./storage.ts";

export type Objective = "maximize" | "minimize";

/** One successor of a choice. */
export interface Branch<S> {
  readonly next: S;
  readonly probability: number;
  /** R(s,a,s') where the model gave it, else R(s,a). */
  readonly reward: number;
  /** Whether the episode ends on this branch: `next` is entered but never left. */
  readonly terminated: boolean;
}

export interface MdpParts<S, A> {
  readonly states: LabelIndex<S>;
  readonly actions: LabelIndex<A>;
  readonly storage: Storage;
  readonly objective?: Objective | undefined;
  readonly discount?: number | undefined;
  readonly initial?: InitialDistribution | undefined;
}

/**
 * A finite Markov decision process with states of type S and actions of type A. Immutable.
 *
 * Make one with `defineMdp`, `buildMdp`, `fromDense`, `fromCsr` or `fromSuccessors`.
 */
export class Mdp<S = number, A = number> {
  readonly states: LabelIndex<S>;
  readonly actions: LabelIndex<A>;
  readonly storage: Storage;
  readonly objective: Objective;
  /** The discount γ in [0, 1], if the model carries one. */
  readonly discount: number | undefined;
  /** Where episodes start, if the model says. */
  readonly initial: InitialDistribution | undefined;

  constructor(parts: MdpParts<S, A>) {
    if (parts.discount !== undefined) checkDiscount(parts.discount);
    if (parts.objective !== undefined) checkObjective(parts.objective);
    if (parts.initial !== undefined) checkInitial(parts.states, parts.initial);
    if (parts.states.size !== parts.storage.stateCount)
      throw new ShapeError(`states has ${parts.states.size} labels, expected ${parts.storage.stateCount}, one a state of the storage.`);
    this.states = parts.states;
    this.actions = parts.actions;
    this.storage = parts.storage;
    this.objective = parts.objective ?? "maximize";
    this.discount = parts.discount;
    this.initial = parts.initial;
  }

  get stateCount(): number {
    return this.storage.stateCount;
  }

  get actionCount(): number {
    return this.actions.size;
  }

  get choiceCount(): number {
    return this.storage.choiceCount;
  }

  get branchCount(): number {
    return this.storage.branchCount;
  }

  /** Whether a state is terminal: value 0, no choices. */
  isTerminal(state: S): boolean {
    return this.storage.terminal[this.states.indexOf(state)] === 1;
  }

  /** The actions a state offers, in choice order. */
  feasibleActions(state: S): A[] {
    const s = this.states.indexOf(state);
    const actions: A[] = [];
    for (let c = this.storage.stateChoices[s]!; c < this.storage.stateChoices[s + 1]!; c++) actions.push(this.actions.at(this.storage.choiceAction[c]!));
    return actions;
  }

  /** The choice index of a feasible (state, action). @throws UnknownLabelError */
  choice(state: S, action: A): number {
    const s = this.states.indexOf(state);
    const a = this.actions.indexOf(action);
    const c = findChoice(this.storage, s, a);
    if (c < 0) {
      throw new UnknownLabelError(
        `action ${this.actions.quote(a)} is not feasible in state ${this.states.quote(s)}, expected one of ${this.feasibleActions(state).join(", ") || "none: the state is terminal"}.`,
      );
    }
    return c;
  }

  /** The expected reward R(s,a). */
  reward(state: S, action: A): number {
    return this.storage.reward[this.choice(state, action)]!;
  }

  /** The successors of a choice. */
  branches(state: S, action: A): Branch<S>[] {
    const c = this.choice(state, action);
    const row = rowOf(this.storage, c);
    const branches: Branch<S>[] = [];
    for (let b = this.storage.rowBranches[row]!; b < this.storage.rowBranches[row + 1]!; b++) {
      branches.push({
        next: this.states.at(arrivalOf(this.storage, b)),
        probability: this.storage.probability[b]!,
        reward: rewardOf(this.storage, c, b),
        terminated: this.storage.target[b] === this.storage.stateCount,
      });
    }
    return branches;
  }

  /** The same model with another discount, objective or start; the storage is shared. */
  with(changes: { readonly discount?: number; readonly objective?: Objective; readonly initial?: InitialDistribution }): Mdp<S, A> {
    return new Mdp<S, A>({ ...this.parts, ...changes });
  }

  /** What this model is made of. */
  get parts(): MdpParts<S, A> {
    return { states: this.states, actions: this.actions, storage: this.storage, objective: this.objective, discount: this.discount, initial: this.initial };
  }
}

/** @throws OptionError unless 0 <= discount <= 1. */
export function checkDiscount(discount: number, where = "discount"): number {
  if (!(typeof discount === "number" && discount >= 0 && discount <= 1)) throw new OptionError(where, discount, "a number from 0 to 1");
  return discount;
}

/** @throws OptionError unless one of the two objectives. */
export function checkObjective(objective: unknown, where = "objective"): Objective {
  if (objective !== "maximize" && objective !== "minimize") throw new OptionError(where, objective, '"maximize" or "minimize"');
  return objective;
}
