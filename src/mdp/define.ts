// A model declared with labels: what a person writes, typed so that a misspelt state or action does not compile.
import { describeValue, InvalidModelError, type ModelIssue } from "../errors.ts";
import { labelIndex } from "./build.ts";
import { MdpBuilder } from "./builder.ts";
import { compileInitial, type InitialSpec } from "./initial.ts";
import { placeOf } from "./issues.ts";
import { type Label, type LabelIndex, nearest } from "./labels.ts";
import { checkDiscount, checkObjective, Mdp, type Objective } from "./mdp.ts";

/** Where a choice leads: one successor for certain, or pairs `[next, probability]`. */
export type Successors<S> = S | readonly (readonly [next: S, probability: number])[];

export interface MdpSpec<S extends Label = number, A extends Label = number> {
  /** The states, each once; or how many, for states 0, 1, ... Likewise actions. */
  readonly states: number | readonly S[];
  readonly actions: number | readonly A[];
  /** The actions a state offers; all of them where left out. */
  readonly feasible?: (state: NoInfer<S>) => readonly NoInfer<A>[];
  /** Successors with probabilities. Pairs, not an object keyed by label: TypeScript lets a misspelt key through in the object form. */
  readonly transition: (state: NoInfer<S>, action: NoInfer<A>) => Successors<NoInfer<S>>;
  /** R(s), R(s,a) or R(s,a,s'). A finite number. */
  readonly reward: (state: NoInfer<S>, action: NoInfer<A>, next: NoInfer<S>) => number;
  /** Terminal states: episodes end there, value 0, no actions. */
  readonly terminal?: readonly NoInfer<S>[] | ((state: NoInfer<S>) => boolean);
  /** γ in [0, 1]. */
  readonly discount?: number;
  readonly objective?: Objective;
  /** Where episodes start. */
  readonly initial?: InitialSpec<NoInfer<S>>;
  /** Divide each row by its sum, for counts. Default false. */
  readonly normalize?: boolean;
}

/**
 * Declares a Markov decision process by labels.
 *
 * @remarks `reward` is called once a branch; where it answers the same for all successors of a choice, R(s,a) alone is stored.
 * @throws OptionError for a discount out of range; InvalidModelError listing every negative, NaN or infinite number, every sum that is not 1, every unknown label,
 *   every non-terminal state without a choice.
 * @example
 * const robot = defineMdp({
 *   states: ["high", "low"], actions: ["search", "wait", "recharge"], discount: 0.9,
 *   feasible: (s) => (s === "high" ? ["search", "wait"] : ["search", "wait", "recharge"]),
 *   transition: (s, a) => a === "wait" ? s : a === "recharge" ? "high" : [["high", s === "high" ? 0.8 : 0.4], ["low", s === "high" ? 0.2 : 0.6]],
 *   reward: (s, a, next) => (a === "wait" ? 1 : a === "recharge" ? 0 : s === "low" && next === "high" ? -3 : 5),
 * });
 */
export function defineMdp<const S extends Label = number, const A extends Label = number>(spec: MdpSpec<S, A>): Mdp<S, A> {
  const states = labelIndex<S>("state", spec.states);
  const actions = labelIndex<A>("action", spec.actions);
  if (spec.discount !== undefined) checkDiscount(spec.discount);
  if (spec.objective !== undefined) checkObjective(spec.objective);
  const initial = spec.initial === undefined ? undefined : compileInitial(states, spec.initial);
  const builder = new MdpBuilder(states, actions, { normalize: spec.normalize });
  const isTerminal = terminalTest(spec, states);
  const allActions = actions.toArray();
  for (let s = 0; s < states.size; s++) {
    const state = states.at(s);
    builder.state();
    if (isTerminal(state)) {
      builder.terminal();
      continue;
    }
    for (const a of offeredActions(spec.feasible?.(state) ?? allActions, s, states, actions, builder)) {
      builder.choice(a);
      const fault = emitBranches(spec, state, actions.at(a), states, builder);
      if (fault === undefined) continue;
      builder.issue(placeOf(states, actions, s, a), fault.got, fault.expected, fault.hint);
      builder.skipChoice();
    }
  }
  return new Mdp<S, A>({ states, actions, storage: builder.finish(), objective: spec.objective, discount: spec.discount, initial });
}

/** The indices of a state's actions, ascending; unknown labels become issues. */
function offeredActions<S extends Label, A extends Label>(
  labels: readonly A[],
  s: number,
  states: LabelIndex<S>,
  actions: LabelIndex<A>,
  builder: MdpBuilder<S, A>,
): number[] {
  const offered: number[] = [];
  for (const action of labels) {
    const a = actions.find(action);
    if (a >= 0) offered.push(a);
    else builder.issue(`feasible(${states.quote(s)})`, `has the unknown action ${describeValue(action)}`, expectedOf(actions), hintOf(actions, action).hint);
  }
  return offered.sort((x, y) => x - y);
}

type Fault = Pick<ModelIssue, "got" | "expected" | "hint">;

/** Emits the branches of one choice, up to the first that is none: the answer then says why. */
function emitBranches<S extends Label, A extends Label>(
  spec: MdpSpec<S, A>,
  state: S,
  action: A,
  states: LabelIndex<S>,
  builder: MdpBuilder<S, A>,
): Fault | undefined {
  const given: unknown = spec.transition(state, action);
  const pairs: unknown = typeof given === "string" || typeof given === "number" ? [[given, 1]] : given;
  if (!Array.isArray(pairs)) return { got: `is ${describeValue(given)}`, expected: "a state, or pairs [next, probability]" };
  for (const pair of pairs) {
    if (!(Array.isArray(pair) && pair.length === 2)) return { got: `has the entry ${describeValue(pair)}`, expected: "pairs [next, probability]" };
    const [next, probability] = pair as [S, unknown];
    const t = states.find(next);
    if (t < 0) return { got: `has the unknown successor ${describeValue(next)}`, expected: expectedOf(states), ...hintOf(states, next) };
    if (typeof probability !== "number") return { got: `gives ${states.quote(t)} the probability ${describeValue(probability)}`, expected: "a number" };
    builder.branch(t, probability, spec.reward(state, action, next));
  }
  return undefined;
}

function expectedOf<L extends Label>(labels: LabelIndex<L>): string {
  if (labels.isRange) return `an integer from 0 to ${labels.size - 1}`;
  const known = Array.from({ length: Math.min(8, labels.size) }, (_, i) => labels.name(i));
  return `one of ${known.join(", ")}${labels.size > 8 ? ", ..." : ""}`;
}

/** The label that may have been meant. */
function hintOf<L extends Label>(labels: LabelIndex<L>, label: unknown): { readonly hint?: string } {
  if (labels.isRange || typeof label !== "string") return {};
  const names = Array.from({ length: Math.min(1000, labels.size) }, (_, i) => labels.name(i));
  const near = nearest(label, names);
  return near === undefined ? {} : { hint: `did you mean ${JSON.stringify(near)}?` };
}

function terminalTest<S extends Label, A extends Label>(spec: MdpSpec<S, A>, states: LabelIndex<S>): (state: S) => boolean {
  const terminal = spec.terminal;
  if (terminal === undefined) return () => false;
  if (typeof terminal === "function") return terminal;
  const unknown = terminal.filter((label) => !states.has(label));
  if (unknown.length > 0) {
    throw new InvalidModelError(
      unknown.map((label) => ({ where: "terminal", got: `has the unknown state ${describeValue(label)}`, expected: expectedOf(states) })),
    );
  }
  const set = new Set<S>(terminal);
  return (state) => set.has(state);
}
