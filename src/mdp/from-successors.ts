// A model given only as a function: explored breadth first from its start, states of any type told apart by a key.
import { describeValue, OptionError, UnknownLabelError, UnsupportedModelError } from "../errors.ts";
import { Pacer } from "../platform/pacer.ts";
import { MdpBuilder } from "./builder.ts";
import { GrowableFloat64, GrowableInt32 } from "./growable.ts";
import { startAt } from "./initial.ts";
import { placeOf } from "./issues.ts";
import { defaultKey, type Label, LabelIndex, type LabelKey } from "./labels.ts";
import { checkDiscount, checkObjective, Mdp, type Objective } from "./mdp.ts";

/** One action of a state with its successors. */
export interface SuccessorChoice<S, A> {
  readonly action: A;
  /** R(s,a); left out where branches bring their own. */
  readonly reward?: number;
  /** `[next, probability]` or `[next, probability, reward]`. */
  readonly branches: readonly (readonly [next: S, probability: number, reward?: number])[];
}

export interface ExploreOptions<S, A extends Label> {
  /** The actions in their order; by default in the order they are met. */
  readonly actions?: readonly A[];
  /** Tells states apart. Default: strings and numbers themselves, JSON of anything else. */
  readonly key?: LabelKey<S>;
  /** The most states to explore before giving up. Default 10,000,000. */
  readonly limit?: number;
  readonly discount?: number;
  readonly objective?: Objective;
  readonly normalize?: boolean;
  readonly signal?: AbortSignal;
  /** Called at most every 40 ms. */
  readonly onProgress?: (progress: { readonly explored: number; readonly found: number }) => void;
}

/**
 * Explores the model reachable from `initial`. `successors` answers a state's choices, or none (an empty list) for a terminal state;
 * it is called once a state, and what it answers is read at once, so it may use the same arrays again. State values are kept as they are.
 *
 * @throws UnsupportedModelError past `limit` states; UnknownLabelError for an action not among `actions`; InvalidModelError; OptionError; the signal's reason when aborted.
 * @example
 * const walk = await fromSuccessors<number, "left" | "right">(3, (s) => s === 0 || s === 6 ? [] : [
 *   { action: "left", reward: 0, branches: [[s - 1, 1]] },
 *   { action: "right", branches: [[s + 1, 1, s === 5 ? 1 : 0]] },
 * ]);
 */
export async function fromSuccessors<S, const A extends Label>(
  initial: S,
  successors: (state: S) => readonly SuccessorChoice<S, A>[],
  options: ExploreOptions<S, A> = {},
): Promise<Mdp<S, A>> {
  const { limit = 10_000_000, key = defaultKey, signal } = options;
  if (!(Number.isInteger(limit) && limit >= 1)) throw new OptionError("limit", limit, "a positive integer");
  if (options.discount !== undefined) checkDiscount(options.discount);
  if (options.objective !== undefined) checkObjective(options.objective);
  const pacer = new Pacer({ signal });
  await pacer.tick();
  const states = new FoundStates<S>(initial, key, limit);
  const actions = new ActionOrder<A>(options.actions);
  const record = new ExplorationRecord();
  for (let s = 0; s < states.found.length; s++) {
    const choices = successors(states.found[s] as S).map((choice) => ({ a: actions.indexOf(choice.action), choice }));
    for (const { a, choice } of choices.sort((x, y) => x.a - y.a)) {
      record.choice(a, choice.reward);
      for (const [next, probability, reward] of choice.branches) record.branch(states.indexOf(next), probability, reward);
    }
    record.endState();
    if (pacer.due) {
      options.onProgress?.({ explored: s + 1, found: states.found.length });
      await pacer.tick();
    }
  }
  const labels = LabelIndex.list<S>("state", states.found, key);
  const actionLabels = LabelIndex.list<A>("action", actions.labels);
  const builder = new MdpBuilder(labels, actionLabels, { normalize: options.normalize });
  for (let s = 0; s < labels.size; s++) {
    record.emitState(s, builder, (action) => placeOf(labels, actionLabels, s, action));
    if (pacer.due) await pacer.tick();
  }
  return new Mdp<S, A>({
    states: labels,
    actions: actionLabels,
    storage: builder.finish(),
    discount: options.discount,
    objective: options.objective,
    initial: startAt(0),
  });
}

