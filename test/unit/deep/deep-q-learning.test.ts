// Deep Q-learning on real tfjs: a small problem learned to its exact values, no tensors left, the same run by the same seed, wrong inputs.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type DeepQOptions, deepQLearning, greedyEpisodes, networkPolicy, QNetwork } from "../../../src/deep/index.ts";
import { cartPole, type ObservationEnv, type ObservationStep, oneHotParts, toEnv, withFeatures } from "../../../src/envs/index.ts";
import { BackendError, EnvProtocolError, OptionError, ShapeError } from "../../../src/errors.ts";
import { defineMdp, LabelIndex } from "../../../src/mdp/index.ts";
import { linearDecay } from "../../../src/policies/index.ts";
import { evaluatePolicy, solve } from "../../../src/solvers/index.ts";

beforeAll(() => tf.setBackend("cpu"));

const CELLS = [0, 1, 2, 3] as const;

/** A corridor: forward costs 1 and ends after the last cell, back costs nothing but time; `wait` is offered in the first cell alone. */
const corridor = defineMdp({
  states: CELLS,
  actions: ["back", "forward", "wait"],
  discount: 0.8,
  initial: 0,
  feasible: (s) => (s === 0 ? ["back", "forward", "wait"] : ["back", "forward"]),
  terminal: [3],
  transition: (s, a) => CELLS[a === "forward" ? s + 1 : a === "wait" || s === 0 ? s : s - 1] ?? s,
  reward: (s, a) => (a === "forward" ? (s === 2 ? 4 : -1) : a === "wait" ? -1 : 0),
});
const cells = oneHotParts([4], (s) => [s]);
const env = () => withFeatures(toEnv(corridor, { maxSteps: 12 }), cells);

const short: DeepQOptions = {
  steps: 1000,
  seed: 1,
  hidden: [16],
  learningRate: 0.01,
  batchSize: 32,
  warmUp: 100,
  trainEvery: 2,
  targetEvery: 25,
  explore: 0.5,
};

/** Q of the network in each cell. */
function table(network: QNetwork): number[][] {
  return [0, 1, 2].map((s) => {
    const observation = new Float32Array(4);
    cells.write(s, observation, 0);
    return Array.from(network.values(observation));
  });
}

describe("a corridor", () => {
  test.each([
    ["plain maximum", { env: 4, double: false }],
    ["several environments in step", { env: 4 }],
    ["rewards scaled", { env: 4, rewardScale: 0.25 }],
    ["costs", { env: 4, objective: "minimize" as const }],
  ])("is learned to its exact values: %s", async (_, { env: count = 1, ...options }: { env?: number } & Partial<DeepQOptions>) => {
    const exact = await solve(corridor, { objective: options.objective, epsilon: 1e-9 });
    const result = await deepQLearning(Array.from({ length: count }, env), { ...short, ...options });
    expect(result).toMatchObject({ method: "deep-q-learning", certified: false, status: "done", backend: "cpu" });
    const q = table(result.network);
    for (const s of [0, 1, 2] as const)
      for (const a of corridor.feasibleActions(s)) expect(Math.abs(q[s]![corridor.actions.indexOf(a)]! - exact.q.at(s, a)), `Q(${s}, ${a})`).toBeLessThan(0.15);
    const worth = await evaluatePolicy(corridor, networkPolicy(corridor, cells, result.network), { objective: options.objective });
    expect(worth.value.at(0)).toBeCloseTo(exact.value.at(0), 5);
  });

  test("several steps ahead come to the exact values where exploring ends", async () => {
    const explore = linearDecay({ from: 1, to: 0, steps: 600 });
    const { network } = await deepQLearning([env(), env()], { ...short, stepsAhead: 3, explore, memory: 300 });
    expect(Math.max(...table(network)[0]!)).toBeCloseTo((await solve(corridor)).value.at(0), 1);
  });
});

