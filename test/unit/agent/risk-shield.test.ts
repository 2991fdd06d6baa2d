// The shield with a risk budget in the loop: small risks add up, the budget is carried, refusals offer what is allowed, a broken promise is noticed.
import { describe, expect, it } from "vitest";
import {
  allShields,
  explainTrace,
  guardedPolicy,
  guardedProcess,
  riskShield,
  runAgent,
  scriptedPlanner,
  valueShield,
  worstHarm,
} from "../../../src/agent/index.ts";
import { ExpectedRise } from "../../../src/agent/risk/expected-rise.ts";
import { frozenLake, toEnv } from "../../../src/envs/index.ts";
import { defineMdp, type Label, startAt } from "../../../src/mdp/index.ts";
import { Policy, policySpace } from "../../../src/policies/index.ts";
import { evaluatePolicy, solve } from "../../../src/solvers/index.ts";
import { Rational } from "../../support/rational.ts";

type Place = "road" | "home" | "ditch";
type Way = "hurry" | "walk";

/** Hurrying is worth 1 a step and falls into the ditch 1 time in 8; walking is safe. The road has no end. */
const road = defineMdp<Place, Way>({
  states: ["road", "home", "ditch"],
  actions: ["hurry", "walk"],
  discount: 0.9,
  initial: "road",
  terminal: ["home", "ditch"],
  transition: (_, way) =>
    way === "walk"
      ? "road"
      : [
          ["ditch", 0.125],
          ["road", 0.875],
        ],
  reward: (_, way) => (way === "hurry" ? 1 : 0),
});
const inDitch = (place: Place) => place === "ditch";

describe("riskShield", () => {
  it("lets small risks add up to the limit and no further", async () => {
    // 1 - (7/8)^2 = 0.234375 for two hurries, 0.33 for three.
    const shield = await riskShield(road, { harmful: inDitch, limit: 0.25 });
    shield.begin("road");
    let hurries = 0;
    for (let step = 0; step < 10; step++) {
      const way: Way = shield.blocks("road", "hurry") === undefined ? "hurry" : "walk";
      if (way === "hurry") hurries++;
      expect(shield.blocks("road", "walk")).toBeUndefined();
      shield.took("road", way, "road");
    }
    expect(hurries).toBe(2);
    expect(await worstHarm(await guardedProcess(shield))).toEqual({ lower: expect.closeTo(0.234375, 9), upper: expect.closeTo(0.234375, 9) });
  });

  it("offers what is allowed, in trace and feedback, and is explained", async () => {
    const shield = await riskShield(road, { harmful: inDitch, limit: 0.1 });
    const { trace } = await runAgent({ env: toEnv(road), planner: scriptedPlanner(["hurry", "walk"]), shield, budgets: { steps: 2 } });
    expect(trace.steps[0]?.shield).toEqual({
      shield: "risk budget",
      blocked: "hurry",
      reason: "it risks harm with probability 0.125 however careful all that follows is, and 0.1 is left of the 0.1 for the whole run",
      allowed: ["walk"],
    });
    expect(trace.steps[0]?.feedback).toContain("; allowed: walk)");
    expect(trace.steps[1]?.shield).toBeUndefined();
    const explained = explainTrace(await solve(road), trace, shield);
    expect(explained.steps[0]?.explanation?.sentence).toContain("the shield refused: it risks harm with probability 0.125");
    expect(explained.steps[1]?.explanation?.sentence).toContain("Harm from here on has probability at most 0.1.");
  });

  it("refuses a limit below what anyone can keep, and says what lies within reach", async () => {
    const forced = defineMdp({
      states: ["start", "safe", "lost"],
      actions: ["go"],
      discount: 1,
      initial: "start",
      terminal: ["safe", "lost"],
      transition: () => [
        ["safe", 0.7],
        ["lost", 0.3],
      ],
      reward: () => 0,
    });
    const harmful = (state: string) => state === "lost";
    await expect(riskShield(forced, { harmful, limit: 0.2 })).rejects.toThrow(
      /limit is 0\.2, expected at least the least probability of harm from the start, which lies in \[0\.(2999|3)\d*, 0\.3\d*\] whatever the agent does\. Hint: with limit: 0\.3\d* there is/,
    );
    expect((await riskShield(forced, { harmful, limit: 0.3000001 })).least.at("start")).toBeCloseTo(0.3, 9);
    await expect(riskShield(road, { harmful: inDitch, limit: 1.5 })).rejects.toThrow("limit is 1.5");
    await expect(riskShield(road, { harmful: inDitch, limit: 0.1, steps: 0 })).rejects.toThrow("steps is 0");
    await expect(riskShield(frozenLake().mdp.with({ initial: startAt(5) }), { harmful: (s: Label) => s === 5, limit: 0.5 })).rejects.toThrow("[1, 1]");
  });

  it("notices a step that the model declares impossible, and one that was refused", async () => {
    const shield = await riskShield(road, { harmful: inDitch, limit: 0.1 });
    expect(() => shield.blocks("road", "walk")).toThrow("no run has begun");
    expect(() => shield.begin("home")).toThrow("expected one of the model's initial states");
    shield.begin("road");
    expect(shield.standing).toBe("harm from here on has probability at most 0.1");
    shield.took("road", "walk", "home");
    expect(shield.broken).toBe("the promise is broken: the model declares a step from road to home by walk impossible");
    expect(shield.standing).toBe(shield.broken);
    shield.begin("road");
    expect(shield.broken).toBeUndefined();
    shield.took("road", "hurry", "road");
    expect(shield.broken).toContain("hurry was taken in road although it was refused");
    expect(shield.budget).toBe(0);
    expect(() => shield.blocks("home", "walk")).toThrow("the run stands in");
  });

  it("goes on after harm without a word, and hears of everything inside other shields", async () => {
    const shield = await riskShield(road, { harmful: inDitch, limit: 0.2 });
    const both = allShields([valueShield(await solve(road), { margin: 100 }), shield]);
    both.begin?.("road");
    both.took?.("road", "hurry", "ditch");
    expect(both.standing).toBe("harm has come; nothing is left to guard");
    expect(shield.broken).toBeUndefined();
  });

  it("leaves the return that the limit allows", async () => {
    const lake = frozenLake().mdp.with({ discount: 1 });
    const holes = new Set(frozenLake().grid?.statesOf("hole"));
    const harmful = (cell: Label) => holes.has(Number(cell));
    const best = await solve(lake);
    const shield = await riskShield(lake, { harmful, limit: 0.1, steps: 8, towards: best.policy });
    const guarded = await guardedProcess(shield);
    const left = await solve(guarded.mdp);
    const start = guarded.mdp.states.at(0);
    expect(left.bounds.lower.at(start)).toBeLessThanOrEqual(best.bounds.upper.at(0));
    const agent = guardedPolicy(guarded, best.policy, { ranked: true });
    const free = await evaluatePolicy(lake, best.policy);
    const harm = await worstHarm(guarded);
    expect(harm.upper).toBeLessThanOrEqual(0.1);
    const own = (await evaluatePolicy(guarded.mdp, agent)).value.at(start);
    expect(own).toBeLessThanOrEqual(free.value.at(0) + 1e-6);
    expect(own).toBeGreaterThan(0.05);
    expect(own).toBeLessThanOrEqual(left.bounds.upper.at(start) + 1e-6);
    // An agent that wants nothing that is allowed is led along the careful way.
    const stubborn = guardedPolicy(
      guarded,
      Policy.deterministic(
        policySpace(lake),
        lake.storage.stateChoices.slice(0, 16).map((c, s) => (lake.storage.terminal[s] === 1 ? -1 : c)),
      ),
    );
    expect((await evaluatePolicy(guarded.mdp, stubborn)).value.array.every((v) => v >= -1e-9)).toBe(true);
  });
});

