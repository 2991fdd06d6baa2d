// The problems deep Q-learning is measured on, the features it sees, and the settings it is given.
import { type DeepQOptions, deepQLearning, greedyEpisodes, networkPolicy } from "../../src/deep/index.ts";
import { cartPole, makeBuiltIn, oneHotParts, type StateFeatures, toEnv, withFeatures } from "../../src/envs/index.ts";
import type { Label, Mdp } from "../../src/mdp/index.ts";
import { linearDecay } from "../../src/policies/index.ts";
import { evaluatePolicy, solve } from "../../src/solvers/index.ts";
import type { Outcome } from "./results.ts";
import { tensorFlow } from "./tensorflow.ts";

export interface DeepProblem {
  readonly name: string;
  /** What the network sees of a state. */
  readonly features: string;
  readonly seeds: number;
  readonly settings: Omit<DeepQOptions, "seed" | "evaluate" | "explore" | "tf">;
  readonly explore: string;
  /** The value to reach: the exact optimum of the start, or CartPole's mark. */
  target(): Promise<number>;
  run(seed: number): Promise<Outcome>;
}

/** Steps between two looks at a built-in's learner. */
const LOOK_EVERY = 1000;

/** Environments stepped together. */
const ENVS = 8;

interface TableProblem {
  readonly name: string;
  readonly features: string;
  readonly see: StateFeatures;
  readonly maxSteps: number;
  readonly settings: DeepProblem["settings"];
  /** Exploration falls from 1 to this over half of the steps. */
  readonly exploreTo: number;
  /** Greedy episodes a look, by which the best network is picked; one where nothing is left to chance. */
  readonly lookEpisodes: number;
}

/** A built-in: its exact start value, and that of the learned policy, both with bounds far closer than what is shown. */
function tableProblem({ name, features, see, maxSteps, settings, exploreTo, lookEpisodes }: TableProblem): DeepProblem {
  const { mdp } = makeBuiltIn(name);
  const start = mdp.initial?.state[0] ?? 0;
  return {
    name,
    features,
    seeds: 10,
    settings,
    explore: `1 to ${exploreTo} over half of the steps`,
    target: async () => startValue(mdp, (await solve(mdp, { epsilon: 1e-9 })).value.array),
    async run(seed) {
      const envs = Array.from({ length: ENVS }, () => withFeatures(toEnv(mdp, { maxSteps }), see));
      const look = withFeatures(toEnv(mdp, { maxSteps }), see);
      const result = await deepQLearning(envs, {
        ...settings,
        tf: tensorFlow(),
        seed,
        explore: linearDecay({ from: 1, to: exploreTo, steps: settings.steps / 2 }),
        keep: "best",
        evaluate: {
          every: LOOK_EVERY,
          run: async ({ network }) =>
            (await greedyEpisodes(look, network, { episodes: lookEpisodes, seed: `look ${seed}`, discount: mdp.discount })).meanReturn,
        },
      });
      // At discount 1 a policy that runs in circles is worth -Infinity.
      const worth = await evaluatePolicy(mdp, networkPolicy(mdp, see, result.network), { epsilon: 1e-9 });
      const observation = new Float32Array(see.size);
      see.write(start, observation, 0);
      const q = result.network.values(observation);
      return outcome(result, startValue(mdp, worth.value.array), Math.max(...q));
    },
  };
}

/** The value of where episodes start. */
function startValue(mdp: Mdp<Label, Label>, value: Float64Array): number {
  const { state, probability } = mdp.initial ?? { state: [0], probability: [1] };
  return Array.from(state).reduce((sum, s, k) => sum + (probability[k] ?? 0) * (value[s] ?? Number.NaN), 0);
}

function outcome(result: Awaited<ReturnType<typeof deepQLearning>>, value: number, estimate?: number): Outcome {
  const { status, backend, steps, updates, seconds } = result;
  return { value, ...(estimate === undefined ? {} : { estimate }), status, backend, steps, updates, wallSeconds: seconds };
}

const grid = (rows: number, columns: number): StateFeatures => oneHotParts([rows, columns], (s) => [Math.floor(s / columns), s % columns]);

const cartPoleProblem: DeepProblem = {
  name: "cart-pole",
  features: "its 4 numbers",
  seeds: 5,
  settings: {
    steps: 60_000,
    discount: 0.99,
    hidden: [64, 64],
    learningRate: 1e-3,
    batchSize: 64,
    trainEvery: 4,
    targetEvery: 100,
    stepsAhead: 10,
    rewardScale: 0.02,
    keep: "best",
  },
  explore: "1 to 0.05 over a quarter of the steps",
  target: async () => 475,
  async run(seed) {
    const result = await deepQLearning(
      Array.from({ length: ENVS }, () => cartPole()),
      {
        ...cartPoleProblem.settings,
        tf: tensorFlow(),
        seed,
        explore: linearDecay({ from: 1, to: 0.05, steps: cartPoleProblem.settings.steps / 4 }),
        evaluate: {
          every: 2000,
          run: async ({ network }) => (await greedyEpisodes(cartPole(), network, { episodes: 100, seed: `look ${seed}` })).meanReturn,
          until: ({ score, steps }) => {
            console.log(`  seed ${seed}, ${steps} steps: ${score}`);
            return score !== undefined && score >= 490;
          },
        },
      },
    );
    // Other episodes than those the network was picked by.
    return outcome(result, (await greedyEpisodes(cartPole(), result.network, { episodes: 100, seed: `test ${seed}` })).meanReturn);
  },
};

export const problems: readonly DeepProblem[] = [
  tableProblem({
    name: "maze",
    features: "row and column, one-hot: 8 numbers",
    see: grid(4, 4),
    maxSteps: 100,
    settings: { steps: 4000, hidden: [32], learningRate: 3e-3, batchSize: 32, trainEvery: 4, targetEvery: 50, stepsAhead: 3 },
    exploreTo: 0.1,
    lookEpisodes: 1,
  }),
  tableProblem({
    name: "frozen-lake:4x4",
    features: "row and column, one-hot: 8 numbers",
    see: grid(4, 4),
    maxSteps: 100,
    settings: { steps: 24_000, hidden: [32], learningRate: 3e-3, batchSize: 32, trainEvery: 4, targetEvery: 25, rewardScale: 4 },
    exploreTo: 0.3,
    lookEpisodes: 500,
  }),
  tableProblem({
    name: "cliff-walking",
    features: "row and column, one-hot: 16 numbers",
    see: grid(4, 12),
    maxSteps: 200,
    settings: { steps: 10_000, hidden: [32], learningRate: 3e-3, batchSize: 32, trainEvery: 4, targetEvery: 50, rewardScale: 0.1 },
    exploreTo: 0.1,
    lookEpisodes: 1,
  }),
  cartPoleProblem,
];
