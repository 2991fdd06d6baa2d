// A policy beside the optimum: figures worked out by hand, exact regret within its bounds, ties, minimisation, what is out of reach.
import { describe, expect, it } from "vitest";
import { NotConvergedError, PriorError, ShapeError } from "../../../src/errors.ts";
import { comparePolicies, compareToOptimal, decisionStates } from "../../../src/llm-prior/index.ts";
import { buildMdp, Mdp, startAt } from "../../../src/mdp/index.ts";
import { Policy, policySpace } from "../../../src/policies/policy.ts";
import { solve } from "../../../src/solvers/index.ts";
import { corridor, robot } from "./problems.ts";

describe("compareToOptimal", () => {
  it("gives figures worked out by hand", async () => {
    const mdp = corridor(3);
    const best = await solve(mdp, { epsilon: 1e-12 });
    const policy = Policy.from(policySpace(mdp), (s) =>
      s === 0
        ? [
            ["left", 0.75],
            ["right", 0.25],
          ]
        : [
            ["left", 0.5],
            ["right", 0.5],
          ],
    );
    const comparison = await compareToOptimal(mdp, policy, best);
    expect([...comparison.states]).toEqual([0, 1]);
    // State 0 favours left; state 1 is a tie, whose lowest index is left too.
    expect(comparison.agreement).toBe(0);
    expect(comparison.massOnOptimal).toBeCloseTo((0.25 + 0.5) / 2, 12);
    expect(comparison.logLoss).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 12);
    const entropy = (...p: number[]) => p.reduce((sum, x) => sum - x * Math.log(x), 0);
    expect(comparison.mutualInformation).toBeCloseTo(entropy(0.625, 0.375) - (entropy(0.75, 0.25) + Math.log(2)) / 2, 12);
    // V* = (0.9, 1); V^π: v0 = 0.9(0.75 v0 + 0.25 v1), v1 = 0.5·0.9 v0 + 0.5.
    const v1 = 0.5 / (1 - 0.45 * (0.225 / 0.325));
    const v0 = (0.225 / 0.325) * v1;
    expect([...comparison.regret.perState]).toEqual([expect.closeTo(0.9 - v0, 10), expect.closeTo(1 - v1, 10)]);
    expect(comparison.regret.max).toBeCloseTo(0.9 - v0, 10);
    expect(comparison.regret.mean).toBeCloseTo((0.9 - v0 + 1 - v1) / 2, 10);
    for (const [i, regret] of [0.9 - v0, 1 - v1].entries()) {
      expect(comparison.regret.lower[i]).toBeLessThanOrEqual(regret + 1e-15);
      expect(comparison.regret.upper[i]).toBeGreaterThanOrEqual(regret - 1e-15);
      expect((comparison.regret.upper[i] ?? 1) - (comparison.regret.lower[i] ?? 0)).toBeLessThan(1e-8);
    }
  });

  it("finds nothing wrong with the optimum", async () => {
    const best = await solve(robot, { epsilon: 1e-10 });
    const comparison = await compareToOptimal(robot, best.policy, best);
    expect(comparison).toMatchObject({ agreement: 1, massOnOptimal: 1, logLoss: 0 });
    expect(Object.is(comparison.logLoss, 0)).toBe(true);
    expect(comparison.regret.max).toBeLessThan(1e-8);
    expect([...comparison.regret.lower]).toEqual([0, 0]);
  });

  it("tells no information in advice that is the same everywhere", async () => {
    const mdp = corridor(6);
    const best = await solve(mdp);
    const same = Policy.from(policySpace(mdp), () => [
      ["left", 0.9],
      ["right", 0.1],
    ]);
    expect((await compareToOptimal(mdp, same, best)).mutualInformation).toBeCloseTo(0, 12);
  });

  it("has infinite log loss where the optimum is excluded, and regret up to all there is", async () => {
    const mdp = corridor(4);
    const best = await solve(mdp, { epsilon: 1e-10 });
    const wrong = Policy.from(policySpace(mdp), () => "left");
    const comparison = await compareToOptimal(mdp, wrong, best);
    expect(comparison.logLoss).toBe(Infinity);
    expect(comparison.massOnOptimal).toBe(0);
    expect([...comparison.regret.perState]).toEqual([0.81, 0.9, 1].map((v) => expect.closeTo(v, 9)));
  });

  it("has infinite regret where an undiscounted policy never arrives and pays for it", async () => {
    const mdp = buildMdp({ states: 3, actions: ["left", "right"], discount: 1, initial: startAt(0) }, (s, model) => {
      if (s === 2) {
        model.terminal();
        return;
      }
      for (const a of [0, 1]) {
        model.choice(a, -1);
        model.branch(a === 0 ? Math.max(0, s - 1) : s + 1, 1);
      }
    });
    const best = await solve(mdp);
    const comparison = await compareToOptimal(
      mdp,
      Policy.from(policySpace(mdp), () => "left"),
      best,
    );
    expect(comparison.regret).toMatchObject({ mean: Infinity, max: Infinity });
    const half = await compareToOptimal(mdp, Policy.uniform(policySpace(mdp)), best);
    // Expected steps of the reflected walk: 6 and 4, against 2 and 1.
    expect([...half.regret.perState]).toEqual([expect.closeTo(4, 5), expect.closeTo(3, 5)]);
  });

  it("counts regret the other way where costs are minimised", async () => {
    const costs = buildMdp({ states: 1, actions: ["cheap", "dear"], discount: 0.5, objective: "minimize" }, (_, model) => {
      model.choice(0, 1);
      model.branch(0, 1);
      model.choice(1, 3);
      model.branch(0, 1);
    });
    const best = await solve(costs, { epsilon: 1e-10 });
    const comparison = await compareToOptimal(
      costs,
      Policy.from(policySpace(costs), () => "dear"),
      best,
    );
    expect(comparison.agreement).toBe(0);
    expect(comparison.regret.perState[0]).toBeCloseTo(4, 9);
    expect(comparison.regret.lower[0]).toBeLessThanOrEqual(4);
    expect(comparison.regret.upper[0]).toBeGreaterThanOrEqual(4);
  });

  it("takes any of several optimal actions as agreeing", async () => {
    const ties = buildMdp({ states: 2, actions: ["a", "b", "c"], discount: 0.9, initial: startAt(0) }, (s, model) => {
      if (s === 1) {
        model.terminal();
        return;
      }
      for (const [a, reward] of [0, 1, 1].entries()) {
        model.choice(a, reward);
        model.branch(1, 1);
      }
    });
    const best = await solve(ties);
    expect(
      (
        await compareToOptimal(
          ties,
          Policy.from(policySpace(ties), () => "c"),
          best,
        )
      ).agreement,
    ).toBe(1);
    expect((await compareToOptimal(ties, Policy.uniform(policySpace(ties)), best)).massOnOptimal).toBeCloseTo(2 / 3, 12);
  });

  it("takes two actions that tie but for rounding as optimal both", async () => {
    // 0.3 at once, or 0.1 now and 0.4 after at half its worth: 0.1 + 0.5 x 0.4 is one unit more than 0.3 in float64.
    const close = buildMdp({ states: 3, actions: ["now", "later"], discount: 0.5, initial: startAt(0) }, (s, model) => {
      if (s === 2) {
        model.terminal();
        return;
      }
      model.choice(0, s === 0 ? 0.3 : 0.4);
      model.branch(2, 1);
      if (s === 1) return;
      model.choice(1, 0.1);
      model.branch(1, 1);
    });
    const best = await solve(close);
    for (const action of ["now", "later"] as const) {
      const policy = Policy.from(policySpace(close), (s) => (s === 0 ? action : "now"));
      expect((await compareToOptimal(close, policy, best)).agreement).toBe(1);
    }
  });

  it("refuses policies and solutions of other models, and solutions without bounds", async () => {
    const best = await solve(corridor(4));
    const other = Policy.uniform(policySpace(corridor(5)));
    await expect(compareToOptimal(corridor(4), other, best)).rejects.toThrow(ShapeError);
    await expect(compareToOptimal(corridor(5), other, best)).rejects.toThrow(/solution is for 4 states/);
    const open = { ...best, gap: Infinity };
    await expect(compareToOptimal(corridor(4), best.policy, open)).rejects.toThrow(NotConvergedError);
    const ended = corridor(4).with({ initial: startAt(3) });
    await expect(compareToOptimal(ended, best.policy, best)).rejects.toThrow(PriorError);
  });

  it("ends with the signal's reason", async () => {
    const mdp = corridor(2000);
    const best = await solve(mdp);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(compareToOptimal(mdp, Policy.uniform(policySpace(mdp)), best, { signal })).rejects.toThrow("enough");
    await expect(comparePolicies(mdp, { uniform: Policy.uniform(policySpace(mdp)) }, { signal })).rejects.toThrow("enough");
  });
});

