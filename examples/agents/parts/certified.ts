// Certified figures of one agent from the start of its model: return, regret against the optimum, probability of harm.
import { evaluatePolicy, harmModel, type Mdp, type Policy, type Solution } from "mdpkit";
import type { MeasuredAgent, PlainBounds } from "mdpkit/report";

/** How far off a figure may be; its bounds hold in any case. */
export const EPSILON = 1e-7;

const SWEEPS = 1000;

interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

interface Valued<S> {
  readonly value: { at(state: S): number };
  readonly bounds: { readonly lower: { at(state: S): number }; readonly upper: { at(state: S): number } };
}

/** An agent that plays `policy` in `mdp`, whose harmful states are terminal; `optimum` is the unguarded optimum from its own start, `most` what its harm is known not to exceed. */
export async function measure<S, A>(
  name: string,
  mdp: Mdp<S, A>,
  policy: Policy<S, A>,
  harmful: (state: S) => boolean,
  optimum: Interval,
  most = 1,
): Promise<MeasuredAgent & { readonly regret: PlainBounds; readonly harm: PlainBounds }> {
  const own = atStart(mdp, await evaluatePolicy(mdp, policy, { epsilon: EPSILON }));
  // An agent that circles beside harm meets it only in the very long run: sweeps are limited, and the bounds say what is known then.
  const harm = atStart(mdp, await evaluatePolicy(harmModel(mdp, harmful), policy, { epsilon: EPSILON, maxSweeps: SWEEPS }));
  const within = (x: number) => Math.min(most, Math.max(0, x));
  return {
    name,
    value: plain(own),
    regret: plain(short(optimum, own)),
    harm: plain({ value: within(harm.value), lower: within(harm.lower), upper: within(harm.upper) }),
  };
}

/** The optimum of a solved model from its start. */
export function atStart<S, A>(mdp: Mdp<S, A>, { value, bounds }: Valued<S>): Interval {
  const start = mdp.states.at(mdp.initial?.state[0] ?? 0);
  return { value: value.at(start), lower: bounds.lower.at(start), upper: bounds.upper.at(start) };
}

export function regretOf<S, A>(optimum: Interval, solution: Solution<S, A>): Interval {
  return short(optimum, atStart(solution.mdp, solution));
}

/** best − own, never negative; a little wider than the difference's own rounding. */
function short(best: Interval, own: Interval): Interval {
  const apart = (x: number, y: number, by: number) => Math.max(0, x - y + by * Math.abs(x - y));
  return {
    value: apart(best.value, own.value, 0),
    lower: apart(best.lower, own.upper, -Number.EPSILON),
    upper: apart(best.upper, own.lower, Number.EPSILON),
  };
}

export function plain({ value, lower, upper }: Interval): PlainBounds {
  const json = (x: number) => (x === Infinity ? "Infinity" : x === -Infinity ? "-Infinity" : x);
  return { value: json(value), lower: json(lower), upper: json(upper) };
}
