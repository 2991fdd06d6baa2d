// What a prior is to be compared with: advice that knows nothing, only the obvious, or the opposite of what is right.
import type { GridLayout } from "../envs/index.ts";
import { arrivalOf, type Mdp, rowOf } from "../mdp/index.ts";
import { Rng, type Seed } from "../numeric/index.ts";
import { Policy, policySpace } from "../policies/policy.ts";
import type { Solution } from "../solvers/index.ts";
import { maskedPrior } from "./masked-prior.ts";

/** Advice by name; more than one policy where it is drawn from seeds. */
export interface Baseline<S, A> {
  readonly name: "uniform" | "feasible only" | "heuristic" | "shuffled" | "harmful";
  /** In words: what it knows. */
  readonly source: string;
  readonly policies: readonly Policy<S, A>[];
}

export interface BaselineOptions {
  /** Where the states lie, if the model is a grid: then the heuristic heads for the nearest goal. */
  readonly grid?: GridLayout | undefined;
  /** What draws of the shuffled prior are made from. Default 0 to 19. */
  readonly seeds?: readonly Seed[] | undefined;
}

/** What baselines put on the action they favour: as sure as a confident prior, and nothing is ruled out. */
const CONFIDENCE = 0.9;

const SEEDS: readonly Seed[] = Array.from({ length: 20 }, (_, k) => k);

/**
 * The baselines that a prior should stand beside, whatever its figures: uniform, feasible only, a heuristic, the prior itself with its rows shuffled among the
 * states (what it is worth without knowing the state), and harmful advice.
 *
 * @param prior the advice that is judged: what `shuffled` is made of.
 * @example
 * for (const { name, policies } of baselines(maze.mdp, best, prior.policy, { grid: maze.grid })) ...
 */
export function baselines<S, A>(mdp: Mdp<S, A>, solution: Solution<S, A>, prior: Policy<S, A>, options: BaselineOptions = {}): readonly Baseline<S, A>[] {
  const { grid, seeds = SEEDS } = options;
  return [
    { name: "uniform", source: "every action alike", policies: [Policy.uniform(policySpace(mdp))] },
    { name: "feasible only", source: "every action alike that does not stay where it is", policies: [maskedPrior(mdp).policy] },
    {
      name: "heuristic",
      source: grid === undefined ? "the action that pays most at once" : "the open way that comes nearest to the goal in a straight line",
      policies: [grid === undefined ? myopic(mdp, solution) : towardsGoal(mdp, grid)],
    },
    {
      name: "shuffled",
      source: `the prior's own rows, each given to another state, ${seeds.length} draws`,
      policies: seeds.map((seed) => shuffledPolicy(prior, seed)),
    },
    { name: "harmful", source: "the worst action everywhere", policies: [harmfulPolicy(solution)] },
  ];
}

/**
 * A policy with its rows dealt out anew among states of as many choices: as sure as before, and as right as chance.
 *
 * @example
 * shuffledPolicy(prior.policy, 7);
 */
export function shuffledPolicy<S, A>(policy: Policy<S, A>, seed: Seed): Policy<S, A> {
  const { states, choices } = policy.space;
  const { stateChoices } = choices;
  const rng = new Rng(`shuffled:${seed}`);
  const byWidth = new Map<number, number[]>();
  for (let s = 0; s < states.size; s++) {
    const width = stateChoices[s + 1]! - stateChoices[s]!;
    const alike = byWidth.get(width);
    if (alike === undefined) byWidth.set(width, [s]);
    else alike.push(s);
  }
  const given = policy.probabilities();
  const probability = new Float64Array(given.length);
  for (const [width, alike] of byWidth) {
    const from = alike.slice();
    for (let k = from.length - 1; k > 0; k--) {
      const other = rng.below(k + 1);
      [from[k], from[other]] = [from[other]!, from[k]!];
    }
    for (const [k, s] of alike.entries()) probability.set(given.subarray(stateChoices[from[k]!]!, stateChoices[from[k]!]! + width), stateChoices[s]!);
  }
  return Policy.stochastic(policy.space, probability);
}

/** 0.9 on the action of least Q (greatest under minimize), lowest index on a tie. */
export function harmfulPolicy<S, A>(solution: Solution<S, A>): Policy<S, A> {
  const sign = solution.objective === "minimize" ? -1 : 1;
  return favouring(solution.mdp, (c) => -sign * solution.q.array[c]!);
}

/** 0.9 on the action of greatest expected reward of one step. */
function myopic<S, A>(mdp: Mdp<S, A>, { objective }: Solution<S, A>): Policy<S, A> {
  const sign = objective === "minimize" ? -1 : 1;
  return favouring(mdp, (c) => sign * mdp.storage.reward[c]!);
}

/** 0.9 on the action whose most probable successor is nearest to a goal, counted in rows and columns; staying is farthest. */
function towardsGoal<S, A>(mdp: Mdp<S, A>, grid: GridLayout): Policy<S, A> {
  const { storage } = mdp;
  const goals = grid.statesOf("goal");
  const distance = (s: number) =>
    Math.min(...goals.map((g) => Math.abs(grid.rowOf(g) - grid.rowOf(s)) + Math.abs(grid.columnOf(g) - grid.columnOf(s))), grid.rows + grid.columns);
  return favouring(mdp, (c, s) => {
    const row = rowOf(storage, c);
    let likely = storage.rowBranches[row]!;
    for (let b = likely + 1; b < storage.rowBranches[row + 1]!; b++) if (storage.probability[b]! > storage.probability[likely]!) likely = b;
    const next = arrivalOf(storage, likely);
    return next === s || next >= grid.cells.length || grid.cells[next] === "hole" || grid.cells[next] === "cliff" ? -Infinity : -distance(next);
  });
}

/** 0.9 on the choice of greatest score in each state (lowest index on a tie), the rest shared. */
function favouring<S, A>(mdp: Mdp<S, A>, score: (choice: number, state: number) => number): Policy<S, A> {
  const { stateChoices, stateCount, choiceCount } = mdp.storage;
  const probability = new Float64Array(choiceCount);
  for (let s = 0; s < stateCount; s++) {
    const [from, to] = [stateChoices[s]!, stateChoices[s + 1]!];
    if (from === to) continue;
    let favourite = from;
    for (let c = from + 1; c < to; c++) if (score(c, s) > score(favourite, s)) favourite = c;
    for (let c = from; c < to; c++) probability[c] = to - from === 1 ? 1 : c === favourite ? CONFIDENCE : (1 - CONFIDENCE) / (to - from - 1);
  }
  return Policy.stochastic(policySpace(mdp), probability);
}
