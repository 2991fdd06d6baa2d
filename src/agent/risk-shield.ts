// The shield with a risk budget: whatever the agent wants, harm in the whole run stays as improbable as promised.
import { EnvProtocolError, OptionError } from "../errors.ts";
import { ChoiceTable, findChoice, type InitialDistribution, type Mdp, rowOf, StateTable } from "../mdp/index.ts";
import type { Policy } from "../policies/policy.ts";
import { probabilityText, textsApart } from "./probability-text.ts";
import { BudgetGrid } from "./risk/budget-grid.ts";
import { harmBounds } from "./risk/harm-bounds.ts";
import { RiskRules } from "./risk/risk-rules.ts";
import type { Shield } from "./shield.ts";

export interface RiskShieldOptions<S, A> {
  /** The states that must not be reached. */
  readonly harmful: (state: S) => boolean;
  /** δ: the largest probability with which a run may ever reach one. */
  readonly limit: number;
  /** A deterministic policy to keep affordable: slack goes first to where following it would risk something. Default: to all successors alike. */
  readonly towards?: Policy<S, A> | undefined;
  /** Budgets are rounded down to multiples of limit / steps. Default 1,024. */
  readonly steps?: number | undefined;
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a shield with a risk budget says of one action. */
export interface RiskVerdict<A> {
  readonly action: A;
  readonly allowed: boolean;
  /** What the action risks at least, however careful all that follows is; from above. */
  readonly needs: number;
  /** Why it is refused. */
  readonly reason: string | undefined;
}

/**
 * Computes a shield that keeps the probability of ever reaching harm, over the whole run and whatever the agent does, at most `limit`.
 *
 * @remarks A run starts with the budget δ. An action is allowed if what it risks at least, Σ P·u, is within what is left; what is left is then shared out over the
 *   successors so that what is expected to remain never exceeds it. So the probability of harm stays within δ for every agent, also one that has memory, is
 *   random, or means ill. u is inductive, so an allowed action always exists. The promise holds for the transitions of `mdp`: where the world differs, it
 *   does not, and a step that the model declares impossible is noticed (`standing`). Shields: Alshiekh et al. 2018, Jansen et al. 2020, both step by step;
 *   a budget for the whole run as in risk-constrained MDPs: Altman 1999, Chow et al. 2018. See docs/shield.md.
 * @throws OptionError where the limit is below the least possible harm (the message has its interval), or the model has no `initial`; ShapeError; the signal's reason.
 * @example
 * const shield = await riskShield(lake, { harmful: (cell) => holes.has(cell), limit: 0.1 });
 * await runAgent({ env: toEnv(lake), planner, shield });
 */
export async function riskShield<S, A>(mdp: Mdp<S, A>, options: RiskShieldOptions<S, A>): Promise<RiskShield<S, A>> {
  const { limit, steps = 1024, towards, signal } = options;
  if (!(limit >= 0 && limit <= 1)) throw new OptionError("limit", limit, "a probability from 0 to 1");
  if (!(Number.isInteger(steps) && steps >= 1 && steps <= 2 ** 24)) throw new OptionError("steps", steps, `an integer from 1 to ${2 ** 24}`);
  const { initial, states } = mdp;
  if (initial === undefined) throw new OptionError("mdp.initial", undefined, "where runs start", "mdp.with({ initial }) adds it.");
  if (towards !== undefined && !towards.isDeterministic) throw new OptionError("towards", "a stochastic policy", "a deterministic one");
  const harmful = Uint8Array.from(states, (state) => (options.harmful(state) ? 1 : 0));
  const bounds = await harmBounds(mdp, harmful, { epsilon: Math.max(1e-13, Math.min(1e-9, limit * 2 ** -20)), policy: towards, signal });
  const rules = new RiskRules(bounds, new BudgetGrid(bounds, limit, steps));
  const shares = rules.startShares(initial.state, initial.probability, limit);
  if (shares === undefined) throw refusal(limit, initial.probability, initial.state, bounds);
  return new RiskShield(mdp, rules, limit, initial, shares, options.name ?? "risk budget");
}

function refusal(
  limit: number,
  probability: Float64Array,
  state: Int32Array,
  { lower, least }: { readonly lower: Float64Array; readonly least: Float64Array },
): OptionError {
  const over = (bound: Float64Array) => state.reduce((sum, s, i) => sum + probability[i]! * bound[s]!, 0);
  const [low, high] = [over(lower), over(least)];
  return new OptionError(
    "limit",
    limit,
    `at least the least probability of harm from the start, which lies in [${low}, ${high}] whatever the agent does`,
    `with limit: ${Math.min(1, Number((high * (1 + 2 ** -40)).toPrecision(12)) * (1 + 1e-11))} there is an agent that keeps it.`,
  );
}

/** What `riskShield` answers. It follows one run at a time: `begin`, then `took` after each step; `runAgent` calls them. */
export class RiskShield<S, A> implements Shield<S, A> {
  readonly name: string;
  readonly mdp: Mdp<S, A>;
  /** δ. */
  readonly limit: number;
  /** The probability of harm from each state that careful acting keeps to: a certified upper bound, the u of the rules. */
  readonly least: StateTable<S>;
  /** The probability of harm from each state that no way of acting exceeds: a certified upper bound. */
  readonly most: StateTable<S>;
  /** What each choice risks at least, however careful all that follows is: certified upper bounds. */
  readonly needs: ChoiceTable<S, A>;
  /** The rules by index, for `guardedProcess`. */
  readonly rules: RiskRules;
  /** The budget of each start, by state index, in the order of `startProbability`. */
  readonly starts: ReadonlyMap<number, number>;
  readonly startProbability: Float64Array;
  #at: { readonly state: number; readonly budget: number } | undefined;
  #note: string | undefined;

