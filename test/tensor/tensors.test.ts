// mdpkit/tensor: operators, models and solutions as tensors.
import { describe, expect, test } from "vitest";
import { recyclingRobot } from "../../src/envs/index.ts";
import { InvalidModelError, ShapeError } from "../../src/errors.ts";
import { onBackend } from "../../src/kernels/tensor/index.ts";
import { solve } from "../../src/solvers/index.ts";
import { bellmanBackup, bellmanQ, fromTensors, greedyChoices, placeModel, policyBackup, type TensorLike, toTensors } from "../../src/tensor/index.ts";
import { backends } from "./backends.ts";

const robot = recyclingRobot().mdp;
const numbers = async (tensor: TensorLike) => Array.from((await tensor.data()) as Float32Array);

describe.each(await backends())("$name", (backend) => {
  if ("missing" in backend) {
    test("operators on tensors", (context) => context.skip(backend.missing));
    return;
  }
  const { tf } = backend;
  const current = backend.name === "composed on tfjs-cpu" ? "cpu" : backend.name;
  const here = <R>(work: () => R) => onBackend(tf, current, work);

  test.each(["maximize", "minimize"] as const)("operators are one backup, %s", async (objective) => {
    const mdp = robot.with({ objective });
    await tf.setBackend(current);
    const before = tf.memory().numTensors;
    const model = await placeModel(tf, mdp, { discount: 0.9 });
    const v = here(() => tf.tensor(Float32Array.of(3, -2), [2], "float32"));
    const zero = here(() => tf.tensor(new Float32Array(2), [2], "float32"));
    const [atZero, best, greedy] = [bellmanQ(model, zero), bellmanBackup(model, v), greedyChoices(model, v)];
    const followed = policyBackup(model, v, greedy);
    for (const [c, x] of (await numbers(atZero)).entries()) expect(x).toBeCloseTo(mdp.storage.reward[c]!, 5);
    const values = await numbers(best);
    for (const [s, x] of (await numbers(followed)).entries()) expect(x).toBeCloseTo(values[s]!, 5);
    const all = bellmanQ(model, v);
    const choices = await numbers(all);
    for (let s = 0; s < 2; s++) {
      const row = choices.slice(mdp.storage.stateChoices[s], mdp.storage.stateChoices[s + 1]);
      expect(values[s]).toBeCloseTo(objective === "maximize" ? Math.max(...row) : Math.min(...row), 5);
    }
    expect(() => bellmanQ(model, all)).toThrow(ShapeError);
    for (const tensor of [v, zero, atZero, best, greedy, followed, all]) tensor.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("a solution as tensors, its bounds rounded outwards", async () => {
    const best = await solve(robot, { epsilon: 1e-9 });
    const tensors = here(() => toTensors(best, tf));
    expect(await numbers(tensors.value)).toEqual(Array.from(best.value.array, Math.fround));
    expect(await numbers(tensors.policy)).toEqual([0, 2]);
    expect(tensors.q.shape).toEqual([2, 3]);
    expect((await numbers(tensors.q))[2]).toBeNaN();
    for (const [s, low] of (await numbers(tensors.lower)).entries()) expect(low).toBeLessThanOrEqual(best.bounds.lower.array[s]!);
    for (const [s, high] of (await numbers(tensors.upper)).entries()) expect(high).toBeGreaterThanOrEqual(best.bounds.upper.array[s]!);
    for (const tensor of Object.values(tensors)) tensor.dispose();
  });

  test("a model from tensors: float32 rows are normalised only if asked", async () => {
    const transition = here(() => tf.tensor(Float32Array.of(0.9, 0.1, 0.3, 0.7, 1, 0, 0, 1), [2, 2, 2], "float32"));
    const reward = here(() => tf.tensor(Float32Array.of(1, 2, 3, 4), [2, 2], "float32"));
    await expect(fromTensors({ transition, reward, discount: 0.9 })).rejects.toThrow(InvalidModelError);
    const mdp = await fromTensors({ transition, reward, discount: 0.9, normalize: true });
    expect(mdp.branches(0, 0).map(({ probability }) => probability)).toEqual([expect.closeTo(0.9, 6), expect.closeTo(0.1, 6)]);
    expect([mdp.reward(0, 1), mdp.reward(1, 0)]).toEqual([2, 3]);
    for (const tensor of [transition, reward]) tensor.dispose();
  });
});
