// A model emitted by a callback, state by state: the way in for a million states.
import { OptionError } from "../errors.ts";
import { MdpBuilder } from "./builder.ts";
import { MAX_COUNT } from "./growable.ts";
import { checkInitial, type InitialDistribution } from "./initial.ts";
import { type Label, LabelIndex } from "./labels.ts";
import { checkDiscount, checkObjective, Mdp, type Objective } from "./mdp.ts";

export interface BuildOptions<S extends Label, A extends Label> {
  /** How many states, or their labels. */
  readonly states: number | readonly S[];
  readonly actions: number | readonly A[];
  readonly discount?: number;
  readonly objective?: Objective;
  readonly initial?: InitialDistribution;
  readonly normalize?: boolean;
}

/** What `emit` calls: a choice, then its branches. `terminal()` instead of choices ends episodes there. */
export type Emitter = Pick<MdpBuilder<unknown, unknown>, "choice" | "branch" | "terminal">;

/**
 * Builds a model from a callback that is called once a state, in order, and emits that state's choices and branches.
 *
 * @throws OptionError for a count or discount out of range; InvalidModelError with everything wrong.
 * @example
 * const walk = buildMdp({ states: 1_000_000, actions: 2, discount: 0.99 }, (s, model) => {
 *   for (const a of [0, 1]) { model.choice(a, s === 0 ? 1 : 0); model.branch(a === 0 ? Math.max(0, s - 1) : Math.min(999_999, s + 1), 1); }
 * });
 */
export function buildMdp<const S extends Label = number, const A extends Label = number>(
  options: BuildOptions<S, A>,
  emit: (state: number, model: Emitter) => void,
): Mdp<S, A> {
  const states = labelIndex<S>("state", options.states);
  const actions = labelIndex<A>("action", options.actions);
  // Before the work, not after it.
  if (options.discount !== undefined) checkDiscount(options.discount);
  if (options.objective !== undefined) checkObjective(options.objective);
  if (options.initial !== undefined) checkInitial(states, options.initial);
  const builder = new MdpBuilder(states, actions, { normalize: options.normalize });
  for (let s = 0; s < states.size; s++) {
    builder.state();
    emit(s, builder);
  }
  return new Mdp<S, A>({ states, actions, storage: builder.finish(), discount: options.discount, objective: options.objective, initial: options.initial });
}

/** Labels given as a count or a list. Counts above int32 are refused before anything is allocated. */
export function labelIndex<L extends Label>(kind: "state" | "action", given: number | readonly L[]): LabelIndex<L> {
  if (typeof given !== "number") {
    if (given.length === 0) throw new OptionError(`${kind}s`, "an empty list", `at least one ${kind}`);
    return LabelIndex.list<L>(kind, given);
  }
  if (!(Number.isInteger(given) && given >= 1 && given <= MAX_COUNT - 1)) throw new OptionError(`${kind}s`, given, `an integer from 1 to ${MAX_COUNT - 1}`);
  // A count means the labels are numbers: L is number there.
  return LabelIndex.range(kind, given) as LabelIndex<unknown> as LabelIndex<L>;
}
