// Proven bounds on the probability of harm from each state: the least any way of acting can do, the most, and that of one policy.
import { ShapeError } from "../../errors.ts";
import { type Mdp, withReward } from "../../mdp/index.ts";
import { Pacer } from "../../platform/pacer.ts";
import { Policy, policySpace } from "../../policies/policy.ts";
import { evaluatePolicy, solve } from "../../solvers/index.ts";
import type { Breathe } from "../../solvers/total-reward/breathe.ts";
import { endComponents } from "../../solvers/total-reward/end-components.ts";
import { harmModel } from "../harm-model.ts";
import { type Guarded, riseOf } from "./carried.ts";
import { ExpectedRise } from "./expected-rise.ts";
import { type HarmGraph, harmGraph } from "./harm-graph.ts";
import { inductiveBound } from "./inductive-bound.ts";

/** S numbers each, probabilities of ever reaching harm. Harmful states have 1. */
export interface HarmBounds extends Guarded {
  /** No way of acting does better: a certified lower bound. */
  readonly lower: Float64Array;
  /** What acting carefully does at most. Inductive: Σ p·least <= least for the careful choice. */
  readonly least: Float64Array;
  /** What the policy to be afforded does at most, inductive along it; as `most` without one. At least `least`. */
  readonly wanted: Float64Array;
  /** What any way of acting does at most: inductive for every choice. At least `wanted`. */
  readonly most: Float64Array;
  /** S choices that `least` is inductive for; -1 in states without choices. */
  readonly careful: Int32Array;
}

export interface HarmBoundsOptions<S, A> {
  /** How close the bounds should be, absolute. They hold in any case. */
  readonly epsilon: number;
  /** A deterministic policy whose own harm is bounded too. */
  readonly policy?: Policy<S, A> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Computes the bounds: four total-reward solves of models of the same size, then a proof of each bound in float64.
 *
 * @remarks Where the graph says so, bounds are exactly 0. Elsewhere a solver's value is raised along expected steps until it is inductive (`inductiveBound`). Outside of
 *   the end components that harm spares, every way of acting ends in finitely many steps on average: those are the weights. Where no proof is found the
 *   bound falls back on the next wider one, at last on 1 where harm can be reached: less room for the agent, never a broken promise.
 */
export async function harmBounds<S, A>(mdp: Mdp<S, A>, harmful: Uint8Array, options: HarmBoundsOptions<S, A>): Promise<HarmBounds> {
  const { epsilon, signal } = options;
  const { storage } = mdp;
  const pacer = new Pacer({ signal });
  const breathe: Breathe = () => (pacer.due ? pacer.tick() : undefined);
  const model: Guarded = { storage, harmful };
  const graph = await harmGraph(storage, harmful, breathe);
  const risk = harmModel(mdp, (_, s) => harmful[s] === 1);
  const settings = { discount: 1, epsilon, signal };
  const leastRisk = await solve(risk, settings);
  const mostRisk = await solve(risk, { ...settings, objective: "maximize" });
  const weights = await stepsToSettle(risk, signal, breathe);
  signal?.throwIfAborted();

  const { stateCount, choiceCount } = storage;
  const exposed = Float64Array.from(graph.exposed);
  const every = new Uint8Array(choiceCount).fill(1);
  const most =
    inductiveBound(model, {
      approximation: mostRisk.value.array.map((value, s) => value * exposed[s]!),
      weights,
      raised: graph.exposed,
      ceiling: exposed,
      counts: every,
    }) ?? exposed;
  const wanted = options.policy === undefined ? undefined : await boundAlong(mdp, model, options.policy, most, options, breathe);
  const approximation = leastRisk.value.array.map((value, s) => (harmful[s] === 1 ? 1 : graph.avoidable[s] === 1 ? 0 : value));
  const careful = carefulChoices(model, graph, approximation);
  const least =
    inductiveBound(model, {
      approximation,
      weights,
      raised: graph.avoidable.map((flag) => 1 - flag),
      ceiling: most,
      counts: flags(careful, choiceCount),
    }) ?? most;
  signal?.throwIfAborted();
  // The smaller of two bounds is inductive along whichever choice belongs to it.
  for (let s = 0; s < stateCount; s++) {
    if (wanted === undefined || !(wanted.bound[s]! < least[s]!)) continue;
    least[s] = wanted.bound[s]!;
    careful[s] = wanted.choice[s]!;
  }
  const lower = leastRisk.bounds.lower.array.map((bound, s) => (harmful[s] === 1 ? 1 : Math.min(least[s]!, Math.max(0, bound))));
  return { ...model, lower, least, wanted: wanted?.bound ?? most, most, careful };
}

/** Per state a haven where there is one, else the choice that hands on least. */
function carefulChoices(model: Guarded, graph: HarmGraph, harm: Float64Array): Int32Array {
  const { storage } = model;
  const rise = new ExpectedRise();
  return graph.haven.map((haven, s) => {
    if (haven >= 0) return haven;
    let best = -1;
    let least = Infinity;
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      const rises = riseOf(model, c, harm, harm[s]!, rise).upper;
      if (!(rises < least)) continue;
      best = c;
      least = rises;
    }
    return best;
  });
}

