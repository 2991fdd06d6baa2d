// Batched Q-learning on the device of tfjs's WebGPU backend: the same draws, the same tables as the CPU's, bit by bit. Skipped without an adapter.
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { create, globals } from "webgpu";
import { frozenLake, garnet, recyclingRobot } from "../../src/envs/index.ts";
import { BackendError, OptionError } from "../../src/errors.ts";
import { defineMdp, type Mdp } from "../../src/mdp/index.ts";
import { CpuBatchedLearner } from "../../src/solvers/learning/batched/batched-learner.ts";
import { type BatchedQLearningOptions, batchedPlan, batchedQLearning } from "../../src/solvers/learning/batched/batched-q-learning.ts";
import { WebGpuBatchedLearner } from "../../src/solvers/learning/batched/webgpu-batched-learner.ts";

/** The device of tfjs's backend, or why there is none. */
async function tfjsDevice(): Promise<GPUDevice | string> {
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu: create([]) }, configurable: true });
  if ((await navigator.gpu.requestAdapter()) === null) return "WebGPU found no adapter";
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!(await tf.setBackend("webgpu"))) return "tfjs could not start its WebGPU backend";
  return (tf.backend() as unknown as { readonly device: GPUDevice }).device;
}

const gpu = await tfjsDevice();

/** Pays by branch, ends by branch, offers different actions by state. */
const toll = defineMdp({
  states: ["gate", "road", "end"],
  actions: ["pay", "run", "wait"],
  discount: 0.95,
  terminal: ["end"],
  feasible: (s) => (s === "gate" ? ["pay", "run", "wait"] : ["run"]),
  transition: (s, a) =>
    s === "road"
      ? [
          ["gate", 0.6],
          ["end", 0.4],
        ]
      : a === "wait"
        ? s
        : [["road", a === "pay" ? 1 : 0.3], ...(a === "pay" ? [] : ([["gate", 0.7]] as const))],
  reward: (_, a, next) => (a === "pay" ? -1 : a === "run" ? (next === "gate" ? -2 : next === "end" ? 7 : 0.5) : -0.1),
});

const CASES: readonly (readonly [string, Mdp<never, never>, Partial<BatchedQLearningOptions>])[] = [
  ["the recycling robot", recyclingRobot().mdp as unknown as Mdp<never, never>, {}],
  ["costs, minimised", recyclingRobot().mdp as unknown as Mdp<never, never>, { objective: "minimize", explore: 0.5 }],
  ["episodes that end and are cut off", frozenLake().mdp as unknown as Mdp<never, never>, { maxSteps: 17, explore: 0.4 }],
  ["rewards by branch, fewer actions", toll as unknown as Mdp<never, never>, { maxSteps: 5, learningRate: 0.1 }],
  [
    "more choices than environments",
    garnet({ states: 500, actions: 5, branches: 8, seed: 1 }).mdp as unknown as Mdp<never, never>,
    { discount: 0.99, envs: 70 },
  ],
  ["many environments at few choices", toll as unknown as Mdp<never, never>, { envs: 3000, explore: 1, initialQ: -3 }],
];

describe.skipIf(typeof gpu === "string")(`on WebGPU${typeof gpu === "string" ? ` (skipped: ${gpu})` : ""}`, () => {
  const device = gpu as GPUDevice;

  test.each(CASES)("%s: every table, state and counter equals the CPU's", { timeout: 120_000 }, async (_, mdp, options) => {
    const { model, rule, initialQ } = batchedPlan(mdp, { envs: 130, seed: 11, steps: 0, ...options });
    const cpu = new CpuBatchedLearner(model, rule, initialQ);
    const learner = await WebGpuBatchedLearner.start(device, model, rule, initialQ);
    const cuts = Uint32Array.from({ length: 150 }, (_x, t) =>
      Math.floor(0xffffffff * (typeof options.explore === "number" ? options.explore : 0.2) * (1 - t / 300)),
    );
    for (const part of [cuts.subarray(0, 40), cuts.subarray(40)]) {
      await cpu.advance(part);
      await learner.advance(part);
    }
    const [expected, got] = [await cpu.read(), await learner.read()];
    learner.release();
    expect(got).toEqual(expected);
    expect(expected.q.some((x) => x !== initialQ[0])).toBe(true);
  });

  test("the public function answers the same on either, and says where it ran", async () => {
    const { mdp } = recyclingRobot();
    const options = { envs: 64, steps: 200, seed: "both" };
    const [cpu, onGpu] = [await batchedQLearning(mdp, options), await batchedQLearning(mdp, { ...options, gpu: device })];
    expect([cpu.device, onGpu.device]).toEqual(["cpu", "webgpu"]);
    expect(onGpu.q.array).toEqual(cpu.q.array);
    expect(onGpu.episodes).toBe(cpu.episodes);
  });

  test("a model longer than the device binds is refused before anything is allocated", async () => {
    const { model, rule, initialQ } = batchedPlan(recyclingRobot().mdp, { steps: 1 });
    const small = new Proxy(device, { get: (target, name) => (name === "limits" ? { maxStorageBufferBindingSize: 64 } : Reflect.get(target, name, target)) });
    await expect(WebGpuBatchedLearner.start(small, model, rule, initialQ)).rejects.toThrow(BackendError);
  });
});

test("what is no device is refused", async () => {
  await expect(batchedQLearning(recyclingRobot().mdp, { steps: 1, gpu: {} })).rejects.toThrow(OptionError);
});
