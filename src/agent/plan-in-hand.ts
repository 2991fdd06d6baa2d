// A plan being carried out: its next step as long as reality is as the plan expected, else the reason to plan anew.
import type { Mdp } from "../mdp/index.ts";
import { checkPlan, type PlanCheck } from "./check-plan.ts";
import type { Offer } from "./offer.ts";
import type { Plan } from "./plan.ts";
import type { Shield } from "./shield.ts";
import type { TracePlan } from "./trace.ts";

export interface PlanOptions {
  /** The longest plan, in steps. Default 16. */
  readonly most?: number | undefined;
  /**
   * When a plan is given up: `deviation` (default), as soon as a step did not lead to where it most probably does; `impossible`, only when the rest can no
   * longer be carried out.
   */
  readonly replan?: "deviation" | "impossible" | undefined;
}

/** How a run treats plans. */
export interface PlanRules<S, A> {
  readonly most: number;
  readonly replan: "deviation" | "impossible";
  /** What plans are checked against; undefined: they are checked step by step, by what is offered. */
  readonly model: Mdp<S, A> | undefined;
  readonly shield: Shield<S, A> | undefined;
}

/** Whether a plan may be begun. Without a model nothing is known but its first step. */
export function checkBeforehand<S, A>(rules: PlanRules<S, A>, state: number, plan: Plan): PlanCheck | undefined {
  return rules.model === undefined ? undefined : checkPlan(rules.model, state, plan, rules.shield);
}

/** The steps left of an accepted plan. */
export class PlanInHand<S, A> {
  readonly #rules: PlanRules<S, A>;
  readonly #plan: Plan;
  readonly #names: readonly string[];
  readonly #reach: string | undefined;
  readonly #expected: Int32Array | undefined;
  /** How many steps have been taken. */
  #taken = 0;

  /** `names`: the actions as text, by index; `reach`: the name of the state the plan claims to end in. */
  constructor(rules: PlanRules<S, A>, plan: Plan, check: PlanCheck | undefined, names: readonly string[], reach: string | undefined) {
    this.#rules = rules;
    this.#plan = plan;
    this.#expected = check?.expected;
    this.#names = plan.actions.map((a) => names[a] ?? String(a));
    this.#reach = reach;
  }

  get over(): boolean {
    return this.#taken >= this.#plan.actions.length;
  }

  /** What the trace holds of the step about to be taken. */
  get record(): TracePlan {
    return { actions: this.#names, at: this.#taken, ...(this.#reach === undefined ? {} : { reach: this.#reach }) };
  }

  /** The next step was taken. */
  took(): void {
    this.#taken++;
  }

  /** The offer that the plan goes on with here, or why it does not. */
  next(state: number, label: S, offers: readonly Offer<A>[]): { readonly offer: Offer<A> } | { readonly reason: string } {
    const { model, shield, replan } = this.#rules;
    const rest = { actions: this.#plan.actions.slice(this.#taken), reach: this.#plan.reach };
    const expected = this.#taken === 0 ? undefined : this.#expected?.[this.#taken - 1];
    if (model !== undefined && replan === "deviation" && expected !== undefined && expected !== state)
      return {
        reason: `the plan expected to be in ${expected < 0 ? "no further state" : model.states.name(expected)} now, not in ${model.states.name(state)}`,
      };
    const check = checkBeforehand(this.#rules, state, rest);
    if (check?.possible === false) return { reason: `the rest of the plan is no longer possible: ${check.reason}` };
    const [action] = rest.actions;
    const offer = offers.find((candidate) => candidate.index === action);
    if (offer === undefined) return { reason: `${this.#names[this.#taken] ?? "the next step"} is not offered here` };
    const blocked = shield?.blocks(label, offer.action);
    return blocked === undefined ? { offer } : { reason: `${offer.name} is blocked: ${blocked}` };
  }
}
