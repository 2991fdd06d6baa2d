// Tabular policies: how they are made, what they refuse, what they draw.
import { describe, expect, it } from "vitest";
import { InvalidModelError, ShapeError, UnknownLabelError } from "../../../src/errors.ts";
import { defineMdp } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { Policy, policySpace } from "../../../src/policies/index.ts";

const model = defineMdp({
  states: ["start", "middle", "end"],
  actions: ["left", "right", "wait"],
  feasible: (s) => (s === "start" ? ["right", "wait"] : ["left", "right", "wait"]),
  transition: (s, a) => (a === "wait" ? s : a === "left" ? "start" : s === "start" ? "middle" : "end"),
  reward: () => 0,
  terminal: ["end"],
});
const space = policySpace(model);

describe("Policy", () => {
  it("uniform gives every feasible action the same probability", () => {
    const policy = Policy.uniform(space);
    expect([...policy.probabilities()]).toEqual([0.5, 0.5, 1 / 3, 1 / 3, 1 / 3]);
    expect(policy.probability("start", "left")).toBe(0);
    expect(policy.isDeterministic).toBe(false);
  });

  it("from takes actions and pairs, and answers null where the state is terminal", () => {
    const policy = Policy.from(space, (s) =>
      s === "start"
        ? "wait"
        : [
            ["left", 0.25],
            ["right", 0.75],
          ],
    );
    expect(policy.toActions()).toEqual(["wait", "right", null]);
    expect(policy.probability("middle", "left")).toBe(0.25);
    expect(policy.sample("end", new Rng(1))).toBeNull();
  });

  it("deterministic takes choices, and gives them probability 1", () => {
    const policy = Policy.deterministic(space, Int32Array.of(1, 3, -1));
    expect(policy.action("start")).toBe("wait");
    expect([...policy.probabilities()]).toEqual([0, 1, 0, 1, 0]);
    expect(policy.sample("middle", new Rng(1))).toBe("right");
  });

  it("draws as it says", () => {
    const policy = Policy.stochastic(space, Float64Array.of(0.2, 0.8, 0, 1, 0));
    const rng = new Rng("draws");
    let waits = 0;
    for (let i = 0; i < 20_000; i++) if (policy.sample("start", rng) === "wait") waits++;
    expect(Math.abs(waits / 20_000 - 0.8)).toBeLessThan(0.015);
    for (let i = 0; i < 100; i++) expect(policy.sample("middle", rng)).toBe("right");
  });

  it("does not change with the arrays it was made from", () => {
    const probability = Float64Array.of(0.2, 0.8, 0, 1, 0);
    const choice = Int32Array.of(1, 3, -1);
    const [stochastic, deterministic] = [Policy.stochastic(space, probability), Policy.deterministic(space, choice)];
    probability.fill(0);
    choice.fill(0);
    stochastic.probabilities().fill(0);
    expect([...stochastic.probabilities()]).toEqual([0.2, 0.8, 0, 1, 0]);
    expect(deterministic.toActions()).toEqual(["wait", "right", null]);
  });

  it("refuses what is no policy", () => {
    expect(() => Policy.stochastic(space, Float64Array.of(0.2, 0.7, 0, 1, 0))).toThrow(/sums to 0.8999/);
    expect(() => Policy.stochastic(space, Float64Array.of(-0.5, 1.5, 0, 1, 0))).toThrow(InvalidModelError);
    expect(() => Policy.stochastic(space, Float64Array.of(Number.NaN, 1, 0, 1, 0))).toThrow(InvalidModelError);
    expect(() => Policy.stochastic(space, Float64Array.of(1))).toThrow(ShapeError);
    expect(() => Policy.deterministic(space, Int32Array.of(0, 1, -1))).toThrow(ShapeError);
    expect(() => Policy.deterministic(space, Int32Array.of(1, 3, 4))).toThrow(ShapeError);
    expect(() => Policy.from(space, () => "left")).toThrow(/not feasible/);
    expect(() => Policy.uniform(space).probability("start", "up" as "left")).toThrow(UnknownLabelError);
  });
});
