// Priors without a model: synthetic ones of set quality, and the one that only masks blocked moves.
import { describe, expect, it } from "vitest";
import { OptionError } from "../../../src/errors.ts";
import { blockedChoices, compareToOptimal, elicitPrior, maskedPrior, syntheticScorer, uniformOverOptimal } from "../../../src/llm-prior/index.ts";
import { buildMdp } from "../../../src/mdp/index.ts";
import { Policy, policySpace } from "../../../src/policies/policy.ts";
import { solve } from "../../../src/solvers/index.ts";
import { corridor } from "./problems.ts";

describe("syntheticScorer", () => {
  it("is right in every state at quality 1, in none at quality 0, and called synthetic", async () => {
    const mdp = corridor(21);
    const best = await solve(mdp);
    for (const [quality, agreement] of [
      [1, 1],
      [0, 0],
    ] as const) {
      const prior = await elicitPrior(mdp, { scorer: syntheticScorer({ reference: best.policy, quality }), calibrate: "none" });
      expect(prior).toMatchObject({ method: "synthetic", calls: 0, provenance: `synthetic: right with probability ${quality}, seed 1` });
      expect((await compareToOptimal(mdp, prior.policy, best)).agreement).toBe(agreement);
    }
  });

  it("is right about as often as asked, the same for the same seed and other for another", async () => {
    const mdp = corridor(1001);
    const reference = Policy.from(policySpace(mdp), () => "right" as const);
    const answers = async (seed: number) =>
      (await elicitPrior(mdp, { scorer: syntheticScorer({ reference, quality: 0.7, seed }), calibrate: "none" })).policy.toActions();
    const first = await answers(1);
    const right = first.filter((action) => action === "right").length;
    // Five standard deviations of 1,000 draws.
    expect(Math.abs(right - 700)).toBeLessThan(5 * Math.sqrt(1000 * 0.7 * 0.3));
    expect(await answers(1)).toEqual(first);
    expect(await answers(2)).not.toEqual(first);
  });

  it("answers a state the same in whatever company it is asked", async () => {
    const reference = (await solve(corridor(30))).policy;
    const scorer = syntheticScorer({ reference, quality: 0.5, seed: 3 });
    const serial = await elicitPrior(corridor(30), { scorer, concurrency: 1, calibrate: "none" });
    const parallel = await elicitPrior(corridor(30), { scorer, concurrency: 16, calibrate: "none" });
    expect([...parallel.policy.probabilities()]).toEqual([...serial.policy.probabilities()]);
  });

  it("refuses options out of range", async () => {
    const reference = (await solve(corridor(3))).policy;
    for (const options of [{ quality: -0.1 }, { quality: 1.1 }, { quality: Number.NaN }, { quality: 1, confidence: 0.4 }, { quality: 1, confidence: 1 }]) {
      expect(() => syntheticScorer({ reference, ...options })).toThrow(OptionError);
    }
  });
});

describe("maskedPrior", () => {
  it("is uniform over moves that are not blocked, with the floor on the others", () => {
    const mdp = corridor(4);
    expect([...blockedChoices(mdp)]).toEqual([1, 0, 0, 0, 0, 0]);
    const prior = maskedPrior(mdp, { floor: 0.02 });
    expect([...prior.policy.probabilities()]).toEqual([0.01, 0.99, 0.5, 0.5, 0.5, 0.5].map((p) => expect.closeTo(p, 12)));
    expect(prior).toMatchObject({ method: "mask", calls: 0, model: undefined });
    expect(() => maskedPrior(mdp, { floor: 0 })).toThrow(OptionError);
  });

  it("blocks nothing where all choices stay, nor a choice that ends the episode where it stands", () => {
    const mdp = buildMdp({ states: 2, actions: 2, discount: 0.9 }, (s, model) => {
      model.choice(0, 0);
      model.branch(s, 1, 0, s === 1);
      model.choice(1, 0);
      model.branch(s, 1);
    });
    expect([...blockedChoices(mdp)]).toEqual([0, 0, 0, 1]);
  });
});

describe("uniformOverOptimal", () => {
  it("shares between choices that tie", async () => {
    const mdp = buildMdp({ states: 2, actions: 3, discount: 0.5 }, (s, model) => {
      if (s === 1) {
        model.terminal();
        return;
      }
      for (const [a, reward] of [1, 1, 0].entries()) {
        model.choice(a, reward);
        model.branch(1, 1);
      }
    });
    expect([...uniformOverOptimal(await solve(mdp)).probabilities()]).toEqual([0.5, 0.5, 0]);
  });
});
