// Real Gymnasium behind the bridge: the same returns as in Python alone, fast enough, and every failure named.
import { describe, expect, it } from "vitest";
import { learnInVector, policyPlanner, readTrace, runAgent, writeTrace } from "../../src/agent/index.ts";
import { makeBuiltIn, playVector } from "../../src/envs/index.ts";
import { BackendError, EnvProtocolError, OptionError } from "../../src/errors.ts";
import { type Label, type Mdp, rowOf } from "../../src/mdp/index.ts";
import { gymnasiumEnv } from "../../src/node/gymnasium/gymnasium-env.ts";
import { type GymnasiumVectorEnv, gymnasiumVector } from "../../src/node/gymnasium/gymnasium-vector-env.ts";
import { epsilonGreedy, Policy, policySpace } from "../../src/policies/index.ts";
import { evaluatePolicy, solve } from "../../src/solvers/index.ts";
import { needsGymnasium, playInPython, python } from "./python.ts";

needsGymnasium();

const PROBLEMS = [
  { id: "Taxi-v4", kwargs: {}, builtIn: "taxi", learnSteps: 150_000, learningRate: 1, explore: 0.3, withinOptimum: 0.5 },
  { id: "FrozenLake-v1", kwargs: { map_name: "4x4" }, builtIn: "frozen-lake:4x4", learnSteps: 60_000, learningRate: 0.05, explore: 0.5, withinOptimum: 0.1 },
] as const;

/** Each environment's episodes as pairs of reward and length. */
function pairs(play: Awaited<ReturnType<typeof playVector>>): [number, number][][] {
  return play.episodes.map((episodes) => episodes.map(({ reward, length }) => [reward, length]));
}

/**
 * Steps a second, by the clock and by the processor time of both sides together. The two take turns, so on a machine with nothing else to do both are the same;
 * on a busy one only the second says what the bridge can do. The best of three.
 */
async function speedOf(env: GymnasiumVectorEnv, policy: Policy<Label, Label>): Promise<{ readonly clock: number; readonly processor: number }> {
  let [clock, processor] = [0, 0];
  for (let i = 0; i < 3; i++) {
    const [own, theirs] = [process.cpuUsage(), await env.processorSeconds()];
    const { steps, seconds } = await playVector(env, policy, { steps: 40_000, seed: 5 });
    const { user, system } = process.cpuUsage(own);
    clock = Math.max(clock, steps / seconds);
    processor = Math.max(processor, steps / ((user + system) / 1e6 + (await env.processorSeconds()) - theirs));
  }
  return { clock, processor };
}

describe.each(PROBLEMS)("$id", ({ id, kwargs, builtIn, learnSteps, learningRate, explore, withinOptimum }) => {
  it("is played by a policy learned over the bridge, each return the one that Python alone gets, 20,000 steps a second", async () => {
    await using env = await gymnasiumVector(id, { python, kwargs, count: 256, discount: 0.99 });
    const learned = await learnInVector(env, { steps: learnSteps, learningRate, seed: 11, explore: epsilonGreedy(explore) });
    expect(learned.status).toBe("done");

    const play = await playVector(env, learned.policy, { episodes: 3, seed: 1000 });
    const seeds = Array.from({ length: env.size }, (_, i) => 1000 + i);
    expect(pairs(play)).toEqual(await playInPython({ env: id, kwargs, seeds, episodes: 3, policy: learned.policy }));

    // It did learn: near the certified optimum, where a random policy is far from it.
    const model = await env.model();
    const best = await solve(model, { epsilon: 1e-9 });
    const own = await evaluatePolicy(model, learned.policy);
    expect(startValue(model, best.value.array) - startValue(model, own.value.array)).toBeLessThan(withinOptimum);

    const speed = await speedOf(env, learned.policy);
    process.stdout.write(
      `${id}: ${Math.round(speed.clock)} steps a second, ${Math.round(speed.processor)} a second of processor time; ${env.size} environments in one Python process, gymnasium ${env.hello.gymnasium}\n`,
    );
    expect(speed.processor).toBeGreaterThan(20_000);
  });

  it("answers the same shared out to two processes, and by one environment a message", async () => {
    await using shared = await gymnasiumVector(id, { python, kwargs, count: 6, processes: 2, discount: 0.99 });
    const { policy } = await solve(await shared.model());
    const play = await playVector(shared, policy, { episodes: 2, seed: 40 });
    await using single = await gymnasiumVector(id, { python, kwargs, count: 1 });
    for (const [i, episodes] of pairs(play).entries()) expect(pairs(await playVector(single, policy, { episodes: 2, seed: 40 + i }))[0]).toEqual(episodes);
  });

  it("is played by an agent, its return the one that Python alone gets", async () => {
    await using env = await gymnasiumEnv(id, { python, kwargs, discount: 0.99, actions: makeBuiltIn(builtIn).mdp.actions.toArray().map(String) });
    const best = await solve(await env.model());
    for (const seed of [3, 4, 5]) {
      const result = await runAgent({ env, planner: policyPlanner(best.policy), seed });
      const [[expected] = []] = await playInPython({ env: id, kwargs, seeds: [seed], episodes: 1, policy: best.policy });
      expect([result.totalReward, result.steps]).toEqual(expected);
    }
  });

  it("has the table of the built-in, entry by entry", async () => {
    await using env = await gymnasiumVector(id, { python, kwargs, count: 1 });
    expect(entries(await env.model({ discount: 0.99 }))).toEqual(entries(makeBuiltIn(builtIn).mdp));
  });
});

