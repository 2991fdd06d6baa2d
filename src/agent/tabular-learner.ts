// Learning while acting: one Q-learning update a step, kept in a table of its own.
import { OptionError, ShapeError } from "../errors.ts";
import { type ChoiceIndex, ChoiceTable, checkDiscount, findChoice, type LabelIndex, type Objective } from "../mdp/index.ts";
import type { Experience } from "./experience.ts";

export interface LearnWhileActing<S, A> {
  /** α in (0, 1]. Default 0.5. */
  readonly learningRate?: number | undefined;
  /** Default: the environment's. */
  readonly discount?: number | undefined;
  /** Default: the environment's, else maximize. */
  readonly objective?: Objective | undefined;
  /** Where to begin, such as the `q` of an earlier run; copied. Default 0. */
  readonly initialQ?: ChoiceTable<S, A> | undefined;
}

/**
 * Tabular Q-learning (Watkins 1989; Sutton & Barto, section 6.5), one transition at a time.
 *
 * @example
 * const learner = new TabularLearner(env, { learningRate: 0.5 });
 * learner.update(choice, 1, nextState, true);
 */
export class TabularLearner<S, A> {
  /** C values, in choice order. */
  readonly q: ChoiceTable<S, A>;
  readonly objective: Objective;
  readonly #choices: ChoiceIndex;
  readonly #rate: number;
  readonly #discount: number;
  readonly #sign: 1 | -1;

  /** @throws OptionError; ShapeError */
  constructor(
    space: {
      readonly states: LabelIndex<S>;
      readonly actions: LabelIndex<A>;
      readonly choices: ChoiceIndex;
      readonly discount?: number | undefined;
      readonly objective?: Objective | undefined;
    },
    options: LearnWhileActing<S, A> = {},
  ) {
    const { learningRate = 0.5, discount = space.discount, objective = space.objective ?? "maximize", initialQ } = options;
    if (!(learningRate > 0 && learningRate <= 1)) throw new OptionError("learn.learningRate", learningRate, "a number in (0, 1]");
    if (discount === undefined) throw new OptionError("learn.discount", discount, "a number from 0 to 1", "the environment carries none, so give one.");
    const length = space.choices.choiceAction.length;
    if (initialQ !== undefined && initialQ.array.length !== length)
      throw new ShapeError(`learn.initialQ has ${initialQ.array.length} choices, expected ${length}.`);
    this.#rate = learningRate;
    this.#discount = checkDiscount(discount, "learn.discount");
    this.objective = objective;
    this.#sign = objective === "minimize" ? -1 : 1;
    this.#choices = space.choices;
    this.q = new ChoiceTable(space.states, space.actions, space.choices, initialQ === undefined ? new Float64Array(length) : initialQ.array.slice());
  }

  /** Q(choice) moves towards reward + γ · best Q(next); a truncated step bootstraps like any other, a terminated one does not. */
  update(choice: number, reward: number, next: number, terminated: boolean): void {
    const q = this.q.array;
    const target = reward + (terminated ? 0 : this.#discount * this.#best(next));
    q[choice] = q[choice]! + this.#rate * (target - q[choice]!);
  }

  /**
   * The same update from an experience, one's own or another agent's.
   *
   * @throws OptionError where the environment has no such choice or state.
   */
  learnFrom({ state, action, reward, next, terminated }: Experience): void {
    const states = this.q.states.size;
    const choice = state < states ? findChoice(this.#choices, state, action) : -1;
    if (choice < 0 || next >= states)
      throw new OptionError("experience", JSON.stringify({ state, action, next }), "a state, an action that it offers and a next state, as indices");
    this.update(choice, reward, next, terminated);
  }

  /** How good an action looks by now: higher is better under either objective. @throws UnknownLabelError */
  valueOf(state: S, action: A): number {
    return this.#sign * this.q.at(state, action);
  }

  /** How good a choice looks by now: higher is better under either objective. */
  goodness(choice: number): number {
    return this.#sign * this.q.array[choice]!;
  }

  #best(state: number): number {
    let best = Number.NEGATIVE_INFINITY;
    for (let c = this.#choices.stateChoices[state]!; c < this.#choices.stateChoices[state + 1]!; c++) best = Math.max(best, this.#sign * this.q.array[c]!);
    return best === Number.NEGATIVE_INFINITY ? 0 : this.#sign * best;
  }
}
