// Posterior sampling: exact regret 0 in few episodes, also behind a harmful prior; the draws have the distribution stated; same seed, same run; resume, abort, wrong inputs.
import { describe, expect, it } from "vitest";
import { type Env, makeBuiltIn, maze, recyclingRobot, toEnv } from "../../../src/envs/index.ts";
import { EnvProtocolError, FormatError, OptionError, ShapeError } from "../../../src/errors.ts";
import type { Label, Mdp } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { Policy, policySpace } from "../../../src/policies/index.ts";
import { policyRegret, solve } from "../../../src/solvers/index.ts";
import { type LearnerState, posteriorSampling, qLearning } from "../../../src/solvers/learning/index.ts";
import { gamma, normal } from "../../../src/solvers/learning/posterior/gamma.ts";
import { ModelPosterior } from "../../../src/solvers/learning/posterior/model-posterior.ts";
import { priorBonus } from "../../../src/solvers/learning/posterior/prior-bonus.ts";
import { bare, ring } from "./environments.ts";

const robot = recyclingRobot().mdp;
const slippery = makeBuiltIn("maze:0000/1101/0000/1010,slip=0.2").mdp;
const json = (state: LearnerState): LearnerState => JSON.parse(JSON.stringify(state)) as LearnerState;

/** The policy that takes the worst action there is, for sure. */
async function harmful(mdp: Mdp<Label, Label>): Promise<Policy<Label, Label>> {
  const { q } = await solve(mdp, { epsilon: 1e-9 });
  const sign = mdp.objective === "minimize" ? -1 : 1;
  return Policy.from<Label, Label>(policySpace(mdp), (s) => [...q.row(s)].reduce((a, b) => (sign * b[1] < sign * a[1] ? b : a))[0]);
}

/** The exact regret at the start after so many episodes, the worst of 8 seeds. */
async function worstRegret(mdp: Mdp<Label, Label>, options: { readonly episodes: number; readonly prior?: Policy<Label, Label> }): Promise<number> {
  const best = await solve(mdp, { epsilon: 1e-9 });
  let worst = 0;
  for (let seed = 0; seed < 8; seed++) {
    const { policy } = await posteriorSampling(toEnv(mdp, { maxSteps: 60 }), { ...options, seed });
    worst = Math.max(worst, (await policyRegret(mdp, policy, best, { states: Int32Array.of(0) })).max);
  }
  return worst;
}

