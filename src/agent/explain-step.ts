// Why this action: what the planner thought, what is optimal, what the choice costs, and the shield's word; in a sentence and as plain data.
import { OptionError } from "../errors.ts";
import type { Solution } from "../solvers/solution.ts";
import { probabilityText } from "./probability-text.ts";
import { type QBounds, qBounds } from "./q-bounds.ts";
import type { Shield } from "./shield.ts";

/** One moment of a run, before the step is taken. */
export interface Moment<S, A> {
  readonly state: S;
  readonly taken: A;
  /** What the planner named; undefined where no answer was usable. */
  readonly wanted: A | undefined;
  /** The planner's log-probabilities in choice order, where it gave some; null is minus infinity. */
  readonly scores?: readonly (number | null)[] | undefined;
  /** Who planned. */
  readonly planner?: string | undefined;
  /** As it stands at that moment. */
  readonly shield?: Pick<Shield<S, A>, "name" | "blocks" | "standing"> | undefined;
}

/** JSON has no infinities: they are text. */
export type JsonNumber = number | "Infinity" | "-Infinity";

/** A number known between two bounds. */
export interface Bounded {
  readonly value: JsonNumber;
  readonly lower: JsonNumber;
  readonly upper: JsonNumber;
}

/** What is known of one action. */
export interface ActionView {
  readonly action: string;
  /** The planner's share of it, where it scored the actions. */
  readonly prior?: number;
  /** The optimal Q. */
  readonly q: Bounded;
  /** What it costs against the best action, never negative; certified. */
  readonly regret: Bounded;
  /** The shield's reason against it. */
  readonly refused?: string;
}

/** Plain JSON. */
export interface StepExplanation {
  readonly state: string;
  /** Who planned. */
  readonly planner?: string;
  readonly taken: string;
  readonly wanted: string | null;
  /** In choice order. */
  readonly actions: readonly ActionView[];
  /** What the action taken costs in expected return, if everything after it is optimal: the step's part of the agent's regret. */
  readonly regret: Bounded;
  readonly shield?: { readonly name: string; readonly standing?: string };
  readonly sentence: string;
}

/**
 * Explains a step by the certified solution.
 *
 * @remarks The regret of a step is V*(s) − Q*(s,a) (Q* − V* under minimize), the advantage lost. Summed up along the way of a policy, in expectation, these are its whole
 *   regret (Kakade and Langford 2002, lemma 6.1). Bounds are those of the solution backed up once, rounded outwards.
 * @throws UnknownLabelError where the solution's model has no such state or choice; OptionError where there are not as many scores as choices.
 * @example
 * const { sentence } = explainStep(best, { state: "low", taken: "search", wanted: "search" });
 * await runAgent({ env, planner, explain: (moment) => explainStep(best, moment) }); // each step of the trace is explained
 */
export function explainStep<S, A>(solution: Solution<S, A>, moment: Moment<S, A>): StepExplanation {
  const { mdp } = solution;
  const { stateChoices, choiceAction } = mdp.storage;
  const { state, taken, wanted, scores, shield } = moment;
  const s = mdp.states.indexOf(state);
  const [from, to] = [stateChoices[s]!, stateChoices[s + 1]!];
  if (scores !== undefined && scores.length !== to - from)
    throw new OptionError("the number of scores", scores.length, `${to - from}, one a choice of ${mdp.states.quote(s)}`);
  const shares = scores === undefined ? undefined : sharesOf(scores);
  const bounds = Array.from({ length: to - from }, (_, i) => qBounds(solution, from + i));
  const actions = bounds.map((own, i): ActionView => {
    const action = mdp.actions.at(choiceAction[from + i]!);
    const refused = shield?.blocks(state, action);
    const share = shares?.[i];
    return {
      action: mdp.actions.name(choiceAction[from + i]!),
      ...(share === undefined ? {} : { prior: share }),
      q: bounded(solution.q.array[from + i]!, own),
      regret: regretOf(solution, from, i, bounds),
      ...(refused === undefined ? {} : { refused }),
    };
  });
  const view = (action: A): ActionView => {
    const found = actions[mdp.choice(state, action) - from];
    // `choice` throws for an action that the state does not offer.
    if (found === undefined) throw new OptionError("action", action, "a choice of the state");
    return found;
  };
  const own = view(taken);
  const said = {
    state: mdp.states.name(s),
    ...(moment.planner === undefined ? {} : { planner: moment.planner }),
    taken: own.action,
    wanted: wanted === undefined ? null : view(wanted).action,
    actions,
    regret: own.regret,
    ...(shield === undefined ? {} : { shield: { name: shield.name, ...(shield.standing === undefined ? {} : { standing: shield.standing }) } }),
  };
  return { ...said, sentence: sentenceOf(said) };
}