/** The states met so far, in the order they were met. */
class FoundStates<S> {
  readonly found: S[];
  readonly #key: LabelKey<S>;
  readonly #limit: number;
  readonly #index: Map<string | number, number>;

  constructor(initial: S, key: LabelKey<S>, limit: number) {
    this.found = [initial];
    this.#key = key;
    this.#limit = limit;
    this.#index = new Map([[key(initial), 0]]);
  }

  /** @throws UnsupportedModelError for a new state past the limit. */
  indexOf(state: S): number {
    const key = this.#key(state);
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const index = this.found.length;
    if (index >= this.#limit) {
      throw new UnsupportedModelError(`fromSuccessors found more than ${this.#limit} states, expected at most limit.`, {
        hint: "raise limit, or check that key gives equal states equal keys.",
      });
    }
    this.found.push(state);
    this.#index.set(key, index);
    return index;
  }
}

/** What exploration answered, flat: the builder wants to know all labels first. */
class ExplorationRecord {
  readonly #stateChoices = new GrowableInt32(64);
  readonly #action = new GrowableInt32(64);
  readonly #reward = new GrowableFloat64(64);
  readonly #choiceBranches = new GrowableInt32(64);
  readonly #next = new GrowableInt32(256);
  readonly #probability = new GrowableFloat64(256);
  readonly #branchReward = new GrowableFloat64(256);
  /** Branches whose reward was given and is NaN: to the builder NaN means that the choice's holds. */
  readonly #nanRewards = new Set<number>();

  constructor() {
    this.#stateChoices.push(0);
    this.#choiceBranches.push(0);
  }

  choice(action: number, reward: number | undefined): void {
    this.#action.push(action);
    this.#reward.push(reward ?? Number.NaN);
    this.#choiceBranches.push(this.#next.length);
  }

  branch(next: number, probability: number, reward: number | undefined): void {
    if (reward !== undefined && Number.isNaN(reward)) this.#nanRewards.add(this.#next.length);
    this.#next.push(next);
    this.#probability.push(probability);
    this.#branchReward.push(reward ?? Number.NaN);
    this.#choiceBranches.array[this.#choiceBranches.length - 1] = this.#next.length;
  }

  endState(): void {
    this.#stateChoices.push(this.#action.length);
  }

  emitState<S, A>(s: number, builder: MdpBuilder<S, A>, placeOfAction: (action: number) => string): void {
    const from = this.#stateChoices.array[s]!;
    const to = this.#stateChoices.array[s + 1]!;
    builder.state();
    if (from === to) builder.terminal();
    for (let c = from; c < to; c++) {
      const action = this.#action.array[c]!;
      const choiceReward = this.#reward.array[c]!;
      builder.choice(action, choiceReward);
      for (let b = this.#choiceBranches.array[c]!; b < this.#choiceBranches.array[c + 1]!; b++) {
        if (this.#nanRewards.has(b) && !Number.isNaN(choiceReward)) builder.issue(placeOfAction(action), "has a branch of reward NaN", "a finite number");
        builder.branch(this.#next.array[b]!, this.#probability.array[b]!, this.#branchReward.array[b]!);
      }
    }
  }
}

/** Actions in the order given, or met. */
class ActionOrder<A extends Label> {
  readonly labels: A[];
  readonly #index: Map<A, number>;
  readonly #closed: boolean;

  constructor(given: readonly A[] | undefined) {
    this.labels = [...(given ?? [])];
    this.#index = new Map(this.labels.map((label, a) => [label, a]));
    this.#closed = given !== undefined;
  }

  indexOf(action: A): number {
    let a = this.#index.get(action);
    if (a === undefined) {
      if (this.#closed) throw new UnknownLabelError(`successors gave the action ${describeValue(action)}, expected one of ${this.labels.join(", ")}.`);
      a = this.labels.length;
      this.labels.push(action);
      this.#index.set(action, a);
    }
    return a;
  }
}
