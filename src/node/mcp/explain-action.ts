// Why an action, or why not: `explainStep`'s certified numbers, for a reader who has no agent but asks about an action.
import { type ActionView, explainStep, type JsonNumber } from "../../agent/index.ts";
import { OptionError } from "../../errors.ts";
import type { Label } from "../../mdp/index.ts";
import type { Solution } from "../../solvers/index.ts";
import { short } from "../format-number.ts";

export interface ActionExplanation {
  readonly state: string;
  readonly asked: string;
  /** `yes` and `no` are proven; `open` is what the bounds leave so. */
  readonly optimal: "yes" | "no" | "open";
  /** All actions of the state, best first: the optimal Q and what taking it once costs, each with bounds. */
  readonly actions: readonly ActionView[];
  readonly sentence: string;
}

/**
 * Explains an action of a state index; without one, the optimal policy's.
 *
 * @throws OptionError for a terminal state; UnknownLabelError for an action that is not offered there.
 */
export function explainAction(solution: Solution<Label, Label>, state: number, action?: number): ActionExplanation {
  const { mdp, policy, objective } = solution;
  const label = mdp.states.at(state);
  const best = policy.action(label);
  if (best === null) throw new OptionError("state", label, "a state with choices: the episode is over in a terminal one");
  const taken = action === undefined ? best : mdp.actions.at(action);
  const { state: name, taken: asked, actions } = explainStep(solution, { state: label, taken, wanted: taken });
  const sign = objective === "minimize" ? -1 : 1;
  const ranked = actions.toSorted((a, b) => (a.q.value === b.q.value ? 0 : sign * (Number(b.q.value) - Number(a.q.value))));
  const own = ranked.find((view) => view.action === asked);
  if (own === undefined) throw new OptionError("action", asked, "an action of the state");
  const optimal = Number(own.regret.lower) > 0 ? "no" : own.regret.upper === 0 ? "yes" : "open";
  return { state: name, asked, optimal, actions: ranked, sentence: inASentence(name, own, optimal, ranked) };
}

function inASentence(state: string, own: ActionView, optimal: "yes" | "no" | "open", ranked: readonly ActionView[]): string {
  const rival = ranked.find((view) => view !== own);
  if (rival === undefined) return `In ${state} there is nothing but ${own.action}, worth ${number(own.q.value)}.`;
  if (optimal === "no")
    return `In ${state}, ${own.action} is not optimal: it is worth ${number(own.q.value)}, ${rival.action} ${number(rival.q.value)}; taking it once costs at least ${number(own.regret.lower)}, proven.`;
  const compared = `it is worth ${number(own.q.value)}, the next best, ${rival.action}, ${number(rival.q.value)}`;
  if (optimal === "yes") return `In ${state}, ${own.action} is optimal, proven: ${compared}.`;
  return `In ${state}, no action is proven to be better than ${own.action}: ${compared}; taking it once costs at most ${number(own.regret.upper)}.`;
}

function number(x: JsonNumber): string {
  return typeof x === "number" ? short(x) : x;
}