/** V*(s) − Q*(s,a) for the i-th choice: the best of all Q on one side, its own on the other. */
function regretOf<S, A>(solution: Solution<S, A>, from: number, i: number, bounds: readonly QBounds[]): Bounded {
  const sign = solution.objective === "minimize" ? -1 : 1;
  // For minimize everything is mirrored: what was the lower bound is the upper one.
  const mirrored = bounds.map(({ lower, upper }) => (sign > 0 ? { lower, upper } : { lower: -upper, upper: -lower }));
  const q = mirrored.map((_, k) => sign * solution.q.array[from + k]!);
  const own = mirrored[i];
  const rest = mirrored.filter((_, k) => k !== i);
  if (own === undefined || rest.length === 0) return { value: 0, lower: 0, upper: 0 };
  const over = (best: number, mine: number) => (best === mine ? 0 : Math.max(0, best - mine));
  const most = Math.max(...rest.map(({ upper }) => upper));
  const least = Math.max(...rest.map(({ lower }) => lower));
  return bounded(over(Math.max(...q), q[i] ?? Number.NaN), { lower: outwards(over(least, own.upper), -1), upper: outwards(over(most, own.lower), 1) });
}

/** A difference, past its own rounding; never below 0. */
function outwards(x: number, direction: 1 | -1): number {
  return x === 0 || !Number.isFinite(x) ? x : Math.max(0, x * (1 + direction * Number.EPSILON));
}

function bounded(value: number, { lower, upper }: QBounds): Bounded {
  return { value: json(value), lower: json(lower), upper: json(upper) };
}

function json(x: number): JsonNumber {
  return x === Infinity ? "Infinity" : x === -Infinity ? "-Infinity" : x;
}

function sharesOf(scores: readonly (number | null)[]): number[] {
  const logs = scores.map((score) => score ?? Number.NEGATIVE_INFINITY);
  const most = Math.max(...logs);
  const total = logs.reduce((sum, log) => sum + Math.exp(log - most), 0);
  return logs.map((log) => Math.exp(log - most) / total);
}

function sentenceOf({ taken, wanted, actions, regret, shield }: Omit<StepExplanation, "sentence">): string {
  const find = (name: string | null) => actions.find(({ action }) => action === name);
  const share = (name: string | null) => {
    const prior = find(name)?.prior;
    return prior === undefined ? "" : ` (${percent(prior)})`;
  };
  const refused = find(wanted)?.refused;
  const parts: string[] = [];
  if (wanted === null) parts.push(`No answer of the planner named an action; ${taken} was taken instead.`);
  else if (wanted === taken) parts.push(`The planner wanted ${taken}${share(taken)}, and it was taken.`);
  else if (refused === undefined) parts.push(`The planner wanted ${wanted}${share(wanted)}; ${taken}${share(taken)} was taken instead.`);
  else parts.push(`The planner wanted ${wanted}${share(wanted)}, but the shield refused: ${refused}. ${capital(taken)}${share(taken)} was taken instead.`);
  // What nobody can prove to be worse than the best.
  const best = actions.filter(({ regret: { lower } }) => lower === 0).map(({ action }) => action);
  const others = best.filter((action) => action !== taken);
  if (!best.includes(taken)) parts.push(`Optimal is ${best.join(" or ")}: the step costs ${costText(regret)} of the expected return.`);
  else
    parts.push(
      others.length === 0 ? "That is optimal." : `That is optimal as far as can be told, and so ${others.length === 1 ? "is" : "are"} ${others.join(", ")}.`,
    );
  if (shield?.standing !== undefined) parts.push(`${capital(shield.standing)}.`);
  return parts.join(" ");
}

function costText({ value, lower, upper }: Bounded): string {
  return number(lower) === number(upper) ? number(value) : `${number(value)} (proven: ${number(lower)} to ${number(upper)})`;
}

function number(x: JsonNumber): string {
  return typeof x === "number" ? probabilityText(x) : x;
}

function percent(x: number): string {
  return `${Number((100 * x).toPrecision(2))}%`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
