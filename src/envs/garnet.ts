// Garnets: random models with a set number of successors a choice, after Archibald, McKinnon & Thomas (1995).
import { buildMdp, type Label } from "../mdp/index.ts";
import { Rng, type Seed } from "../numeric/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { checkCounts, checkInteger } from "./option-checks.ts";

export interface GarnetOptions {
  /** Default 100. */
  readonly states?: number | undefined;
  /** Default 4. */
  readonly actions?: number | undefined;
  /** Successors of each choice, at most `states`. Default 5, or `states` if that is less. */
  readonly branches?: number | undefined;
  /** Default 1. */
  readonly seed?: Seed | undefined;
}

/**
 * A random model: each choice has `branches` different successors, chosen alike; their probabilities are the gaps between uniform
 * cuts of [0, 1] and sum to 1 exactly; R(s,a) is uniform in [0, 1); discount 0.99.
 *
 * @throws OptionError
 * @example
 * garnet({ states: 1000, actions: 10, branches: 10, seed: 1 }).mdp.branchCount; // 100000
 */
export function garnet(options: GarnetOptions = {}): BuiltIn {
  const states = checkInteger("garnet: states", options.states ?? 100, 1);
  const actions = checkInteger("garnet: actions", options.actions ?? 4, 1);
  const branches = checkInteger("garnet: branches", options.branches ?? Math.min(5, states), 1, states);
  const seed = options.seed ?? 1;
  checkCounts("garnet", { states, choices: states * actions, branches: states * actions * branches });
  const rng = new Rng(`garnet:${seed}`);
  const successors = new SuccessorDraw(states, branches, rng);
  const cuts = new Float64Array(branches + 1);
  const mdp = buildMdp<Label, Label>({ states, actions, discount: 0.99 }, (_, model) => {
    for (let a = 0; a < actions; a++) {
      model.choice(a, rng.uniform());
      successors.draw();
      drawCuts(cuts, rng);
      for (let k = 0; k < branches; k++) model.branch(successors.drawn[k]!, cuts[k + 1]! - cuts[k]!);
    }
  });
  const text = (s: number): string => `state ${s} of ${states}`;
  return {
    name: "garnet",
    spec: `garnet:states=${states},actions=${actions},branches=${branches},seed=${seed}`,
    task: "A random Markov decision process: each action pays a reward and leads to one of a few states by chance. Collect as much as possible.",
    mdp,
    describe: text,
    render: text,
  };
}

/** Draws `count` different states (Floyd's algorithm), told apart by stamps instead of a cleared set. */
class SuccessorDraw {
  readonly drawn: Int32Array;
  readonly #stamp: Int32Array;
  readonly #rng: Rng;
  #round = 0;

  constructor(states: number, count: number, rng: Rng) {
    this.drawn = new Int32Array(count);
    this.#stamp = new Int32Array(states);
    this.#rng = rng;
  }

  draw(): void {
    const stamp = this.#stamp;
    const round = ++this.#round;
    const count = this.drawn.length;
    for (let k = 0; k < count; k++) {
      const newest = stamp.length - count + k;
      const candidate = this.#rng.below(newest + 1);
      const chosen = stamp[candidate] === round ? newest : candidate;
      stamp[chosen] = round;
      this.drawn[k] = chosen;
    }
  }
}

/** Fills cuts[0] = 0 < uniform cuts, ascending < cuts[n] = 1. All are multiples of 2^-53, so that their gaps are exact. */
function drawCuts(cuts: Float64Array, rng: Rng): void {
  const last = cuts.length - 1;
  let distinct = false;
  while (!distinct) {
    cuts[0] = 0;
    for (let k = 1; k < last; k++) cuts[k] = rng.uniform();
    cuts[last] = 1;
    cuts.sort();
    distinct = true;
    for (let k = 0; k < last; k++) if (cuts[k] === cuts[k + 1]) distinct = false;
  }
}

export const garnetEntry: BuiltInEntry = {
  name: "garnet",
  usage: "garnet[:states=N][,actions=N][,branches=N][,seed=N]",
  help: "A random model with `branches` successors a choice (Archibald et al. 1995), rewards uniform in [0, 1); default states=100,actions=4,branches=5,seed=1, discount 0.99.",
  read: (args) => {
    const options = { states: args.number("states"), actions: args.number("actions"), branches: args.number("branches"), seed: args.seed("seed") };
    return () => garnet(options);
  },
};