describe("posteriorSampling", () => {
  it.each<[string, Mdp<Label, Label>]>([
    ["the recycling robot", robot],
    ["the 4x4 maze", maze().mdp],
    ["a slippery 4x4 maze", slippery],
    ["the robot with its rewards as costs", robot.with({ objective: "minimize" })],
  ])("learns %s to exact regret 0 within 60 episodes, whatever advises it", async (_name, mdp) => {
    const { policy } = await solve(mdp);
    expect(await worstRegret(mdp, { episodes: 60 })).toBeLessThan(1e-8);
    expect(await worstRegret(mdp, { episodes: 60, prior: await harmful(mdp) })).toBeLessThan(1e-8);
    expect(await worstRegret(mdp, { episodes: 60, prior: policy })).toBeLessThan(1e-8);
  });

  it("gets there sooner by good advice", async () => {
    const { policy } = await solve(maze().mdp);
    expect(await worstRegret(maze().mdp, { episodes: 5, prior: policy })).toBeLessThan(1e-8);
    expect(await worstRegret(maze().mdp, { episodes: 5 })).toBeGreaterThan(0.5);
  });

  it("averages rewards that are drawn at random", async () => {
    const rng = new Rng("noise");
    const env = bare(toEnv(robot, { maxSteps: 60 }));
    const noisy: Env<Label, Label> = {
      ...env,
      step: (action) => {
        const step = env.step(action);
        return { ...step, reward: step.reward + (rng.chance(0.5) ? 4 : -4) };
      },
    };
    const learned = await posteriorSampling(noisy, { episodes: 150, seed: 3, returns: [-100, 100] });
    expect([learned.policy.action("high"), learned.policy.action("low")]).toEqual(["search", "recharge"]);
    expect(learned.value.at("high")).toBeGreaterThan(0.8 * (2500 / 59));
    expect(learned.value.at("high")).toBeLessThan(1.1 * (2500 / 59));
  });

  it("is the same run by the same seed, another by another, and goes on from JSON as if it had never stopped", async () => {
    for (const env of [() => toEnv(slippery, { maxSteps: 60 }), () => bare(toEnv(slippery, { maxSteps: 60 }))]) {
      const run = (options: object) => posteriorSampling(env(), { episodes: 30, returns: [0, 1], ...options });
      const whole = await run({ seed: 5 });
      const again = await run({ seed: 5 });
      expect(again.q.array).toEqual(whole.q.array);
      expect(again.steps).toBe(whole.steps);
      expect((await run({ seed: 6 })).q.array).not.toEqual(whole.q.array);
      const half = await run({ seed: 5, episodes: 11 });
      const rest = await run({ resume: json(half.state) });
      expect(rest.q.array).toEqual(whole.q.array);
      expect(rest.visits).toEqual(whole.visits);
      expect([rest.steps, rest.episodes]).toEqual([whole.steps, 30]);
    }
  });

  it("counts what it did, in a history and in visits", async () => {
    const { history, episodes, steps, visits, status } = await posteriorSampling(toEnv(robot, { maxSteps: 10 }), { episodes: 300 });
    expect([status, episodes, steps]).toEqual(["done", 300, 3000]);
    expect(visits.reduce((sum, n) => sum + n)).toBe(3000);
    expect(history).toHaveLength(100);
    expect(history.at(-1)).toMatchObject({ episodes: 300, steps: 3000, episodeLength: 10 });
    const cut = await posteriorSampling(toEnv(robot), { episodes: 5, steps: 37 });
    expect([cut.status, cut.steps, cut.episodes]).toEqual(["done", 37, 1]);
  });

  it("tells how far it is, and stops in the middle of an endless episode when told to", async () => {
    const controller = new AbortController();
    let told = 0;
    const endless = await posteriorSampling(toEnv(robot), {
      episodes: 1,
      signal: controller.signal,
      onProgress: () => {
        if (++told === 2) controller.abort();
      },
    });
    expect(endless.status).toBe("aborted");
    expect(told).toBeGreaterThanOrEqual(2);
    expect(endless.episodes).toBe(0);
    expect(endless.visits.reduce((sum, n) => sum + n)).toBe(endless.steps);
    expect((await posteriorSampling(toEnv(robot, { maxSteps: 5 }), { episodes: 9, signal: AbortSignal.abort() })).steps).toBe(0);
  });

  it("refuses what it cannot learn by", async () => {
    const env = () => toEnv(robot, { maxSteps: 5 });
    const run = (options: object, on: Env<Label, Label> = env()) => posteriorSampling(on, { episodes: 3, ...options });
    for (const wrong of [{ episodes: -1 }, { episodes: 1.5 }, { steps: -1 }, { concentration: 0 }, { returns: [1, 1] }, { discount: 1 }, { discount: 2 }])
      await expect(run(wrong)).rejects.toThrow(OptionError);
    await expect(run({}, bare(env()))).rejects.toThrow(/pass returns/);
    const prior = Policy.uniform(policySpace(robot));
    for (const wrong of [{ priorWeight: -1 }, { priorVisits: 0 }, { priorFloor: 0 }]) await expect(run({ prior, ...wrong })).rejects.toThrow(OptionError);
    await expect(run({ prior: Policy.uniform(policySpace(slippery)) })).rejects.toThrow(ShapeError);
    const { state } = await run({});
    await expect(run({ resume: state, seed: 9 })).rejects.toThrow(/leave seed out/);
    await expect(run({ resume: state, objective: "minimize" })).rejects.toThrow(OptionError);
    await expect(run({ resume: { ...state, agent: {} } })).rejects.toThrow(FormatError);
    await expect(run({ resume: { ...state, agent: { ...state.agent, next: [99] } } })).rejects.toThrow(FormatError);
    await expect(run({ resume: (await qLearning(env(), { steps: 5 })).state })).rejects.toThrow(OptionError);
    const broken = { ...bare(env()), step: () => ({ state: 0, reward: Number.NaN, terminated: false, truncated: false }) };
    await expect(run({ returns: [0, 1] }, broken)).rejects.toThrow(EnvProtocolError);
  });
});

