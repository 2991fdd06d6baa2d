// A gate: an optimal prior is dropped no more often than stated, a harmful one soon, and the result says when and why.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Env, maze, toEnv } from "../../../src/envs/index.ts";
import { FormatError, OptionError, ShapeError } from "../../../src/errors.ts";
import { buildMdp, type Label, type Mdp, startAt } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { epsilonGreedy, Policy, policySpace } from "../../../src/policies/index.ts";
import { solve } from "../../../src/solvers/index.ts";
import { BettingTest } from "../../../src/solvers/learning/betting-test.ts";
import { expectedSarsa, type LearnOptions, type LearnResult, type PriorGateReport, qLearning, sarsa } from "../../../src/solvers/learning/index.ts";
import { bare, ring } from "./environments.ts";

type Learner = (env: Env<number, number>, options: LearnOptions<number, number>) => Promise<LearnResult<number, number>>;

/** One decision: action a pays 1 with probability chances[a], else nothing. Returns are as noisy as they can be. */
function lottery(chances: readonly number[], objective: "maximize" | "minimize" = "maximize"): Mdp<number, number> {
  return buildMdp<number, number>({ states: 3, actions: chances.length, discount: 0.9, initial: startAt(0), objective }, (s, model) => {
    if (s > 0) {
      model.terminal();
      return;
    }
    for (const [a, chance] of chances.entries()) {
      model.choice(a);
      model.branch(1, chance, 1);
      model.branch(2, 1 - chance, 0);
    }
  });
}

function always(mdp: Mdp<number, number>, action: number): Policy<number, number> {
  return Policy.from(policySpace(mdp), () => action);
}

function gateOf(result: { readonly gate?: PriorGateReport }): PriorGateReport {
  if (result.gate === undefined) throw new Error("no gate");
  return result.gate;
}

describe("BettingTest", () => {
  it("starts at 1, has the wealth that the bets have won, and goes on from what it saved", () => {
    const test = new BettingTest();
    expect(test.evidence).toBe(1);
    const again = new BettingTest();
    for (const [i, x] of [0.5, -1, 1, 0.25, -0.5].entries()) {
      test.observe(x);
      if (i === 2) again.load(test.save());
      if (i > 2) again.observe(x);
    }
    // The mixture, written out: sum over starts and stakes of weight times product.
    let mixture = 1 / 6;
    for (const stake of [1 / 8, 1 / 4, 1 / 2, 1])
      for (let j = 1; j <= 5; j++) mixture += [0.5, -1, 1, 0.25, -0.5].slice(j - 1).reduce((w, x) => w * (1 + stake * x), 1 / (4 * j * (j + 1)));
    expect(test.evidence).toBeCloseTo(mixture, 12);
    expect(again.evidence).toBe(test.evidence);
    expect(() => again.load([1, 2])).toThrow(FormatError);
  });

  it("gains nothing on average under the hypothesis, whatever the numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 30 }), fc.double({ min: 0, max: 1, noNaN: true }), (seen, x) => {
        const grown = (y: number) => {
          const test = new BettingTest();
          for (const past of seen) test.observe(past);
          const before = test.evidence;
          test.observe(y);
          return test.evidence / before;
        };
        // x and -x, alike: the fairest bet that the hypothesis allows.
        expect((grown(x) + grown(-x)) / 2).toBeCloseTo(1, 9);
      }),
      { numRuns: 200 },
    );
  });

  it("crosses 1/δ in at most δ of the fair streams, and notices a change after a long time of the contrary", () => {
    let crossed = 0;
    for (let seed = 0; seed < 500; seed++) {
      const rng = new Rng(seed);
      const test = new BettingTest();
      for (let i = 0; i < 300 && test.evidence < 5; i++) test.observe(rng.chance(0.5) ? 1 : -1);
      if (test.evidence >= 5) crossed++;
    }
    // 0.2 and three standard errors.
    expect(crossed / 500).toBeLessThan(0.2 + 3 * Math.sqrt((0.2 * 0.8) / 500));
    expect(crossed).toBeGreaterThan(5);
    const late = new BettingTest();
    for (let i = 0; i < 200; i++) late.observe(-0.5);
    for (let i = 0; i < 40; i++) late.observe(0.5);
    expect(late.evidence).toBeGreaterThan(20);
  });
});

