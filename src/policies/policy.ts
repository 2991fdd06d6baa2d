// A policy: for every non-terminal state, probabilities over its choices.
import { InvalidModelError, ShapeError } from "../errors.ts";
import type { ChoiceIndex, LabelIndex, Mdp } from "../mdp/index.ts";
import { CompensatedSum, type Rng } from "../numeric/index.ts";

/** Labels and choices: all that a policy needs of its model. An `Mdp` has them as `policySpace(mdp)`. */
export interface PolicySpace<S, A> {
  readonly states: LabelIndex<S>;
  readonly actions: LabelIndex<A>;
  readonly choices: ChoiceIndex;
}

/** The space of a model's policies. */
export function policySpace<S, A>(mdp: Mdp<S, A>): PolicySpace<S, A> {
  return { states: mdp.states, actions: mdp.actions, choices: mdp.storage };
}

/** One choice a state, or one probability a choice. */
type Table = { readonly choice: Int32Array } | { readonly probability: Float64Array };

/**
 * A stationary policy, deterministic or stochastic. Immutable.
 *
 * @example
 * best.policy.action("low");              // "recharge"
 * best.policy.probability("low", "wait"); // 0
 */
export class Policy<S, A> {
  readonly space: PolicySpace<S, A>;
  /** S choice indices, the choice taken in each state (-1 in terminal states), where the policy is deterministic. */
  readonly choice: Int32Array | undefined;
  readonly #table: Table;

  private constructor(space: PolicySpace<S, A>, table: Table) {
    this.space = space;
    this.choice = "choice" in table ? table.choice : undefined;
    this.#table = table;
  }

  /** The policy that takes choice `choice[s]` in state s; -1 in terminal states. */
  static deterministic<S, A>(space: PolicySpace<S, A>, choice: Int32Array): Policy<S, A> {
    const { stateChoices } = space.choices;
    if (choice.length !== space.states.size) throw new ShapeError(`policy has ${choice.length} entries, expected ${space.states.size}, one a state.`);
    for (let s = 0; s < choice.length; s++) {
      const empty = stateChoices[s] === stateChoices[s + 1];
      if (empty ? choice[s] !== -1 : !(choice[s]! >= stateChoices[s]! && choice[s]! < stateChoices[s + 1]!)) {
        throw new ShapeError(
          `policy of state ${space.states.quote(s)} is choice ${choice[s]}, expected ${empty ? "-1: it is terminal" : `${stateChoices[s]} to ${stateChoices[s + 1]! - 1}`}.`,
        );
      }
    }
    return new Policy(space, { choice: choice.slice() });
  }

