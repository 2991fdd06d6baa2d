// The worst case over every agent behind a risk shield: the guarded process solved for maximal harm, and the proof of the limit checked anew.
import { UnsupportedModelError } from "../errors.ts";
import { Pacer } from "../platform/pacer.ts";
import { solve } from "../solvers/index.ts";
import type { GuardedProcess } from "./guarded-process.ts";
import { harmModel } from "./harm-model.ts";
import { riseOf } from "./risk/carried.ts";
import { ExpectedRise } from "./risk/expected-rise.ts";
import { harmGraph } from "./risk/harm-graph.ts";

/** Contain the largest probability of harm over every agent behind the shield, from the start. */
export interface WorstHarm {
  readonly lower: number;
  /** At most the shield's limit. */
  readonly upper: number;
}

/**
 * Solves the guarded process for maximal harm.
 *
 * @remarks `upper` is the smaller of the solver's bound and the limit. For the limit the budgets themselves are the proof, an inductive bound on harm; it is checked
 *   anew here on the arrays of the process as built, with proven rounding, not taken from how they came about.
 * @throws UnsupportedModelError where the budgets prove nothing (an error of mdpkit, if it ever happens); the signal's reason when aborted.
 * @example
 * const { lower, upper } = await worstHarm(await guardedProcess(shield)); // upper <= shield.limit
 */
export async function worstHarm<S, A>(
  guarded: GuardedProcess<S, A>,
  options: { readonly epsilon?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<WorstHarm> {
  const { mdp, shield, stateOf } = guarded;
  const harmful = Uint8Array.from(stateOf, (s) => shield.rules.bounds.harmful[s]!);
  if (!budgetsHold(guarded, harmful)) {
    throw new UnsupportedModelError("the budgets of the guarded process hand on more than there is, expected a proof of the limit.");
  }
  const { state, probability } = guarded.start;
  const pacer = new Pacer({ signal: options.signal });
  const { exposed } = await harmGraph(mdp.storage, harmful, () => (pacer.due ? pacer.tick() : undefined));
  // Where the graph rules harm out there is no number to compute.
  if (state.every((s) => exposed[s] === 0)) return { lower: 0, upper: 0 };
  const epsilon = options.epsilon ?? Math.max(1e-12, Math.min(1e-9, shield.limit * 1e-6));
  const risk = harmModel(mdp, (_, i) => harmful[i] === 1);
  const { bounds } = await solve(risk, { discount: 1, objective: "maximize", epsilon, signal: options.signal });
  options.signal?.throwIfAborted();
  const atStart = (table: Float64Array) => state.reduce((sum, s, i) => sum + probability[i]! * (harmful[s] === 1 ? 1 : table[s]!), 0);
  const upper = Math.min(shield.limit, atStart(bounds.upper.array));
  return { lower: Math.min(upper, Math.max(0, atStart(bounds.lower.array))), upper };
}

/** Whether no choice of the process hands on more than its budget, nor the start more than the limit. */
function budgetsHold<S, A>({ shield, mdp, budget, start }: GuardedProcess<S, A>, harmful: Uint8Array): boolean {
  const { storage } = mdp;
  const model = { storage, harmful };
  const rise = new ExpectedRise();
  for (let i = 0; i < start.state.length; i++) rise.add(start.probability[i]!, harmful[start.state[i]!] === 1 ? 1 : budget[start.state[i]!]!, shield.limit);
  if (!rise.atMostZero) return false;
  for (let i = 0; i < storage.stateCount; i++) {
    if (harmful[i] === 1) continue;
    for (let c = storage.stateChoices[i]!; c < storage.stateChoices[i + 1]!; c++) {
      if (!riseOf(model, c, budget, budget[i]!, rise).atMostZero) return false;
    }
  }
  return true;
}
