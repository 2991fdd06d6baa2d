// Learners beside the exact answer: how far each is after the same number of steps on a slippery lake.

import type { Label } from "mdpkit";
import {
  doubleQLearning,
  epsilonGreedy,
  evaluatePolicy,
  expectedSarsa,
  type LearnOptions,
  linearDecay,
  makeBuiltIn,
  qLearning,
  sarsa,
  solve,
  toEnv,
} from "mdpkit";

const { mdp, maxSteps } = makeBuiltIn("frozen-lake:4x4");
const exact = await solve(mdp, { epsilon: 1e-9 });
console.log(`optimal value at the start: ${exact.value.at(0).toFixed(6)}`);

const options: LearnOptions<Label, Label> = {
  steps: 200_000,
  seed: 7,
  explore: epsilonGreedy(linearDecay({ from: 1, to: 0.1, steps: 100_000 })),
};
for (const [name, learn] of Object.entries({ qLearning, sarsa, expectedSarsa, doubleQLearning })) {
  const learned = await learn(toEnv(mdp, { maxSteps }), options);
  let farthest = 0;
  for (const [choice, visits] of learned.visits.entries()) {
    const [own, best] = [learned.q.array[choice], exact.q.array[choice]];
    if (visits > 0 && own !== undefined && best !== undefined) farthest = Math.max(farthest, Math.abs(own - best));
  }
  const own = await evaluatePolicy(mdp, learned.policy);
  console.log(
    `${name}: ${learned.episodes} episodes, Q off by at most ${farthest.toFixed(3)}, regret at the start ${(exact.value.at(0) - own.value.at(0)).toFixed(4)}`,
  );
}
