// Maximisation bias, Sutton and Barto, example 6.7: Q-learning is drawn to the noise, double Q-learning much less.
import { describe, expect, it } from "vitest";
import { toEnv } from "../../../src/envs/index.ts";
import { buildMdp, startAt } from "../../../src/mdp/index.ts";
import { doubleQLearning, type LearnOptions, qLearning } from "../../../src/solvers/learning/index.ts";

/**
 * From A, right ends with 0 and left leads to B with 0; each of B's ten actions ends with a reward of mean -0.1 and standard
 * deviation 1 (two-point here instead of normal, in two terminal states).
 */
const model = buildMdp({ states: 5, actions: 10, discount: 1, initial: startAt(0) }, (s, m) => {
  if (s === 0) {
    m.choice(0, 0);
    m.branch(1, 1);
    m.choice(1, 0);
    m.branch(2, 1);
  } else if (s === 1) {
    for (let a = 0; a < 10; a++) {
      m.choice(a);
      m.branch(3, 0.5, -1.1);
      m.branch(4, 0.5, 0.9);
    }
  } else m.terminal();
});

/** How often left was taken in the first episodes, over many runs. */
async function leftRate(learner: typeof qLearning, episodes: number): Promise<number> {
  let left = 0;
  const runs = 300;
  for (let seed = 0; seed < runs; seed++) {
    const options: LearnOptions<number, number> = { steps: 1e6, episodes, seed, learningRate: 0.1 };
    left += (await learner(toEnv(model), options)).visits[0]!;
  }
  return left / runs / episodes;
}

describe("maximisation bias", () => {
  it("draws Q-learning left most of the time at first, double Q-learning far less", async () => {
    const single = await leftRate(qLearning, 60);
    const double = await leftRate(doubleQLearning, 60);
    // Five per cent is what exploring at 0.1 makes; half is what not knowing makes.
    expect(single).toBeGreaterThan(0.55);
    expect(double).toBeLessThan(single - 0.15);
  });

  it("is gone sooner from double Q-learning", async () => {
    const single = await leftRate(qLearning, 300);
    const double = await leftRate(doubleQLearning, 300);
    expect(double).toBeLessThan(0.25);
    expect(single).toBeGreaterThan(double + 0.1);
  });
});
