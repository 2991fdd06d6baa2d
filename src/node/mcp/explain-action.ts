// Why an action, or why not: optimal values with their certified tolerance, and what one step of it loses.
import { OptionError } from "../../errors.ts";
import type { Label } from "../../mdp/index.ts";
import type { Solution } from "../../solvers/index.ts";
import { short } from "../format-number.ts";

/** One action of a state, certified. */
export interface ActionValue {
  readonly action: string;
  /** What is expected if it is taken once and all that follows is optimal. */
  readonly q: number;
  /** V* - Q* (Q* - V* under minimize): what taking it once loses, at least and at most. */
  readonly regret: { readonly least: number; readonly most: number };
  /** `yes`, `no`, or `open` where the tolerance leaves it so. */
  readonly optimal: "yes" | "no" | "open";
}

export interface ActionExplanation {
  readonly state: string;
  readonly asked: string;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** Every q is within this of the true one. */
  readonly tolerance: number;
  /** Best first. */
  readonly actions: readonly ActionValue[];
  readonly sentence: string;
}

/**
 * Explains an action of a state; without one, the optimal policy's.
 *
 * @remarks `q` is one backup of `value`, and both lie within the solution's gap of the truth (half of it, and what rounding adds): so the regret of an action lies
 *   within twice the gap of the difference shown.
 * @throws OptionError for a terminal state, or an action not offered there.
 */
export function explainAction(solution: Solution<Label, Label>, state: number, action?: number): ActionExplanation {
  const { mdp, bounds, gap, objective } = solution;
  const { stateChoices, choiceAction } = mdp.storage;
  const from = stateChoices[state]!;
  const to = stateChoices[state + 1]!;
  const name = mdp.states.name(state);
  if (from === to) throw new OptionError("state", name, "a state with choices: the episode is over in a terminal one");
  const sign = objective === "minimize" ? -1 : 1;
  const choices = Array.from({ length: to - from }, (_, i) => from + i);
  const taken = action === undefined ? solution.policy.modeAt(state) : choices.find((c) => choiceAction[c] === action);
  if (taken === undefined)
    throw new OptionError(
      "action",
      action === undefined ? undefined : mdp.actions.name(action),
      `one of ${choices.map((c) => mdp.actions.name(choiceAction[c]!)).join(", ")} in state ${name}`,
    );
  const q = solution.q.array;
  const best = Math.max(...choices.map((c) => sign * q[c]!));
  const tolerance = gap;
  const actions = choices
    .map((c): ActionValue & { readonly choice: number } => {
      const shown = best === sign * q[c]! ? 0 : best - sign * q[c]!;
      const regret = { least: Math.max(0, shown - 2 * tolerance), most: shown + 2 * tolerance };
      const others = choices.filter((other) => other !== c).map((other) => sign * q[other]!);
      const surely = others.every((other) => sign * q[c]! - other > 2 * tolerance);
      return { choice: c, action: mdp.actions.name(choiceAction[c]!), q: q[c]!, regret, optimal: regret.least > 0 ? "no" : surely ? "yes" : "open" };
    })
    .toSorted((a, b) => a.regret.most - b.regret.most);
  const asked = actions.find(({ choice }) => choice === taken);
  if (asked === undefined) throw new OptionError("action", action, "an action of the state");
  return {
    state: name,
    asked: asked.action,
    value: solution.value.array[state]!,
    lower: bounds.lower.array[state]!,
    upper: bounds.upper.array[state]!,
    tolerance,
    actions: actions.map(({ choice: _, ...rest }) => rest),
    sentence: inASentence(name, asked, actions, tolerance),
  };
}

function inASentence(state: string, asked: ActionValue, ranked: readonly ActionValue[], tolerance: number): string {
  const within = `each value within ${short(tolerance, 2)} of the true one`;
  const [first, second] = ranked;
  if (ranked.length === 1) return `In ${state} there is nothing but ${asked.action}, worth ${short(asked.q)} (${within}).`;
  if (asked.optimal === "no" && first !== undefined)
    return `In ${state}, ${asked.action} is not optimal: it is worth ${short(asked.q)}, ${first.action} ${short(first.q)}, so taking it once loses at least ${short(asked.regret.least)} (${within}).`;
  const rival = first?.action === asked.action ? second : first;
  const compared = rival === undefined ? "" : `, the next best, ${rival.action}, ${short(rival.q)}`;
  if (asked.optimal === "yes") return `In ${state}, ${asked.action} is optimal: it is worth ${short(asked.q)}${compared} (${within}).`;
  return `In ${state}, ${asked.action} is worth ${short(asked.q)}${compared}: no worse than any other as far as is proven (${within}).`;
}