  /** Use `riskShield`. */
  constructor(mdp: Mdp<S, A>, rules: RiskRules, limit: number, start: InitialDistribution, budgets: Float64Array, name: string) {
    this.name = name;
    this.mdp = mdp;
    this.limit = limit;
    this.rules = rules;
    this.starts = new Map(Array.from(start.state, (state, i) => [state, budgets[i]!]));
    this.startProbability = start.probability;
    this.least = new StateTable(mdp.states, rules.bounds.least);
    this.most = new StateTable(mdp.states, rules.bounds.most);
    this.needs = new ChoiceTable(mdp.states, mdp.actions, mdp.storage, () => Float64Array.from({ length: mdp.choiceCount }, (_, c) => rules.needs(c)));
  }

  /** What is promised, and on what condition. */
  get promise(): string {
    return `a run reaches harm with probability at most ${probabilityText(this.limit)}, whatever the agent does, as long as the world is the given model of ${this.mdp.stateCount} states`;
  }

  /** What is left of the budget in the current state; undefined before `begin`. */
  get budget(): number | undefined {
    return this.#at?.budget;
  }

  /** Why the promise does not hold for this run any more; undefined as long as it does. */
  get broken(): string | undefined {
    return this.#note;
  }

  /** One line on where the run stands. */
  get standing(): string {
    if (this.#at === undefined) return this.promise;
    const { state, budget } = this.#at;
    if (this.#note !== undefined) return this.#note;
    if (this.rules.bounds.harmful[state] === 1) return "harm has come; nothing is left to guard";
    if (budget >= this.rules.bounds.most[state]!) return `nothing that can be done from here risks more than the ${probabilityText(budget)} left`;
    return `harm from here on has probability at most ${probabilityText(budget)}`;
  }

  /** A run starts. @throws UnknownLabelError; EnvProtocolError for a state the model does not start in. */
  begin(state: S): void {
    const s = this.mdp.states.indexOf(state);
    const budget = this.starts.get(s);
    if (budget === undefined) {
      throw new EnvProtocolError(
        `the run starts in ${this.mdp.states.quote(s)}, expected one of the model's initial states, for which alone the budget was computed.`,
        { hint: "mdp.with({ initial }) makes it one." },
      );
    }
    this.#note = undefined;
    this.#at = { state: s, budget };
  }

  /**
   * A step was taken. Where the model declares it impossible, or the action was refused, the promise is broken: the shield says so and is as careful as can be
   * from then on.
   */
  took(state: S, action: A, next: S): void {
    const { state: s, budget } = this.#standingIn(state);
    const { storage, states } = this.mdp;
    const t = states.indexOf(next);
    const c = findChoice(storage, s, this.mdp.actions.indexOf(action));
    const refused = c >= 0 && !this.rules.affords(s, c, budget);
    const share = c < 0 || refused ? undefined : this.#shareOf(c, t, budget);
    if (share === undefined) {
      this.#note = `the promise is broken: ${refused ? `${this.#actionName(action)} was taken in ${states.name(s)} although it was refused` : `the model declares a step from ${states.name(s)} to ${states.name(t)} by ${this.#actionName(action)} impossible`}`;
    }
    this.#at = { state: t, budget: share ?? this.rules.bounds.least[t]! };
  }

  blocks(state: S, action: A): string | undefined {
    return this.verdict(state, action).reason;
  }

  /** The word on one action of the current state. */
  verdict(state: S, action: A): RiskVerdict<A> {
    const { state: s, budget } = this.#standingIn(state);
    const c = findChoice(this.mdp.storage, s, this.mdp.actions.indexOf(action));
    if (c < 0) return { action, allowed: false, needs: 1, reason: "not a choice of the model" };
    const needs = this.rules.needs(c);
    if (this.rules.affords(s, c, budget)) return { action, allowed: true, needs, reason: undefined };
    const [risk, left] = textsApart(needs, budget);
    return {
      action,
      allowed: false,
      needs,
      reason: `it risks harm with probability ${risk} however careful all that follows is, and ${left} is left of the ${probabilityText(this.limit)} for the whole run`,
    };
  }

  /** The allowed action that risks least. */
  safest(state: S, allowed: readonly A[]): A | undefined {
    const { state: s } = this.#standingIn(state);
    let best: A | undefined;
    let least = Infinity;
    for (const action of allowed) {
      const needs = this.rules.needs(this.mdp.choice(this.mdp.states.at(s), action));
      if (!(needs < least)) continue;
      best = action;
      least = needs;
    }
    return best;
  }

  #standingIn(state: S): { readonly state: number; readonly budget: number } {
    const s = this.mdp.states.indexOf(state);
    if (this.#at === undefined || this.#at.state !== s) {
      const stands = this.#at === undefined ? "no run has begun" : `the run stands in ${this.mdp.states.quote(this.#at.state)}`;
      throw new EnvProtocolError(`the shield is asked about ${this.mdp.states.quote(s)}, but ${stands}.`, {
        hint: "a budget is carried along: call begin at the start of a run and took after each step.",
      });
    }
    return this.#at;
  }

  /** The budget of a successor; undefined where the choice cannot lead there. An ended branch into the same state needs none. */
  #shareOf(choice: number, next: number, budget: number): number | undefined {
    const { storage } = this.mdp;
    const from = storage.rowBranches[rowOf(storage, choice)]!;
    const shares = this.rules.shares(choice, budget);
    let ended: number | undefined;
    for (let i = 0; i < shares.length; i++) {
      const target = storage.target[from + i]!;
      if (target === next) return shares[i]!;
      if (target === storage.stateCount && storage.arrival?.[from + i] === next) ended = shares[i]!;
    }
    return ended;
  }

  #actionName(action: A): string {
    return this.mdp.actions.name(this.mdp.actions.indexOf(action));
  }
}