describe("ExpectedRise", () => {
  it("is exact where nothing is rounded, and on the safe side elsewhere", () => {
    const rise = new ExpectedRise();
    const add = (terms: readonly (readonly [number, number])[], budget: number) => {
      rise.reset();
      for (const [p, value] of terms) rise.add(p, value, budget);
      return rise;
    };
    expect(
      add(
        [
          [0.5, 0.75],
          [0.5, 0.25],
        ],
        0.5,
      ).atMostZero,
    ).toBe(true);
    expect(
      add(
        [
          [0.5, 0.75],
          [0.5, 0.25 + 2 ** -52],
        ],
        0.5,
      ).atMostZero,
    ).toBe(false);
    // 0.1 + 0.2 + 0.7 is not 1 in float64: equal values are no rise all the same.
    expect(
      add(
        [
          [0.1, 0.3],
          [0.2, 0.3],
          [0.7, 0.3],
        ],
        0.3,
      ).atMostZero,
    ).toBe(true);
    expect(add([[1e-200, 1e-200]], 0).atMostZero).toBe(false);
    expect(add([[1, 0]], 1e-300).atMostZero).toBe(true);
    for (let i = 1; i < 200; i++) {
      const terms = [
        [1 / i, (i % 7) / 7],
        [1 - 1 / i, (i % 11) / 13],
        [2 ** -40, 1],
      ] as const;
      const exact = (budget: number) => Rational.sum(terms.map(([p, v]) => Rational.of(p).mul(Rational.of(v).sub(Rational.of(budget)))));
      const budget = terms.reduce((sum, [p, v]) => sum + p * v, 0);
      for (const b of [budget, budget * (1 - 2 ** -53), budget * (1 + 2 ** -52)]) {
        if (add(terms, b).atMostZero) expect(exact(b).sign).toBeLessThanOrEqual(0);
        expect(Rational.of(rise.upper).compare(exact(b))).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
