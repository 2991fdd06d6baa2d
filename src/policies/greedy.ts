// Greedy: the best choice of a row of Q, as a policy (lowest index within a tolerance) and as an explorer (ties at random).
import { OptionError } from "../errors.ts";
import { type ChoiceTable, checkObjective, type Objective } from "../mdp/index.ts";
import type { Rng } from "../numeric/index.ts";
import { type Explorer, knownExplorer } from "./explorer.ts";
import { Policy } from "./policy.ts";

/** Which of several best choices is taken: one drawn at random, or the first. */
export type Ties = "random" | "lowest";

export interface GreedyOptions {
  readonly objective?: Objective | undefined;
  /** Choices within this distance of the best count as tied, and the lowest index is taken. Default 0: exact ties only. */
  readonly tolerance?: number | undefined;
}

/**
 * The policy that takes in each state the best choice by Q, the one of lowest index among those within `tolerance` of it.
 *
 * @throws OptionError unless tolerance >= 0 and the objective is one of the two.
 * @example
 * greedyPolicy(learned.q).action("low");
 * greedyPolicy(cost, { objective: "minimize", tolerance: 1e-9 });
 */
export function greedyPolicy<S, A>(q: ChoiceTable<S, A>, options: GreedyOptions = {}): Policy<S, A> {
  const tolerance = options.tolerance ?? 0;
  if (!(tolerance >= 0)) throw new OptionError("tolerance", tolerance, "a number >= 0");
  const sign = checkObjective(options.objective ?? "maximize") === "minimize" ? -1 : 1;
  const { stateChoices } = q.choices;
  const choice = new Int32Array(q.states.size).fill(-1);
  for (let s = 0; s < choice.length; s++) {
    const from = stateChoices[s]!;
    const to = stateChoices[s + 1]!;
    if (to === from) continue;
    let best = -Infinity;
    for (let c = from; c < to; c++) if (sign * q.array[c]! > best) best = sign * q.array[c]!;
    let taken = from;
    while (taken < to && !(sign * q.array[taken]! >= best - tolerance)) taken++;
    choice[s] = taken === to ? from : taken;
  }
  return Policy.deterministic({ states: q.states, actions: q.actions, choices: q.choices }, choice);
}

/**
 * Always the best choice, exact ties at random or to the lowest index.
 *
 * @example
 * qLearning(env, { steps: 1e4, explore: greedy(), initialQ: 10 }); // optimism explores by itself
 */
export function greedy(options: { readonly ties?: Ties | undefined } = {}): Explorer {
  const ties = checkTies(options.ties ?? "random");
  return knownExplorer(
    { epsilon: undefined, tiesAtRandom: ties === "random" },
    {
      name: "greedy",
      pick: (q, from, to, rng) => pickGreedy(q, from, to, rng, ties),
      probabilities: (q, from, to, _step, out) => {
        out.fill(0, from, to);
        addGreedyMass(q, from, to, 1, ties, out);
      },
    },
  );
}

/** max of q[from .. to), -Infinity for an empty row. */
export function rowMax(q: Float64Array, from: number, to: number): number {
  let best = -Infinity;
  for (let c = from; c < to; c++) if (q[c]! > best) best = q[c]!;
  return best;
}

/** A best choice of a row. Draws a random number only where the best is tied and ties go at random. */
export function pickGreedy(q: Float64Array, from: number, to: number, rng: Rng, ties: Ties): number {
  let best = q[from]!;
  let taken = from;
  let tied = 1;
  for (let c = from + 1; c < to; c++) {
    const x = q[c]!;
    if (x > best) {
      best = x;
      taken = c;
      tied = 1;
    } else if (x === best) tied++;
  }
  if (tied === 1 || ties === "lowest") return taken;
  let skip = rng.below(tied);
  while (q[taken] !== best || skip-- > 0) taken++;
  return taken;
}

/** Adds `mass` to the best choices of a row: split evenly among ties, or all to the first. */
export function addGreedyMass(q: Float64Array, from: number, to: number, mass: number, ties: Ties, out: Float64Array): void {
  const best = rowMax(q, from, to);
  let tied = 0;
  for (let c = from; c < to; c++) if (q[c] === best) tied++;
  if (ties === "lowest") tied = 1;
  for (let c = from, left = tied; c < to && left > 0; c++) {
    if (q[c] !== best) continue;
    out[c] = out[c]! + mass / tied;
    left--;
  }
}

/** @throws OptionError */
export function checkTies(ties: Ties): Ties {
  if (ties !== "random" && ties !== "lowest") throw new OptionError("ties", ties, '"random" or "lowest"');
  return ties;
}
