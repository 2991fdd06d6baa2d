// One run of a learner: how many episodes until the greedy policy is nearly optimal from the start, and stays so.
import { toEnv } from "../../src/envs/index.ts";
import type { Label } from "../../src/mdp/index.ts";
import { epsilonGreedy, greedy, harmonic, type Policy } from "../../src/policies/index.ts";
import { type LearnOptions, qLearning } from "../../src/solvers/learning/index.ts";
import type { Problem } from "./environments.ts";
import { StartRegret } from "./start-regret.ts";

/** The regret at the start that counts as learned, as a share of |V*|, and for how many episodes in a row it must hold. */
export const NEARLY = 0.05;
export const STAY = 20;

/** A run is given up after so many episodes, and counts as that many. */
export const MOST_EPISODES = 1000;

/** What the learner is, but for the prior. */
export interface Schedule {
  /** The scale of the harmonic learning rate. */
  readonly rate: number;
  /** How often any choice is taken; 0: optimism alone explores. */
  readonly epsilon: number;
}

/** What it is told beside. */
export interface Advice {
  readonly prior: Policy<Label, Label>;
  /** w in steps' losses of optimism a nat; undefined: the library's default. */
  readonly weight: number | undefined;
}

/**
 * Episodes until the regret at the start stays at or below 5% of |V*| for 20 episodes in a row: the first of those. Q starts from the ceiling V0
 * everywhere, or from V0 + w · log prior.
 */
export async function episodesNeeded(problem: Problem, schedule: Schedule, seed: number, advice?: Advice): Promise<number> {
  const { builtIn, exact, start, best, maxSteps, ceiling } = problem;
  const { mdp } = builtIn;
  const { stateChoices } = mdp.storage;
  const regret = new StartRegret(mdp, exact.discount, start, best);
  let streak = 0;
  let first = MOST_EPISODES;
  const options: LearnOptions<Label, Label> = {
    steps: MOST_EPISODES * maxSteps,
    episodes: MOST_EPISODES,
    seed,
    explore: schedule.epsilon === 0 ? greedy() : epsilonGreedy(schedule.epsilon),
    learningRate: harmonic(schedule.rate),
    ...startOf(problem, advice, ceiling),
    evaluate: {
      every: 1,
      per: "episode",
      until: ({ episodes }, { q }) => {
        const table = q.array;
        const greedyChoice = (s: number): number => {
          let taken = stateChoices[s]!;
          for (let c = taken + 1; c < stateChoices[s + 1]!; c++) if (table[c]! > table[taken]!) taken = c;
          return taken;
        };
        if (regret.of(greedyChoice) > NEARLY * Math.abs(best)) streak = 0;
        else if (streak++ === 0) first = episodes;
        return streak >= STAY;
      },
    },
  };
  await qLearning(toEnv(mdp, { maxSteps }), options);
  return streak >= STAY ? first : MOST_EPISODES;
}

function startOf(problem: Problem, advice: Advice | undefined, ceiling: number): Partial<LearnOptions<Label, Label>> {
  if (advice === undefined) return { initialQ: ceiling };
  return advice.weight === undefined ? { prior: advice.prior } : { prior: advice.prior, priorWeight: advice.weight * stepLoss(problem) };
}

/** One step's loss of optimism where steps pay nothing, (1 - γ)·V0: the unit of weights. */
export function stepLoss({ exact, ceiling }: Problem): number {
  return (1 - exact.discount) * ceiling;
}