describe("a gate", () => {
  it("drops an optimal prior in no more runs than stated, though the learner comes to be as good", async () => {
    const mdp = lottery([0.5, 0.5, 0.3]);
    const seeds = 200;
    let dropped = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const result = await qLearning(toEnv(mdp), {
        steps: 600,
        seed,
        explore: epsilonGreedy(0),
        initialQ: 1,
        gate: { prior: always(mdp, 0), errorProbability: 0.2 },
      });
      if (gateOf(result).dropped !== null) dropped++;
      else expect(gateOf(result).pairs).toBe(300);
    }
    expect(dropped).toBeGreaterThan(0);
    expect(dropped / seeds).toBeLessThan(0.2 + 3 * Math.sqrt((0.2 * 0.8) / seeds));
  });

  it.each(["maximize", "minimize"] as const)("drops a bad prior soon in every run, and not a good one (%s)", async (objective) => {
    const mdp = lottery([0.9, 0.1], objective);
    const [best, worst] = objective === "maximize" ? [0, 1] : [1, 0];
    for (let seed = 0; seed < 10; seed++) {
      const run = async (action: number) => gateOf(await qLearning(toEnv(mdp), { steps: 4000, seed, gate: { prior: always(mdp, action) } }));
      const [bad, good] = [await run(worst), await run(best)];
      expect(bad.dropped?.episode).toBeLessThan(200);
      expect(Math.abs((bad.priorReturn ?? 0.5) - mdp.branches(0, worst)[0]!.probability)).toBeLessThan(0.3);
      expect(good.dropped).toBeNull();
    }
  });

  it.each<[string, Learner]>([
    ["qLearning", qLearning],
    ["sarsa", sarsa],
    ["expectedSarsa", expectedSarsa],
  ])("is obeyed by %s, and says when and why", async (_name, learn) => {
    const mdp = lottery([0.95, 0.05]);
    const result = await learn(toEnv(mdp), {
      steps: 3000,
      seed: 1,
      explore: epsilonGreedy(0),
      initialQ: 1,
      gate: { prior: always(mdp, 1), errorProbability: 0.01 },
    });
    const { dropped, evidence, pairs, priorReturn, ownReturn } = gateOf(result);
    expect(dropped?.episode).toBe(2 * pairs);
    expect(dropped?.reason).toMatch(/following the prior returned [\d.]+ on average over \d+ episodes, .* reached 100/);
    expect(evidence).toBeGreaterThanOrEqual(100);
    expect(priorReturn).toBeLessThan(ownReturn ?? 0);
    // Nothing explores, so the bad action was taken by the prior alone, and no more once it had been dropped.
    expect(result.visits[1]).toBeLessThan(dropped?.step ?? 0);
    const longer = await learn(toEnv(mdp), {
      steps: 6000,
      seed: 1,
      explore: epsilonGreedy(0),
      initialQ: 1,
      gate: { prior: always(mdp, 1), errorProbability: 0.01 },
    });
    expect(longer.visits[1]).toBe(result.visits[1]);
    expect(gateOf(longer)).toEqual(gateOf(result));
  });

  it("drops advice away from the goal of the maze, and not the way there", async () => {
    const { mdp } = maze();
    const best = (await solve(mdp)).policy;
    const away = Policy.from<Label, Label>(policySpace(mdp), () => "up");
    for (let seed = 0; seed < 5; seed++) {
      const run = (prior: Policy<Label, Label>) => qLearning(toEnv(mdp, { maxSteps: 200 }), { steps: 40_000, seed, gate: { prior } });
      const [bad, good] = [gateOf(await run(away)), gateOf(await run(best))];
      expect(bad.dropped?.episode).toBeLessThan(100);
      // Never arrived: at most γ^200 could have followed.
      expect(bad.priorReturn).toBeCloseTo(0.99 ** 200, 9);
      expect(good.dropped).toBeNull();
      expect(good.priorReturn).toBeCloseTo(0.99 ** 5, 9);
    }
  });

  it("takes advice as it is drawn where told to, and forgives what margin says", async () => {
    const mdp = lottery([0.9, 0.5]);
    const prior = Policy.from<number, number>(policySpace(mdp), () => [
      [0, 0.55],
      [1, 0.45],
    ]);
    const run = async (gate: object) =>
      gateOf(await qLearning(toEnv(mdp), { steps: 20_000, seed: 4, explore: epsilonGreedy(0), initialQ: 1, gate: { prior, ...gate } }));
    expect((await run({})).dropped).toBeNull();
    expect((await run({ advice: "sampled" })).dropped).not.toBeNull();
    expect((await run({ advice: "sampled", margin: 0.5 })).dropped).toBeNull();
  });

  it("goes on from a saved state as if it had never stopped, also in the middle of an episode", async () => {
    const model = ring();
    const prior = Policy.from(policySpace(model), () => 1);
    const env = () => toEnv(model, { maxSteps: 6 });
    const gate = { prior, errorProbability: 0.5, returns: [-18, 0] as const };
    const whole = await qLearning(env(), { steps: 3000, seed: 2, gate });
    expect(gateOf(whole).pairs).toBeGreaterThan(3);
    for (const steps of [100, 101, 102, 103]) {
      const { state } = await qLearning(env(), { steps, seed: 2, gate });
      const rest = await qLearning(env(), { steps: 3000, gate, resume: JSON.parse(JSON.stringify(state)) });
      expect(rest.q.array).toEqual(whole.q.array);
      expect(gateOf(rest)).toEqual(gateOf(whole));
    }
    const plain = (await qLearning(env(), { steps: 100, seed: 2 })).state;
    await expect(qLearning(env(), { steps: 200, gate, resume: plain })).rejects.toThrow(FormatError);
  });

  it("refuses what it cannot test by", async () => {
    const mdp = lottery([0.9, 0.1]);
    const run = (gate: object, env: Env<number, number> = toEnv(mdp), discount = 0.9) =>
      qLearning(env, { steps: 100, discount, gate: { prior: always(mdp, 0), ...gate } });
    for (const errorProbability of [0, 1, Number.NaN]) await expect(run({ errorProbability })).rejects.toThrow(OptionError);
    await expect(run({ margin: -1 })).rejects.toThrow(OptionError);
    await expect(run({ advice: "loud" })).rejects.toThrow(OptionError);
    await expect(run({ returns: [1, 0] })).rejects.toThrow(/the lower first/);
    await expect(run({ returns: [0, 0.5] })).rejects.toThrow(/pass wider returns/);
    await expect(run({}, bare(toEnv(mdp)))).rejects.toThrow(/pass returns/);
    await expect(run({}, toEnv(ring()), 1)).rejects.toThrow(ShapeError);
    const going = ring();
    await expect(qLearning(toEnv(going), { steps: 1, discount: 1, gate: { prior: always(going, 0) } })).rejects.toThrow(/do not bound/);
    expect((await qLearning(toEnv(mdp), { steps: 100 })).gate).toBeUndefined();
  });
});
