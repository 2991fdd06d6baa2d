// Expected total reward (discount 1) by its definition: every deterministic stationary policy is tried and its chain evaluated exactly.
import { solveExactly } from "./exact-linear.ts";
import { better, type ExactModel } from "./exact-model.ts";
import { deterministic, exactChain } from "./exact-solve.ts";
import { Rational } from "./rational.ts";

/**
 * What a model's total reward is.
 *
 * - `defined`: every policy's total exists in [-∞, ∞]; `value` is the best of them in each state.
 * - `oscillating`: some policy can stay for ever among rewards that are not all 0 and yet gain nothing: its total has no limit.
 * - `mixed`: some policy earns +∞ and -∞ each with positive probability.
 */
export type TotalReward = { readonly kind: "defined"; readonly value: Rational[]; readonly policies: number } | { readonly kind: "oscillating" | "mixed" };

/** @throws RangeError where the model has more than `limit` policies, or a row that does not sum to 1 exactly. */
export function exactTotalReward(model: ExactModel, limit = 5000): TotalReward {
  const count = model.states.reduce((n, choices) => n * Math.max(1, choices.length), 1);
  if (count > limit) throw new RangeError(`${count} policies, expected at most ${limit}`);
  for (const choices of model.states) {
    for (const { branches } of choices) {
      if (!Rational.sum(branches.map((b) => b.probability)).equals(Rational.one)) throw new RangeError("a row does not sum to 1");
    }
  }
  let best: Rational[] | undefined;
  for (const choice of policies(model)) {
    const value = totalOfPolicy(model, choice);
    if (value === "oscillating" || value === "mixed") return { kind: value };
    best = best === undefined ? value : value.map((v, s) => (better(model, v, best![s]!) ? v : best![s]!));
  }
  return { kind: "defined", value: best ?? [], policies: count };
}

/** Every deterministic stationary policy, as the choice taken in each state (-1 where terminal). */
export function* policies(model: ExactModel): Generator<number[]> {
  const choice: number[] = model.states.map((choices) => (choices.length === 0 ? -1 : 0));
  for (;;) {
    yield choice.slice();
    let s = 0;
    while (s < choice.length && choice[s]! >= model.states[s]!.length - 1) {
      if (choice[s]! > 0) choice[s] = 0;
      s++;
    }
    if (s === choice.length) return;
    choice[s]!++;
  }
}

/** The expected total reward of one deterministic policy, ±Infinity where it diverges. */
export function totalOfPolicy(model: ExactModel, choice: readonly number[]): Rational[] | "oscillating" | "mixed" {
  const n = model.states.length;
  const { transition, reward } = exactChain(model, deterministic(model, choice));
  const reaches = reachability(transition);
  // A state is recurrent if whatever it reaches reaches it back and its class loses no mass to an end.
  const leaks = transition.map((row) => !Rational.sum(row).equals(Rational.one));
  const recurrent = transition.map((_, s) => {
    for (let t = 0; t < n; t++) if (reaches[s]![t] && (leaks[t] || !reaches[t]![s])) return false;
    return true;
  });
  const gainSign = new Array<number>(n).fill(0);
  for (let s = 0; s < n; s++) {
    if (!recurrent[s]) continue;
    const members = range(n).filter((t) => reaches[s]![t]);
    if (members.every((t) => reward[t]!.sign === 0)) continue;
    gainSign[s] = gainOf(members, transition, reward).sign;
    if (gainSign[s] === 0) return "oscillating";
  }
  const value = new Array<Rational>(n).fill(Rational.zero);
  const open: number[] = [];
  for (let s = 0; s < n; s++) {
    const up = range(n).some((t) => reaches[s]![t] && gainSign[t]! > 0);
    const down = range(n).some((t) => reaches[s]![t] && gainSign[t]! < 0);
    if (up && down) return "mixed";
    if (up || down) value[s] = up ? Rational.infinity : Rational.minusInfinity;
    else if (!recurrent[s]) open.push(s);
  }
  const matrix = open.map((s) => open.map((t) => (s === t ? Rational.one : Rational.zero).sub(transition[s]![t]!)));
  const solved = solveExactly(
    matrix,
    open.map((s) => [reward[s]!]),
  );
  for (const [i, s] of open.entries()) value[s] = solved[i]![0]!;
  return value;
}

/** The gain of a recurrent class: its stationary distribution times its rewards. */
function gainOf(members: readonly number[], transition: readonly (readonly Rational[])[], reward: readonly Rational[]): Rational {
  const weights = exactStationary(members.map((s) => members.map((t) => transition[s]![t]!)));
  return Rational.sum(members.map((s, i) => weights[i]!.mul(reward[s]!)));
}

/** The x with xP = x and Σx = 1, for an irreducible P. */
export function exactStationary(transition: readonly (readonly Rational[])[]): Rational[] {
  const n = transition.length;
  // Column equations x(P - I) = 0, the last one replaced by Σx = 1.
  const matrix = range(n).map((j) => range(n).map((i) => (j === n - 1 ? Rational.one : transition[i]![j]!.sub(i === j ? Rational.one : Rational.zero))));
  return solveExactly(
    matrix,
    range(n).map((j) => [j === n - 1 ? Rational.one : Rational.zero]),
  ).map((row) => row[0]!);
}

/** reaches[s][t]: t can be entered from s; every state reaches itself. */
function reachability(transition: readonly (readonly Rational[])[]): boolean[][] {
  return transition.map((_, s) => {
    const seen = transition.map((_, t) => t === s);
    const queue = [s];
    for (let u = queue.pop(); u !== undefined; u = queue.pop()) {
      for (const [t, p] of transition[u]!.entries()) {
        if (p.sign > 0 && !seen[t]) {
          seen[t] = true;
          queue.push(t);
        }
      }
    }
    return seen;
  });
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
