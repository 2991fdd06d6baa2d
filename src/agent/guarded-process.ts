// The guarded process: all that an agent behind a risk shield can do, as a finite model over states and budgets.
import { UnsupportedModelError } from "../errors.ts";
import { arrivalOf, type InitialDistribution, LabelIndex, Mdp, MdpBuilder, rewardOf, rowOf } from "../mdp/index.ts";
import { Pacer } from "../platform/pacer.ts";
import type { RiskShield } from "./risk-shield.ts";

/** A state of the guarded process. */
export interface GuardedState<S> {
  readonly state: S;
  /** What is left of the risk budget there. */
  readonly budget: number;
}

export interface GuardedProcessOptions {
  /** The most states to explore before giving up. Default 2,000,000. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The process, with what it takes to read it. */
export interface GuardedProcess<S, A> {
  /** Every agent that the shield can meet is a policy of this model, with memory where it uses any. Rewards, discount and objective are the model's. */
  readonly mdp: Mdp<GuardedState<S>, A>;
  readonly shield: RiskShield<S, A>;
  /** The model's state index of each guarded state. */
  readonly stateOf: Int32Array;
  /** The model's choice index of each guarded choice. */
  readonly choiceOf: Int32Array;
  /** The budget of each guarded state. */
  readonly budget: Float64Array;
  /** Where runs start, as indices of guarded states. */
  readonly start: InitialDistribution;
}

/**
 * Explores the states and budgets that can be reached behind a shield; budgets lie on a grid, so there are finitely many.
 *
 * @throws UnsupportedModelError past `limit` states; the signal's reason when aborted.
 * @example
 * const guarded = await guardedProcess(shield);
 * await worstHarm(guarded);              // over every agent: { lower, upper }, upper <= shield.limit
 * (await solve(guarded.mdp)).value;      // the best return that the shield leaves
 */
export async function guardedProcess<S, A>(shield: RiskShield<S, A>, options: GuardedProcessOptions = {}): Promise<GuardedProcess<S, A>> {
  const { limit = 2_000_000, signal } = options;
  const { mdp, rules } = shield;
  const { storage } = mdp;
  const { least } = rules.bounds;
  const pacer = new Pacer({ signal });
  const found = new FoundBudgets(storage.stateCount, limit);
  for (const [state, budget] of shield.starts) found.indexOf(state, budget);
  const choiceStart: number[] = [];
  const choiceOf: number[] = [];
  const next: number[] = [];
  for (let i = 0; i < found.size; i++) {
    choiceStart.push(choiceOf.length);
    const s = found.state[i]!;
    const budget = found.budget[i]!;
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      if (!rules.affords(s, c, budget)) continue;
      choiceOf.push(c);
      const from = storage.rowBranches[rowOf(storage, c)]!;
      for (const [b, share] of rules.shares(c, budget).entries()) {
        const arrival = arrivalOf(storage, from + b);
        // A branch that ends needs no budget; the state it is said to enter is never acted in.
        next.push(found.indexOf(arrival, storage.target[from + b] === storage.stateCount ? least[arrival]! : share));
      }
    }
    if (pacer.due) await pacer.tick();
  }
  choiceStart.push(choiceOf.length);

  const labels = LabelIndex.list<GuardedState<S>>(
    "state",
    found.state.map((s, i) => ({ state: mdp.states.at(s), budget: found.budget[i]! })),
    ({ state, budget }) => `${mdp.states.name(mdp.states.indexOf(state))} with ${budget}`,
  );
  const builder = new MdpBuilder(labels, mdp.actions);
  let branch = 0;
  for (let i = 0; i < found.size; i++) {
    builder.state();
    if (choiceStart[i] === choiceStart[i + 1]) builder.terminal();
    for (let k = choiceStart[i]!; k < choiceStart[i + 1]!; k++) {
      const c = choiceOf[k]!;
      const row = rowOf(storage, c);
      builder.choice(storage.choiceAction[c]!, storage.branchReward === undefined ? storage.reward[c]! : undefined);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        const reward = storage.branchReward === undefined ? undefined : rewardOf(storage, c, b);
        builder.branch(next[branch++]!, storage.probability[b]!, reward, storage.target[b] === storage.stateCount);
      }
    }
    if (pacer.due) await pacer.tick();
  }
  const start: InitialDistribution = {
    state: Int32Array.from(shield.starts, ([state, budget]) => found.indexOf(state, budget)),
    probability: shield.startProbability,
  };
  return {
    mdp: new Mdp<GuardedState<S>, A>({
      states: labels,
      actions: mdp.actions,
      storage: builder.finish(),
      discount: mdp.discount,
      objective: mdp.objective,
      initial: start,
    }),
    shield,
    start,
    stateOf: Int32Array.from(found.state),
    choiceOf: Int32Array.from(choiceOf),
    budget: Float64Array.from(found.budget),
  };
}

/** The pairs of state and budget met so far, in the order they were met. */
class FoundBudgets {
  readonly state: number[] = [];
  readonly budget: number[] = [];
  readonly #known: readonly Map<number, number>[];
  readonly #limit: number;

  constructor(stateCount: number, limit: number) {
    this.#known = Array.from({ length: stateCount }, () => new Map<number, number>());
    this.#limit = limit;
  }

  get size(): number {
    return this.state.length;
  }

  indexOf(state: number, budget: number): number {
    const known = this.#known[state]!;
    const index = known.get(budget);
    if (index !== undefined) return index;
    if (this.size >= this.#limit) {
      throw new UnsupportedModelError(`the guarded process has more than ${this.#limit} states, expected at most limit.`, {
        hint: "raise limit, or give the shield fewer steps.",
      });
    }
    known.set(budget, this.size);
    this.state.push(state);
    this.budget.push(budget);
    return this.size - 1;
  }
}