function flags(choices: Int32Array, choiceCount: number): Uint8Array {
  const counts = new Uint8Array(choiceCount);
  for (const c of choices) if (c >= 0) counts[c] = 1;
  return counts;
}

/** The most steps, on average, before a run ends or stays where harm cannot come: the largest total of 1 a choice that no end component holds. */
async function stepsToSettle<S, A>(risk: Mdp<S, A>, signal: AbortSignal | undefined, breathe: Breathe): Promise<Float64Array> {
  const { storage } = risk;
  const { inside } = await endComponents(storage, new Uint8Array(storage.choiceCount).fill(1), breathe);
  const steps = withReward(
    risk,
    Float64Array.from(inside, (flag) => 1 - flag),
  );
  return (await solve(steps, { discount: 1, objective: "maximize", epsilon: 1e-3, signal })).value.array;
}

/** The bound of one policy, and its choices. */
async function boundAlong<S, A>(
  mdp: Mdp<S, A>,
  model: Guarded,
  policy: Policy<S, A>,
  ceiling: Float64Array,
  { epsilon, signal }: HarmBoundsOptions<S, A>,
  breathe: Breathe,
): Promise<{ readonly bound: Float64Array; readonly choice: Int32Array }> {
  const { storage, harmful } = model;
  if (policy.space.states.size !== storage.stateCount || policy.space.choices.choiceAction.length !== storage.choiceCount)
    throw new ShapeError(
      `towards is for ${policy.space.states.size} states and ${policy.space.choices.choiceAction.length} choices, expected the model's ${storage.stateCount} and ${storage.choiceCount}.`,
    );
  const choice = Int32Array.from({ length: storage.stateCount }, (_, s) => policy.modeAt(s));
  const counts = flags(choice, storage.choiceCount);
  const { exposed } = await harmGraph(storage, harmful, breathe, counts);
  const risk = harmModel(mdp, (_, s) => harmful[s] === 1);
  const followed = Policy.deterministic(
    policySpace(risk),
    Int32Array.from(choice, (c, s) => (c < 0 || harmful[s] === 1 ? -1 : risk.storage.stateChoices[s]! + (c - storage.stateChoices[s]!))),
  );
  const settings = { discount: 1, signal };
  const own = await evaluatePolicy(risk, followed, { ...settings, epsilon });
  const visits = withReward(
    risk,
    Float64Array.from(stateByChoice(risk), (s) => exposed[s]!),
  );
  const weights = await evaluatePolicy(visits, followed, { ...settings, objective: "maximize", epsilon: 1e-3 });
  const bound = inductiveBound(model, {
    approximation: own.value.array.map((value, s) => value * exposed[s]!),
    weights: weights.value.array,
    raised: exposed,
    ceiling,
    counts,
  });
  return bound === undefined ? { bound: ceiling, choice } : { bound, choice };
}

function stateByChoice<S, A>({ storage }: Mdp<S, A>): Int32Array {
  const state = new Int32Array(storage.choiceCount);
  for (let s = 0; s < storage.stateCount; s++) state.fill(s, storage.stateChoices[s]!, storage.stateChoices[s + 1]!);
  return state;
}