describe("an agent whose environment process is ended", () => {
  it("ends whole, and goes on in a new process to the same end", async () => {
    const options = { python, kwargs: { is_slippery: true }, discount: 0.99 };
    await using whole = await gymnasiumEnv("FrozenLake-v1", options);
    const planner = policyPlanner(Policy.uniform<Label, Label>(policySpace(await whole.model({ discount: 0.99 }))), { name: "first of equals" });
    const expected = await runAgent({ env: whole, planner, seed: 21, learn: {}, budgets: { steps: 12 } });
    expect(expected.steps).toBe(12);

    const plug = new AbortController();
    const dying = await gymnasiumEnv("FrozenLake-v1", { ...options, signal: plug.signal });
    const first = await runAgent({
      env: dying,
      planner,
      seed: 21,
      onStep: ({ step }) => void (step === 4 && plug.abort(new BackendError("the plug was pulled."))),
    });
    expect(first).toMatchObject({ status: "environment-failed", steps: 5 });
    expect(first.trace.end).toMatchObject({ failure: { code: "backend", message: "the plug was pulled." } });

    await using fresh = await gymnasiumEnv("FrozenLake-v1", options);
    const resumed = await runAgent({ env: fresh, planner, learn: {}, budgets: { steps: 12 }, resume: readTrace(writeTrace(first.trace)) });
    expect(resumed.trace.steps).toEqual(expected.trace.steps);
    expect(resumed.q?.array).toEqual(expected.q?.array);
  });
});

describe("other spaces", () => {
  it("numbers a tuple of discrete parts, and plays it", async () => {
    await using env = await gymnasiumEnv("Blackjack-v1", { python });
    expect([env.states.size, env.actions.size]).toEqual([32 * 11 * 2, 2]);
    const { state } = await env.reset({ seed: 3 });
    expect(env.states.name(state)).toMatch(/^\(\d+,\d+,[01]\)$/);
    const sum = Number(/\d+/.exec(env.states.name(state))?.[0]);
    // Sticking ends the hand, in the state it was in.
    expect(await env.step(0)).toMatchObject({ state, terminated: true });
    expect(sum).toBeGreaterThanOrEqual(4);
    expect(sum).toBeLessThanOrEqual(21);
  });

  it("refuses a space that is not discrete, an environment that does not exist, and arguments it does not know", async () => {
    await expect(gymnasiumEnv("CartPole-v1", { python })).rejects.toThrow(/refused make: its observation space is Box.*expected Discrete/s);
    await expect(gymnasiumEnv("Taxii-v4", { python })).rejects.toThrow(/refused make: NameNotFound/);
    await expect(gymnasiumEnv("Taxi-v4", { python, kwargs: { wheels: 3 } })).rejects.toThrow(/refused make: TypeError/);
    await expect(gymnasiumVector("Taxi-v4", { python, count: 2 ** 20, processes: 0 })).rejects.toThrow(OptionError);
  });
});

describe("the protocol", () => {
  it("keeps Gymnasium's order: reset, steps, an end, reset", async () => {
    await using env = await gymnasiumEnv("FrozenLake-v1", { python, kwargs: { is_slippery: false, render_mode: "ansi" }, maxSteps: 3 });
    await expect(env.step(0)).rejects.toThrow("step before reset");
    await env.reset({ seed: 1 });
    expect(await env.render()).toContain("FFFH");
    await expect(env.step(4)).rejects.toThrow("step got action 4");
    expect(await env.step(0)).toEqual({ state: 0, reward: 0, terminated: false, truncated: false });
    await env.step(0);
    expect(await env.step(0)).toEqual({ state: 0, reward: 0, terminated: false, truncated: true });
    await expect(env.step(0)).rejects.toThrow("step after the end");
    await expect(env.reset({ seed: -1 })).rejects.toThrow("seed is -1, expected a whole number");
    await env.close();
    await expect(env.reset()).rejects.toThrow(EnvProtocolError);
  });

  it("has no model where the environment has no table", async () => {
    await using env = await gymnasiumEnv("Blackjack-v1", { python });
    await expect(env.model()).rejects.toThrow("Blackjack-v1 has no table P");
  });

  it("names what is missing", async () => {
    await expect(gymnasiumEnv("Taxi-v4", { python: "no-such-python" })).rejects.toThrow(BackendError);
  });
});

function startValue(mdp: Mdp<Label, Label>, value: Float64Array): number {
  if (mdp.initial === undefined) throw new Error("no initial states");
  const { state, probability } = mdp.initial;
  return state.reduce((sum, s, i) => sum + value[s]! * probability[i]!, 0);
}

/** Every branch of a model with its probability, by state, action and successor. */
function entries(mdp: Mdp<Label, Label>) {
  const { storage } = mdp;
  return {
    discount: mdp.discount,
    starts: mdp.initial,
    rows: Array.from({ length: storage.choiceCount }, (_, c) => {
      const row = rowOf(storage, c);
      const [from, to] = [storage.rowBranches[row]!, storage.rowBranches[row + 1]!];
      return {
        action: storage.choiceAction[c],
        reward: storage.reward[c],
        target: [...storage.target.subarray(from, to)],
        probability: [...storage.probability.subarray(from, to)],
      };
    }),
  };
}
