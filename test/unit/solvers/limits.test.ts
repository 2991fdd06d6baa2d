// Limits, cancelling, starting points and bad options of the solvers.
import { describe, expect, it } from "vitest";
import { NotConvergedError, OptionError, ShapeError } from "../../../src/errors.ts";
import { buildMdp, defineMdp, type Mdp } from "../../../src/mdp/index.ts";
import { Policy, policySpace } from "../../../src/policies/index.ts";
import { assertConverged, finiteHorizon, type MethodName, solve, verify } from "../../../src/solvers/index.ts";

const METHODS: readonly MethodName[] = ["auto", "value-iteration", "gauss-seidel", "policy-iteration", "modified-policy-iteration"];

const robot = defineMdp({
  states: ["high", "low"],
  actions: ["search", "wait", "recharge"],
  discount: 0.9,
  feasible: (s) => (s === "high" ? ["search", "wait"] : ["search", "wait", "recharge"]),
  transition: (s, a) =>
    a === "wait"
      ? s
      : a === "recharge"
        ? "high"
        : [
            ["high", s === "high" ? 0.8 : 0.4],
            ["low", s === "high" ? 0.2 : 0.6],
          ],
  reward: (s, a, next) => (a === "wait" ? 1 : a === "recharge" ? 0 : s === "low" && next === "high" ? -3 : 5),
});

/** A corridor whose only reward is at the far end, its states numbered in leaps so that no in-place sweep runs along it. */
function corridor(states: number, discount: number): Mdp {
  const LEAP = 181;
  const INVERSE = Array.from({ length: states }, (_, i) => i).find((i) => (i * LEAP) % states === 1) as number;
  return buildMdp({ states, actions: 2, discount }, (s, model) => {
    const place = (s * INVERSE) % states;
    model.choice(0, 0);
    model.branch((Math.max(0, place - 1) * LEAP) % states, 1);
    model.choice(1, place === states - 1 ? 1 : 0);
    model.branch((Math.min(states - 1, place + 1) * LEAP) % states, 1);
  });
}

describe.each(METHODS)("%s", (method) => {
  it("finds the recycling robot's V* = (2500/59, 2250/59)", async () => {
    const best = await solve(robot, { method, epsilon: 1e-9 });
    assertConverged(best);
    expect(Math.abs(best.value.at("high") - 2500 / 59)).toBeLessThanOrEqual(1e-9);
    expect(Math.abs(best.value.at("low") - 2250 / 59)).toBeLessThanOrEqual(1e-9);
    expect(best.policy.toActions()).toEqual(["search", "recharge"]);
  });

  it("says max-sweeps and still gives bounds that hold", async () => {
    const model = corridor(400, 0.999);
    const exact = await solve(model, { method: "policy-iteration", epsilon: 1e-6 });
    const cut = await solve(model, { method, maxSweeps: 3 });
    expect(cut.status).toBe("max-sweeps");
    expect(cut.sweeps).toBeLessThanOrEqual(6);
    for (let s = 0; s < 400; s++) {
      expect(cut.bounds.lower.array[s]).toBeLessThanOrEqual(exact.bounds.upper.array[s] as number);
      expect(cut.bounds.upper.array[s]).toBeGreaterThanOrEqual(exact.bounds.lower.array[s] as number);
    }
    expect(() => assertConverged(cut)).toThrow(NotConvergedError);
  });

  it("ends with status aborted when the signal fires, before or during the solve", async () => {
    const before = await solve(robot, { method, signal: AbortSignal.abort(), epsilon: 1e-15 });
    expect(before.status).toBe("aborted");
    const controller = new AbortController();
    const during = solve(corridor(200_000, 0.999999), { method, signal: controller.signal, onProgress: () => controller.abort() });
    expect((await during).status).toBe("aborted");
  });

  it("ends with status max-time", async () => {
    expect((await solve(corridor(100_000, 0.999999), { method, maxSeconds: 0.05 })).status).toBe("max-time");
  });

  it("gives the same certified answer from any starting policy and value, and changes neither", async () => {
    const space = policySpace(robot);
    const reference = await solve(robot, { method, epsilon: 1e-9 });
    for (const initialPolicy of [Policy.uniform(space), Policy.from(space, (s) => (s === "high" ? "wait" : "search"))]) {
      const initialValue = Float64Array.of(-1000, 1000);
      const best = await solve(robot, { method, epsilon: 1e-9, initialPolicy, initialValue });
      expect(best.status).toBe("converged");
      expect([...initialValue]).toEqual([-1000, 1000]);
      for (const s of [0, 1]) expect(Math.abs((best.value.array[s] as number) - (reference.value.array[s] as number))).toBeLessThanOrEqual(2e-9);
    }
  });

  it("says precision when float64 cannot prove what is asked", async () => {
    const huge = defineMdp({ states: ["s"], actions: ["a"], transition: () => "s", reward: () => 1e9 / 3, discount: 0.99 });
    const best = await solve(huge, { method, epsilon: 1e-12 });
    expect(best.status).toBe("precision");
    expect((await verify(huge, best)).holds).toBe(true);
  });
});

describe("options", () => {
  it.each([
    [{ epsilon: 0 }, "epsilon is 0, expected a positive finite number."],
    [{ epsilon: Number.NaN }, "epsilon is NaN"],
    [{ maxSweeps: 0 }, "maxSweeps is 0, expected a positive integer."],
    [{ maxSweeps: 1.5 }, "maxSweeps is 1.5"],
    [{ maxSeconds: -1 }, "maxSeconds is -1"],
    [{ discount: 1.5 }, "discount is 1.5, expected a number from 0 to 1."],
    [{ discount: Number.NaN }, "discount is NaN"],
  ])("refuses %j", async (options, message) => {
    await expect(solve(robot, options)).rejects.toThrow(OptionError);
    await expect(solve(robot, options)).rejects.toThrow(message);
  });

  it("asks for a discount where the model carries none", async () => {
    const bare = defineMdp({ states: ["s"], actions: ["a"], transition: () => "s", reward: () => 1 });
    await expect(solve(bare)).rejects.toThrow("discount is undefined, expected a number from 0 to 1. Hint: the model carries none: pass discount.");
  });

  it("refuses a warm start of the wrong size", async () => {
    await expect(solve(robot, { initialValue: new Float64Array(3) })).rejects.toThrow(ShapeError);
    await expect(solve(robot, { initialValue: Float64Array.of(Number.NaN, 0) })).rejects.toThrow("initialValue[0] is NaN");
    await expect(solve(robot, { initialPolicy: Policy.uniform(policySpace(corridor(3, 0.9))) as never })).rejects.toThrow(ShapeError);
    await expect(finiteHorizon(robot, { horizon: 0 })).rejects.toThrow("horizon is 0, expected a positive integer.");
  });
});

it("automatic in-place sweeps that reach their fixed point say precision, and do not try for ever", async () => {
  const best = await solve(corridor(2000, 0.999), { epsilon: 1e-17 });
  expect(best.status).toBe("precision");
});