describe("the posterior", () => {
  it("draws Gamma and normal numbers of the right mean and variance", () => {
    const rng = new Rng("moments");
    for (const shape of [0.3, 1, 7.5]) {
      const draws = Float64Array.from({ length: 20_000 }, () => gamma(shape, rng));
      const mean = draws.reduce((sum, x) => sum + x) / draws.length;
      const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
      expect(Math.abs(mean / shape - 1)).toBeLessThan(0.06);
      expect(Math.abs(variance / shape - 1)).toBeLessThan(0.12);
    }
    const normals = Float64Array.from({ length: 20_000 }, () => normal(rng));
    expect(Math.abs(normals.reduce((sum, x) => sum + x) / normals.length)).toBeLessThan(0.03);
    expect(Math.abs(normals.reduce((sum, x) => sum + x * x, 0) / normals.length - 1)).toBeLessThan(0.05);
  });

  it("draws models around the counts, unseen outcomes worth the best; reports them worth the worst", () => {
    const env = toEnv(ring());
    const posterior = new ModelPosterior(env, { discount: 0.9, bounds: [-18, 5], concentration: 0.5 });
    // Choice 0: three times to state 1 at -1, once to state 0 at -2.
    for (const [next, reward] of [
      [1, -1],
      [1, -1],
      [0, -2],
      [1, -1],
    ] as const)
      posterior.observe(0, reward, next, false);
    const rng = new Rng("models");
    let [toOne, reward] = [0, 0];
    for (let i = 0; i < 4000; i++) {
      const drawn = posterior.sample(rng, () => 0);
      for (const { next, probability } of drawn.branches(0, 0)) if (next === 1) toOne += probability / 4000;
      reward += drawn.storage.reward[0]! / 4000;
    }
    expect(toOne).toBeCloseTo(3 / 4.5, 1);
    expect(Math.abs(reward - (3 * -1 - 2 + 0.5 * 5) / 4.5)).toBeLessThan(0.08);
    const { storage } = posterior.cautious();
    expect(storage.reward[0]).toBeCloseTo((3 * -1 - 2 + 0.5 * -18) / 4.5, 12);
    expect(storage.reward[1]).toBe(-18);
  });

  it("draws the mean reward of an outcome by its standard error", () => {
    const posterior = new ModelPosterior(toEnv(ring()), { discount: 0.9, bounds: [-18, 5], concentration: 1e-9 });
    for (const reward of [0, 2, 0, 2]) posterior.observe(0, reward, 1, false);
    const rng = new Rng("rewards");
    const drawn = Float64Array.from({ length: 4000 }, () => posterior.sample(rng, () => 0).storage.reward[0]!);
    expect(drawn.reduce((sum, r) => sum + r) / drawn.length).toBeCloseTo(1, 1);
    // Squared distances of 4 from the mean, among 4 · 3.
    expect(Math.abs(drawn.reduce((sum, r) => sum + (r - 1) ** 2, 0) / drawn.length - 4 / 12)).toBeLessThan(0.03);
  });

  it("lets advice fade with the visits of the state, not of the choice", () => {
    const env = toEnv(robot);
    const prior = Policy.from<Label, Label>(policySpace(robot), () => "wait");
    const visits = new Float64Array(5);
    const bonus = priorBonus(env, prior, visits, 40, { priorVisits: 4 });
    expect(bonus(0)).toBeCloseTo(4 * Math.log(0.05), 12);
    expect(bonus(1)).toBeCloseTo(0, 12);
    visits[1] = 12;
    expect(bonus(0)).toBeCloseTo((4 * Math.log(0.05)) / 4, 12);
    expect(bonus(2)).toBeCloseTo(4 * Math.log(0.05), 12);
  });
});
