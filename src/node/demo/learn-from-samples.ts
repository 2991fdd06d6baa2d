// Step 3 of the demo: Q-learning, which sees samples only, set beside the exact answer.
import { toEnv } from "../../envs/index.ts";
import type { Label } from "../../mdp/index.ts";
import { epsilonGreedy } from "../../policies/index.ts";
import type { Solution } from "../../solvers/index.ts";
import { qLearning } from "../../solvers/learning/index.ts";
import { distanceToOptimal } from "../distance-to-optimal.ts";
import { plural, seconds, short } from "../format-number.ts";
import { type Demo, headline } from "./context.ts";

const STEPS = 200_000;

/** Half of all moves are random, so that every choice is tried often enough to be known well. */
const EXPLORE = 0.5;

export async function learnFromSamples(demo: Demo, best: Solution<Label, Label>): Promise<void> {
  const { progress, world, seed, style } = demo;
  const learned = await qLearning(toEnv(demo.model.mdp), {
    steps: STEPS,
    seed,
    explore: epsilonGreedy(EXPLORE),
    signal: world.signal,
    onProgress: ({ steps, episodes }) => progress.bar(steps / STEPS, `Q-learning, ${plural(episodes, "episode")}`),
  }).finally(() => progress.clear());
  world.signal.throwIfAborted();
  const distance = await distanceToOptimal(learned, best);
  await headline(demo, 3, "Learned from samples by Q-learning");
  await demo.print(
    `   ${plural(learned.steps, "step")}, ${plural(learned.episodes, "episode")}, ${seconds(learned.seconds)}, seed ${seed}, a random move with probability ${EXPLORE}\n   largest |Q - Q*| over visited choices: ${style.bold(short(distance.q, 3))}; regret of its greedy policy at the start: ${style.bold(short(distance.regret, 3))}`,
  );
}