describe("tensors", () => {
  test("none is left, whether learning ends, is aborted, or an environment fails", async () => {
    const before = tf.memory().numTensors;
    await deepQLearning(env(), { ...short, steps: 300, evaluate: { every: 50, run: () => 0 } });
    expect(tf.memory().numTensors).toBe(before);
    const abort = new AbortController();
    const aborted = await deepQLearning(env(), {
      ...short,
      steps: 1e6,
      signal: abort.signal,
      evaluate: {
        every: 200,
        until: () => {
          abort.abort();
          return false;
        },
      },
    });
    expect(aborted.status).toBe("aborted");
    expect(aborted.steps).toBe(200);
    expect(tf.memory().numTensors).toBe(before);
    await expect(deepQLearning(failing(250, Number.NaN), { ...short, discount: 0.9 })).rejects.toThrow(EnvProtocolError);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("the same seed gives the same run, and looking changes nothing", async () => {
  const run = async (seed: number, options: Partial<DeepQOptions> = {}) =>
    (await deepQLearning(env(), { ...short, steps: 200, seed, ...options })).network.toJSON();
  const first = await run(5);
  expect(await run(5)).toEqual(first);
  expect(await run(5, { evaluate: { every: 30, run: ({ network }) => network.best([1, 0, 0, 0]) } })).toEqual(first);
  expect(await run(6)).not.toEqual(first);
});

test('keep: "best" answers the first network of the best score, and until ends the run', async () => {
  const scores = [1, 5, 5, 2];
  const networks: QNetwork[] = [];
  const result = await deepQLearning(env(), {
    ...short,
    steps: 4000,
    keep: "best",
    evaluate: {
      every: 100,
      run: ({ network }) => {
        networks.push(network);
        return scores[networks.length - 1]!;
      },
      until: () => networks.length === 4,
    },
  });
  expect(result.steps).toBe(400);
  expect(result.history.map(({ score }) => score)).toEqual(scores);
  expect(result.network).toBe(networks[1]);
});

test("weights that stop being numbers are told as diverged, not answered", async () => {
  const result = await deepQLearning(env(), { ...short, learningRate: 1e38, evaluate: { every: 100 } });
  expect(result.status).toBe("diverged");
  expect(result.network.layers.every(({ weight }) => weight.every(Number.isFinite))).toBe(true);
});

test("a network is plain data: saved, read, asked without tensors", async () => {
  const { network } = await deepQLearning(env(), { ...short, steps: 200 });
  const before = tf.memory().numTensors;
  const read = QNetwork.fromJson(JSON.parse(JSON.stringify(network)));
  expect(read.values([0, 1, 0, 0])).toEqual(network.values([0, 1, 0, 0]));
  expect(tf.memory().numTensors).toBe(before);
  expect(() => network.values([1, 2])).toThrow(ShapeError);
  expect(() => network.best([1, 0, 0, 0], new Uint8Array(3))).toThrow(/no action is feasible/);
  expect(network.best([1, 0, 0, 0], Uint8Array.of(0, 0, 1))).toBe(2);
  const [layer] = network.layers;
  expect(() => new QNetwork([layer!, layer!])).toThrow(ShapeError);
});

test("greedy episodes are the same by the same seed, and count to the pole's limit", async () => {
  const { network } = await deepQLearning(cartPole(), { ...short, steps: 150, discount: 0.99 });
  const first = await greedyEpisodes(cartPole(), network, { episodes: 5, seed: "a" });
  expect(first.returns).toHaveLength(5);
  expect(await greedyEpisodes(cartPole(), network, { episodes: 5, seed: "a" })).toEqual(first);
  expect((await greedyEpisodes(cartPole({ maxSteps: 3 }), network, { episodes: 2, discount: 0.5 })).meanReturn).toBe(1.75);
  await expect(greedyEpisodes(cartPole(), network, { episodes: 0 })).rejects.toThrow(OptionError);
});

test("refuses what does not fit", async () => {
  const run = (options: Partial<DeepQOptions>) => deepQLearning(env(), { ...short, ...options });
  for (const wrong of [
    { steps: 0 },
    { batchSize: 0 },
    { hidden: [0] },
    { learningRate: 0 },
    { discount: 2 },
    { explore: -1 },
    { warmUp: 1 },
    { memory: 3 },
    { stepsAhead: 0 },
  ])
    await expect(run(wrong), JSON.stringify(wrong)).rejects.toThrow(OptionError);
  await expect(run({ keep: "best" })).rejects.toThrow(/evaluate/);
  await expect(deepQLearning(cartPole(), { steps: 10 })).rejects.toThrow(/discount/);
  await expect(deepQLearning([], { steps: 10 })).rejects.toThrow(OptionError);
  const one = env();
  await expect(deepQLearning([one, one], short)).rejects.toThrow(/an environment of its own/);
  await expect(deepQLearning([cartPole(), env()] as ObservationEnv<string>[], short)).rejects.toThrow(ShapeError);
  await expect(run({ tf: {} })).rejects.toThrow(BackendError);
  await expect(deepQLearning(failing(0, 0), { ...short, discount: 0.9 })).rejects.toThrow(EnvProtocolError);
  expect(() => networkPolicy(corridor, cells, new QNetwork([{ inputs: 4, outputs: 2, weight: new Float32Array(8), bias: new Float32Array(2) }]))).toThrow(
    ShapeError,
  );
});

/** An environment that answers a wrong number after some steps: in its reward, or with 0, in what it shows. */
function failing(after: number, reward: number): ObservationEnv<string> {
  let steps = 0;
  const answer = (): ObservationStep => ({
    observation: Float32Array.of(reward === 0 && steps >= after ? Number.NaN : 0),
    reward: steps >= after ? reward : 0,
    terminated: false,
    truncated: false,
  });
  return {
    observationSize: 1,
    actions: LabelIndex.list("action", ["a", "b"]),
    discount: undefined,
    reset: answer,
    step: () => {
      steps++;
      return answer();
    },
  };
}