describe("comparePolicies", () => {
  it("compares each by name, with the divergence from the one called optimal", async () => {
    const best = await solve(robot, { epsilon: 1e-10 });
    const uniform = Policy.uniform(policySpace(robot));
    const compared = await comparePolicies(robot, { llm: uniform, optimal: best.policy }, { epsilon: 1e-10 });
    expect(Object.keys(compared)).toEqual(["llm", "optimal"]);
    expect(compared.llm.divergence).toBeCloseTo((Math.log(2) + Math.log(3)) / 2, 12);
    expect(compared.optimal.divergence).toBe(0);
    expect(compared.optimal.regret.max).toBeLessThan(1e-8);
    const direct = await compareToOptimal(robot, uniform, best);
    expect(compared.llm.regret.mean).toBeCloseTo(direct.regret.mean, 8);
  });

  it("does not believe a policy that is only called optimal", async () => {
    const mdp = corridor(4);
    const left = Policy.from(policySpace(mdp), () => "left");
    const compared = await comparePolicies(mdp, { optimal: left });
    expect(compared.optimal.agreement).toBe(0);
    expect(compared.optimal.regret.max).toBeCloseTo(1, 5);
    expect((await comparePolicies(mdp, { left })).left.divergence).toBeUndefined();
  });
});

describe("decisionStates", () => {
  it("are what can be reached and is not terminal, through branches that do not end", () => {
    const mdp = buildMdp({ states: 5, actions: 1, discount: 0.9, initial: startAt(1) }, (s, model) => {
      if (s === 2) {
        model.terminal();
        return;
      }
      model.choice(0, 0);
      if (s === 1) {
        model.branch(2, 0.5);
        model.branch(3, 0.25);
        model.branch(4, 0.25, 0, true);
      } else model.branch(s, 1);
    });
    expect([...decisionStates(mdp)]).toEqual([1, 3]);
    const { initial: _, ...parts } = mdp.parts;
    expect([...decisionStates(new Mdp(parts))]).toEqual([0, 1, 3, 4]);
  });
});
