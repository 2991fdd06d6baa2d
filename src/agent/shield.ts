// Safety: a shield says which actions may not be taken in a state; the loop reports and replaces a blocked one.
import { OptionError } from "../errors.ts";
import { defaultKey } from "../mdp/index.ts";
import type { Solution } from "../solvers/solution.ts";

/**
 * A predicate on (state, action), with a reason. A shield that carries something along a run (`RiskShield`) is told how it goes by `begin` and `took`.
 *
 * @example
 * const noLeft: Shield<string, string> = { name: "no-left", blocks: (_, action) => (action === "left" ? "left is closed" : undefined) };
 */
export interface Shield<S, A> {
  /** Shown in traces. */
  readonly name: string;
  /** Why the action may not be taken in the state, or undefined where it may. */
  blocks(state: S, action: A): string | undefined;
  /** The safest of some actions that are not blocked; the first of them where left out. */
  safest?(state: S, allowed: readonly A[]): A | undefined;
  /** A run starts in a state. */
  begin?(state: S): void;
  /** An action was taken and led to a state. */
  took?(state: S, action: A, next: S): void;
  /** One line on where the run stands. */
  readonly standing?: string | undefined;
}

/** What a shield decided on a step. */
export interface ShieldDecision {
  readonly shield: string;
  readonly blocked: string;
  readonly reason: string;
  /** What it allows instead, by name; empty where it allows nothing. */
  readonly allowed: readonly string[];
}

/**
 * Forbids the listed pairs, everywhere the same: `[state, action]`.
 *
 * @example
 * listShield([["cliff edge", "down"]]);
 */
export function listShield<S, A>(forbidden: readonly (readonly [state: S, action: A])[], name = "list"): Shield<S, A> {
  const pairs = new Set(forbidden.map(([state, action]) => pairKey(state, action)));
  return {
    name,
    blocks: (state, action) => (pairs.has(pairKey(state, action)) ? "forbidden by the list" : undefined),
  };
}

/**
 * Forbids choices whose exact Q is more than `margin` (in rewards) worse than the state's best.
 *
 * @throws OptionError unless margin >= 0.
 * @example
 * valueShield(await solve(maze), { margin: 0.05 });
 */
export function valueShield<S, A>(
  solution: Pick<Solution<S, A>, "q" | "objective">,
  options: { readonly margin: number; readonly name?: string },
): Shield<S, A> {
  const { margin, name = "value" } = options;
  if (!(margin >= 0)) throw new OptionError("margin", margin, "a number of at least 0");
  const sign = solution.objective === "minimize" ? -1 : 1;
  const goodness = (state: S): Map<A, number> => new Map([...solution.q.row(state)].map(([action, q]) => [action, sign * q]));
  return {
    name,
    blocks: (state, action) => {
      const row = goodness(state);
      const own = row.get(action);
      if (own === undefined) return "not a choice of the model";
      const loss = difference(Math.max(...row.values()), own);
      return loss > margin ? `loses ${round(loss)} against the best action, more than ${round(margin)}` : undefined;
    },
    safest: (state, allowed) => bestOf(allowed, goodness(state)),
  };
}

/**
 * Forbids choices after which the probability of harm may exceed `limit`, even if all that follows is as careful as can be.
 * Takes the solution of `harmModel(mdp, harmful)`; half its gap is added, so that the bound is on the safe side.
 * Where every choice is over the limit, the least harmful ones stay allowed: an agent must act. It looks at each step alone: small risks add up over a run.
 * For a promise on the whole run see `riskShield`.
 *
 * @remarks This is the shield of Alshiekh et al., "Safe Reinforcement Learning via Shielding" (2018), in the probabilistic
 *   form of Jansen et al., "Safe Reinforcement Learning Using Probabilistic Shields" (2020).
 * @throws OptionError unless 0 <= limit <= 1.
 * @example
 * const risk = await solve(harmModel(lake, (cell) => holes.has(cell)));
 * harmShield(risk, { limit: 0.01 });
 */
export function harmShield<S, A>(risk: Pick<Solution<S, A>, "q" | "gap">, options: { readonly limit: number; readonly name?: string }): Shield<S, A> {
  const { limit, name = "harm" } = options;
  if (!(limit >= 0 && limit <= 1)) throw new OptionError("limit", limit, "a probability from 0 to 1");
  const slack = risk.gap / 2;
  return {
    name,
    blocks: (state, action) => {
      const row = risk.q.row(state);
      const own = row.get(action);
      if (own === undefined) return "not a choice of the model";
      const least = Math.min(...row.values());
      return own + slack > limit && own > least ? `probability of harm up to ${round(Math.min(1, own + slack))}, more than ${round(limit)}` : undefined;
    },
    safest: (state, allowed) => bestOf(allowed, new Map([...risk.q.row(state)].map(([action, harm]) => [action, -harm]))),
  };
}

/**
 * Blocks what any of the shields blocks, the first reason counting; the first one's choice is the safest. Together they may allow nothing where each allows something.
 */
export function allShields<S, A>(shields: readonly Shield<S, A>[], name: string = shields.map((shield) => shield.name).join("+")): Shield<S, A> {
  return {
    name,
    blocks: (state, action) => {
      for (const shield of shields) {
        const reason = shield.blocks(state, action);
        if (reason !== undefined) return reason;
      }
      return undefined;
    },
    safest: (state, allowed) => shields.find((shield) => shield.safest !== undefined)?.safest?.(state, allowed),
    begin: (state) => {
      for (const shield of shields) shield.begin?.(state);
    },
    took: (state, action, next) => {
      for (const shield of shields) shield.took?.(state, action, next);
    },
    get standing() {
      const lines = shields.flatMap((shield) => shield.standing ?? []);
      return lines.length === 0 ? undefined : lines.join("; ");
    },
  };
}

function pairKey(state: unknown, action: unknown): string {
  return JSON.stringify([defaultKey(state), defaultKey(action)]);
}

/** best - own, 0 also where both are the same infinity. */
function difference(best: number, own: number): number {
  return best === own ? 0 : best - own;
}

function bestOf<A>(allowed: readonly A[], goodness: ReadonlyMap<A, number>): A | undefined {
  let best: A | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const action of allowed) {
    const g = goodness.get(action);
    if (g !== undefined && (best === undefined || g > most)) {
      best = action;
      most = g;
    }
  }
  return best;
}

function round(x: number): string {
  return String(Number(x.toPrecision(4)));
}
