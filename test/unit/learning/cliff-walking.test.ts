// Cliff walking, Sutton and Barto, example 6.6: SARSA takes the safe path, Q-learning the optimal one.
import { describe, expect, it } from "vitest";
import { cliffWalking, simulate, toEnv } from "../../../src/envs/index.ts";
import type { Label } from "../../../src/mdp/index.ts";
import type { Policy } from "../../../src/policies/index.ts";
import { expectedSarsa, type LearnOptions, qLearning, sarsa } from "../../../src/solvers/learning/index.ts";

const { mdp } = cliffWalking();
const SEEDS = [0, 1, 2, 3, 4];
const options = (seed: number): LearnOptions<Label, Label> => ({
  steps: 1e6,
  episodes: 1000,
  seed,
  learningRate: 0.2,
  evaluate: { every: 500, per: "episode" },
});
const env = () => toEnv(mdp, { maxSteps: 1000 });

/** The states of one greedy episode, and what it earned. */
async function walk(policy: Policy<Label, Label>): Promise<{ reward: number; rows: Set<number> }> {
  const { rewards, visits } = await simulate(toEnv(mdp, { maxSteps: 100 }), policy, { episodes: 1 });
  const rows = new Set<number>();
  for (let s = 0; s < mdp.stateCount; s++) if ([...visits.row(s).values()].some((n) => n > 0)) rows.add(Math.floor(s / 12));
  return { reward: rewards[0] ?? Number.NaN, rows };
}

describe("cliff walking", () => {
  it.each(SEEDS)("seed %i: Q-learning walks along the edge, SARSA away from it and earns more while learning", async (seed) => {
    const offPolicy = await qLearning(env(), options(seed));
    const onPolicy = await sarsa(env(), options(seed));
    const optimal = await walk(offPolicy.policy);
    expect(optimal.reward).toBe(-13);
    expect(optimal.rows).toEqual(new Set([2, 3]));
    const safe = await walk(onPolicy.policy);
    expect(safe.reward).toBeGreaterThanOrEqual(-21);
    expect(safe.reward).toBeLessThanOrEqual(-15);
    expect(safe.rows.has(1)).toBe(true);
    const online = (history: readonly { readonly episodeReward: number | null }[]) => history.at(-1)?.episodeReward ?? Number.NaN;
    expect(online(onPolicy.history)).toBeGreaterThan(online(offPolicy.history) + 10);
  });

  it("expected SARSA earns at least what SARSA does, with a learning rate of 1 (figure 6.3)", async () => {
    const total = async (learner: typeof sarsa) => {
      let sum = 0;
      for (const seed of SEEDS) {
        const { history } = await learner(env(), { steps: 1e6, episodes: 300, seed, learningRate: 1, evaluate: { every: 300, per: "episode" } });
        sum += history.at(-1)?.episodeReward ?? Number.NaN;
      }
      return sum / SEEDS.length;
    };
    expect(await total(expectedSarsa)).toBeGreaterThan((await total(sarsa)) + 5);
  });
});
