// A model from dense nested arrays, as small examples in books and papers are written.
import { OptionError, ShapeError } from "../errors.ts";
import { labelIndex } from "./build.ts";
import { MdpBuilder } from "./builder.ts";
import { checkDiscount, checkObjective, Mdp, type Objective } from "./mdp.ts";
import { terminalFlags } from "./terminal-states.ts";

type Matrix = readonly (readonly number[])[];

export interface DenseModel {
  /** Probabilities, `[state][action][next]`, or `[action][state][next]` with `order: "action-first"`. */
  readonly transition: readonly Matrix[];
  /** R(s) as `[state]`, R(s,a) as `[state][action]`, or R(s,a,s') in the shape of `transition`. -Infinity (maximize) or Infinity (minimize) as R(s,a) also makes a choice infeasible. */
  readonly reward: readonly number[] | Matrix | readonly Matrix[];
  /** How `transition` (and a three-dimensional `reward`) are nested. Default "state-first". */
  readonly order?: "state-first" | "action-first";
  readonly discount?: number;
  readonly objective?: Objective;
  /** Terminal state indices; their rows are not read. */
  readonly terminal?: readonly number[];
  readonly normalize?: boolean;
}

/**
 * A model from dense arrays. A row of zeros is an infeasible choice.
 *
 * @throws ShapeError where nesting or lengths differ; InvalidModelError; OptionError.
 * @example
 * // Puterman (1994), section 3.1
 * const mdp = fromDense({ transition: [[[0.5, 0.5], [0, 1]], [[0, 1]]], reward: [[5, 10], [-1]], discount: 0.95 });
 */
export function fromDense(model: DenseModel): Mdp {
  const { order = "state-first", transition } = model;
  if (order !== "state-first" && order !== "action-first") throw new OptionError("order", order, '"state-first" or "action-first"');
  if (model.discount !== undefined) checkDiscount(model.discount);
  if (model.objective !== undefined) checkObjective(model.objective);
  const outer = transition.length;
  const inner = transition.reduce((widest, rows) => Math.max(widest, rows.length), 0);
  if (inner === 0) throw new ShapeError("transition is empty, expected at least one state and one action.");
  const actionFirst = order === "action-first";
  const [states, actions] = actionFirst ? [inner, outer] : [outer, inner];
  const row = (s: number, a: number) => (actionFirst ? transition[a]?.[s] : transition[s]?.[a]);
  const rewardOf = rewardReader(model.reward, states, actions, actionFirst);
  const terminal = terminalFlags(states, model.terminal);
  const infeasible = model.objective === "minimize" ? Infinity : -Infinity;
  const stateLabels = labelIndex<number>("state", states);
  const actionLabels = labelIndex<number>("action", actions);
  const builder = new MdpBuilder(stateLabels, actionLabels, { normalize: model.normalize });
  for (let s = 0; s < states; s++) {
    builder.state();
    if (terminal[s] === 1) {
      builder.terminal();
      continue;
    }
    for (let a = 0; a < actions; a++) {
      const probabilities = row(s, a);
      if (probabilities === undefined || probabilities.every((p) => p === 0)) continue;
      if (probabilities.length !== states)
        throw new ShapeError(`transition of state ${s}, action ${a} has ${probabilities.length} entries, expected ${states}, one a state.`);
      const reward = rewardOf(s, a);
      if (reward === infeasible) continue;
      const byBranch = typeof reward !== "number";
      builder.choice(a, byBranch ? Number.NaN : reward);
      for (const [next, p] of probabilities.entries()) if (p !== 0) builder.branch(next, p, byBranch ? reward[next] : Number.NaN);
    }
  }
  return new Mdp({ states: stateLabels, actions: actionLabels, storage: builder.finish(), discount: model.discount, objective: model.objective });
}

/** Reads R(s), R(s,a) as a number or R(s,a,·) as an array, whichever was given. */
function rewardReader(
  reward: DenseModel["reward"],
  states: number,
  actions: number,
  actionFirst: boolean,
): (s: number, a: number) => number | readonly number[] {
  const cube = reward.some((entry) => Array.isArray(entry) && Array.isArray(entry[0]));
  const expected = cube && actionFirst ? actions : states;
  if (reward.length !== expected)
    throw new ShapeError(`reward has ${reward.length} entries, expected ${expected}, one a${cube && actionFirst ? "n action" : " state"}.`);
  return (s, a) => {
    const [first, second] = cube && actionFirst ? [a, s] : [s, a];
    const entry = reward[first];
    if (typeof entry === "number") return entry;
    const most = cube && actionFirst ? states : actions;
    if (entry !== undefined && entry.length > most) throw new ShapeError(`reward[${first}] has ${entry.length} entries, expected at most ${most}.`);
    const value = entry?.[second];
    if (value === undefined)
      throw new ShapeError(`reward of state ${s}, action ${a} is missing, expected a number at R[s], R[s][a] or in the shape of transition.`);
    if (typeof value !== "number" && value.length !== states)
      throw new ShapeError(`reward of state ${s}, action ${a} has ${value.length} entries, expected ${states}, one a state.`);
    return value;
  };
}