  /**
   * The policy that takes choice c with probability `probability[c]`.
   *
   * @throws InvalidModelError unless each state's probabilities are >= 0 and sum to 1 within 1e-9.
   */
  static stochastic<S, A>(space: PolicySpace<S, A>, probability: Float64Array): Policy<S, A> {
    const { stateChoices, choiceAction } = space.choices;
    if (probability.length !== choiceAction.length)
      throw new ShapeError(`policy has ${probability.length} entries, expected ${choiceAction.length}, one a choice.`);
    const total = new CompensatedSum();
    for (let s = 0; s < space.states.size; s++) {
      if (stateChoices[s] === stateChoices[s + 1]) continue;
      total.reset();
      for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
        const p = probability[c]!;
        if (!(p >= 0 && p <= 1 + 1e-9)) {
          throw new InvalidModelError([
            {
              where: `policy(${space.states.quote(s)},${space.actions.quote(choiceAction[c]!)})`,
              got: `has probability ${p}`,
              expected: "a number from 0 to 1",
            },
          ]);
        }
        total.add(p);
      }
      if (!(Math.abs(total.value - 1) <= 1e-9)) {
        throw new InvalidModelError([{ where: `policy(${space.states.quote(s)})`, got: `sums to ${total.value}`, expected: "1 within 1e-9" }]);
      }
    }
    return new Policy(space, { probability: probability.slice() });
  }

  /** Every feasible action with equal probability. */
  static uniform<S, A>(space: PolicySpace<S, A>): Policy<S, A> {
    const { stateChoices, choiceAction } = space.choices;
    const probability = new Float64Array(choiceAction.length);
    for (let s = 0; s < space.states.size; s++) {
      const n = stateChoices[s + 1]! - stateChoices[s]!;
      probability.fill(1 / n, stateChoices[s]!, stateChoices[s + 1]!);
    }
    return new Policy(space, { probability });
  }

  /** From a function of labels: an action, or pairs `[action, probability]`. Not called for terminal states. */
  static from<S, A, const B extends A = A>(
    space: PolicySpace<S, A>,
    choose: (state: S) => B | readonly (readonly [action: B, probability: number])[],
  ): Policy<S, A> {
    const { stateChoices, choiceAction } = space.choices;
    const probability = new Float64Array(choiceAction.length);
    for (let s = 0; s < space.states.size; s++) {
      if (stateChoices[s] === stateChoices[s + 1]) continue;
      const chosen = choose(space.states.at(s));
      const pairs = Array.isArray(chosen) && !space.actions.has(chosen as A) ? (chosen as readonly (readonly [A, number])[]) : ([[chosen as A, 1]] as const);
      for (const [action, p] of pairs) probability[choiceAt(space, s, space.actions.indexOf(action))]! += p;
    }
    return Policy.stochastic(space, probability);
  }

  get isDeterministic(): boolean {
    return this.choice !== undefined;
  }

  /** C probabilities in choice order; a copy. */
  probabilities(): Float64Array {
    if ("probability" in this.#table) return this.#table.probability.slice();
    const probability = new Float64Array(this.space.choices.choiceAction.length);
    for (const c of this.#table.choice) if (c >= 0) probability[c] = 1;
    return probability;
  }

  /** π(action | state); 0 where infeasible. @throws UnknownLabelError */
  probability(state: S, action: A): number {
    const s = this.space.states.indexOf(state);
    const c = findIn(this.space, s, this.space.actions.indexOf(action));
    if (c < 0) return 0;
    return "probability" in this.#table ? this.#table.probability[c]! : this.#table.choice[s] === c ? 1 : 0;
  }

  /** The most probable action (lowest index on a tie), or null in a terminal state. */
  action(state: S): A | null {
    const c = this.modeAt(this.space.states.indexOf(state));
    return c < 0 ? null : this.space.actions.at(this.space.choices.choiceAction[c]!);
  }

  /** The most probable choice of a state index, -1 in a terminal state. */
  modeAt(state: number): number {
    if ("choice" in this.#table) return this.#table.choice[state]!;
    const { stateChoices } = this.space.choices;
    const { probability } = this.#table;
    let best = -1;
    for (let c = stateChoices[state]!; c < stateChoices[state + 1]!; c++) {
      if (best < 0 || probability[c]! > probability[best]!) best = c;
    }
    return best;
  }

  /** A choice of a state index drawn at random, -1 in a terminal state. */
  sampleAt(state: number, rng: Rng): number {
    if ("choice" in this.#table) return this.#table.choice[state]!;
    const { stateChoices } = this.space.choices;
    const from = stateChoices[state]!;
    const to = stateChoices[state + 1]!;
    return from === to ? -1 : rng.pick(this.#table.probability, from, to);
  }

  /** An action drawn at random, or null in a terminal state. */
  sample(state: S, rng: Rng): A | null {
    const c = this.sampleAt(this.space.states.indexOf(state), rng);
    return c < 0 ? null : this.space.actions.at(this.space.choices.choiceAction[c]!);
  }

  /** The most probable action of each state in state order, null in terminal states. */
  toActions(): (A | null)[] {
    return Array.from(this.space.states, (_, s) => {
      const c = this.modeAt(s);
      return c < 0 ? null : this.space.actions.at(this.space.choices.choiceAction[c]!);
    });
  }
}

function findIn<S, A>(space: PolicySpace<S, A>, state: number, action: number): number {
  const { stateChoices, choiceAction } = space.choices;
  for (let c = stateChoices[state]!; c < stateChoices[state + 1]!; c++) if (choiceAction[c] === action) return c;
  return -1;
}

function choiceAt<S, A>(space: PolicySpace<S, A>, state: number, action: number): number {
  const c = findIn(space, state, action);
  if (c < 0) {
    throw new InvalidModelError([
      {
        where: `policy(${space.states.quote(state)})`,
        got: `takes ${space.actions.quote(action)}, which is not feasible there`,
        expected: "a feasible action",
      },
    ]);
  }
  return c;
}
