// Steps allocate nothing once they are compiled: the heap grows by no more than the measuring itself takes.
import { getHeapStatistics } from "node:v8";
import { expect, it } from "vitest";
import { type Env, grid, toEnv } from "../../../src/envs/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { epsilonGreedy } from "../../../src/policies/index.ts";

const STEPS = 20_000;

/** Bytes a step, the median of several runs: a collection in one of them does not count. */
function bytesPerStep(run: () => void): number {
  for (let k = 0; k < 40; k++) run();
  const deltas = Array.from({ length: 15 }, () => {
    const before = getHeapStatistics().used_heap_size;
    run();
    return getHeapStatistics().used_heap_size - before;
  }).sort((x, y) => x - y);
  return (deltas[7] ?? Number.NaN) / STEPS;
}

/** The least of several measurements: on a busy machine code is compiled late. */
function leastBytesPerStep(run: () => void): number {
  return Math.min(...Array.from({ length: 4 }, () => bytesPerStep(run)));
}

/** Random actions, rewards added up. */
function playing(env: Env<unknown, unknown>, rng: Rng): () => void {
  const q = new Float64Array(env.choices.choiceAction.length);
  const explore = epsilonGreedy(0.3);
  const { stateChoices, choiceAction } = env.choices;
  let { state } = env.reset();
  return () => {
    let total = 0;
    for (let i = 0; i < STEPS; i++) {
      const choice = explore.pick(q, stateChoices[state]!, stateChoices[state + 1]!, rng, 0);
      const step = env.step(choiceAction[choice]!);
      q[choice] = q[choice]! + 0.1 * (step.reward - q[choice]!);
      total += step.reward;
      state = step.terminated || step.truncated ? env.reset().state : step.state;
    }
    if (!(total < 0)) throw new Error("every step costs something");
  };
}

it("step, reset and an explorer's pick allocate nothing", () => {
  const { mdp } = grid({ rows: 20, columns: 20, slip: 0.2 });
  expect(leastBytesPerStep(playing(toEnv(mdp, { maxSteps: 100 }), new Rng(1)))).toBeLessThan(1);
});

it("a step that answers an object of its own would be seen", () => {
  const { mdp } = grid({ rows: 20, columns: 20, slip: 0.2 });
  const env = toEnv(mdp, { maxSteps: 100 });
  const kept: unknown[] = [];
  const wasteful: Env<unknown, unknown> = {
    states: env.states,
    actions: env.actions,
    choices: env.choices,
    discount: env.discount,
    reset: () => ({ ...env.reset() }),
    step: (action) => {
      const copy = { ...env.step(action) };
      kept[0] = copy;
      return copy;
    },
  };
  expect(leastBytesPerStep(playing(wasteful, new Rng(1)))).toBeGreaterThan(8);
});
