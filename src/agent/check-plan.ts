// A plan against the model: can it be carried out at all, how probably in full, and where should each step lead.
import { arrivalOf, findChoice, type Mdp, rowOf } from "../mdp/index.ts";
import type { Plan } from "./plan.ts";
import type { Shield } from "./shield.ts";

/** What the model says of a plan. */
export interface PlanCheck {
  /** False: by the model it cannot be carried out, or cannot end where it says. Such a plan is never begun. */
  readonly possible: boolean;
  /** The probability that every step can be taken, or the episode ends before (and, where the plan says so, that it ends where it says). */
  readonly probability: number;
  /** Why it is not possible. */
  readonly reason: string | undefined;
  /** The state each step leads to if every step goes the likeliest way; -1 where that way does not come so far. */
  readonly expected: Int32Array;
}

/**
 * Follows a plan through the model, all ways at once.
 *
 * A step that no state it could come to offers, or that the shield blocks in all of them, makes the plan impossible; so does a claim on where
 * it ends that has probability 0.
 *
 * @example
 * checkPlan(maze, 0, { actions: [3, 3, 1], reach: undefined }).possible;
 */
export function checkPlan<S, A>(mdp: Mdp<S, A>, start: number, plan: Plan, shield?: Shield<S, A>): PlanCheck {
  const expected = likeliestWay(mdp, start, plan.actions);
  let live = new Map([[start, 1]]);
  const over = new Map<number, number>();
  for (const [k, action] of plan.actions.entries()) {
    const next = new Map<number, number>();
    let obstacle: string | undefined;
    for (const [state, mass] of live) {
      const found = findChoice(mdp.storage, state, action);
      // A shield that carries something along a run can only speak for where the run stands.
      const speaks = k === 0 || shield?.took === undefined ? shield : undefined;
      const why = found < 0 ? `state ${mdp.states.quote(state)} does not offer it` : speaks?.blocks(mdp.states.at(state), mdp.actions.at(action));
      if (why === undefined) spread(mdp, found, mass, next, over);
      else obstacle ??= why;
    }
    if (next.size === 0 && over.size === 0)
      return impossible(expected, `step ${k + 1}, ${mdp.actions.quote(action)}, cannot be taken: ${obstacle ?? "no state is left"}`);
    live = next;
    if (live.size === 0) break;
  }
  if (plan.reach !== undefined) {
    const reached = probabilityOf(live, plan.reach) + probabilityOf(over, plan.reach);
    if (reached === 0) return impossible(expected, `it cannot end in state ${mdp.states.quote(plan.reach)}, but in ${listed(mdp, live, over)}`);
    return { possible: true, probability: reached, reason: undefined, expected };
  }
  return { possible: true, probability: total(live) + total(over), reason: undefined, expected };
}

/** Where a choice goes and whether the model knows of it at all. @returns undefined where (state, action, next, ended) can happen, else why not. */
export function surpriseIn<S, A>(mdp: Mdp<S, A>, state: number, action: number, next: number, terminated: boolean): string | undefined {
  const { storage, states, actions } = mdp;
  const choice = findChoice(storage, state, action);
  const where = `${actions.quote(action)} in state ${states.quote(state)}`;
  if (choice < 0) return `the model does not offer ${where}`;
  const row = rowOf(storage, choice);
  let enters = false;
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
    if (arrivalOf(storage, b) !== next || storage.probability[b] === 0) continue;
    enters = true;
    if (ends(mdp, b) === terminated) return undefined;
  }
  if (!enters) return `the model never leads from ${where} to ${states.quote(next)}`;
  return `the model ${terminated ? "does not end" : "ends"} the episode where ${where} leads to ${states.quote(next)}`;
}

function spread<S, A>(mdp: Mdp<S, A>, choice: number, mass: number, live: Map<number, number>, over: Map<number, number>): void {
  const { storage } = mdp;
  const row = rowOf(storage, choice);
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
    const p = mass * storage.probability[b]!;
    if (p === 0) continue;
    const into = ends(mdp, b) ? over : live;
    const next = arrivalOf(storage, b);
    into.set(next, probabilityOf(into, next) + p);
  }
}

function likeliestWay<S, A>(mdp: Mdp<S, A>, start: number, actions: readonly number[]): Int32Array {
  const { storage } = mdp;
  const way = new Int32Array(actions.length).fill(-1);
  let state = start;
  for (const [k, action] of actions.entries()) {
    const choice = findChoice(storage, state, action);
    if (choice < 0) break;
    const row = rowOf(storage, choice);
    let best = storage.rowBranches[row]!;
    for (let b = best + 1; b < storage.rowBranches[row + 1]!; b++) if (storage.probability[b]! > storage.probability[best]!) best = b;
    state = arrivalOf(storage, best);
    way[k] = state;
    if (ends(mdp, best)) break;
  }
  return way;
}

function ends<S, A>({ storage }: Mdp<S, A>, branch: number): boolean {
  const target = storage.target[branch]!;
  return target === storage.stateCount || storage.terminal[target] === 1;
}

function impossible(expected: Int32Array, reason: string): PlanCheck {
  return { possible: false, probability: 0, reason, expected };
}

function probabilityOf(masses: ReadonlyMap<number, number>, state: number): number {
  const mass = masses.get(state);
  return mass === undefined ? 0 : mass;
}

function total(masses: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const mass of masses.values()) sum += mass;
  return Math.min(1, sum);
}

/** The likeliest few of where a plan ends. */
function listed<S, A>(mdp: Mdp<S, A>, ...ways: readonly ReadonlyMap<number, number>[]): string {
  const ends = ways.flatMap((masses) => [...masses]).toSorted((a, b) => b[1] - a[1]);
  const names = ends.slice(0, 3).map(([state]) => mdp.states.quote(state));
  return `${names.join(" or ")}${ends.length > 3 ? ", ..." : ""}`;
}
