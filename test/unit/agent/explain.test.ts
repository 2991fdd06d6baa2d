// Explanations: the bounds hold the exact Q, the regret is the exact loss, the sentence says what the shield said.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explainStep, explainTrace, listShield, qBounds, readTrace, runAgent, scriptedPlanner, writeTrace } from "../../../src/agent/index.ts";
import { toEnv } from "../../../src/envs/index.ts";
import { defineMdp } from "../../../src/mdp/index.ts";
import { agentSection, renderReport } from "../../../src/report/index.ts";
import { solve } from "../../../src/solvers/index.ts";
import { arbitraryMdp } from "../../support/arbitrary-mdp.ts";
import { exactQ } from "../../support/exact-model.ts";
import { exactOptimum } from "../../support/exact-solve.ts";
import { buildCallback } from "../../support/layouts.ts";
import { exactFromSpec } from "../../support/model-spec.ts";
import { Rational } from "../../support/rational.ts";
import { runs } from "../../support/runs.ts";

const fork = defineMdp({
  states: ["fork", "end"],
  actions: ["good", "bad", "same"],
  discount: 0.5,
  initial: "fork",
  terminal: ["end"],
  transition: () => "end",
  reward: (_, action) => (action === "bad" ? 0.25 : 1),
});

describe("qBounds and the regret of a step", () => {
  it("hold the exact Q and the exact loss, over random models and both objectives", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ maxStates: 5, discounts: [0.5, 0.9, 0.99] }), fc.constantFrom(1e-2, 1e-6), async (spec, epsilon) => {
        const model = exactFromSpec(spec);
        const mdp = buildCallback(spec);
        const solution = await solve(mdp, { epsilon });
        const truth = exactQ(model, exactOptimum(model).value);
        const sign = mdp.objective === "minimize" ? -1 : 1;
        for (const [s, row] of truth.entries()) {
          const best = row.reduce((a, b) => (b.sub(a).sign * sign > 0 ? b : a), row[0] ?? Rational.zero);
          for (const [i, q] of row.entries()) {
            const choice = mdp.storage.stateChoices[s]! + i;
            const bounds = qBounds(solution, choice);
            expect(Rational.of(bounds.lower).compare(q)).toBeLessThanOrEqual(0);
            expect(Rational.of(bounds.upper).compare(q)).toBeGreaterThanOrEqual(0);
            const { regret } = explainStep(solution, { state: s, taken: mdp.actions.at(mdp.storage.choiceAction[choice]!), wanted: undefined });
            const loss = sign > 0 ? best.sub(q) : q.sub(best);
            expect(Rational.of(Number(regret.lower)).compare(loss)).toBeLessThanOrEqual(0);
            expect(Rational.of(Number(regret.upper)).compare(loss)).toBeGreaterThanOrEqual(0);
            expect(Number(regret.upper) - Number(regret.lower)).toBeLessThan(8 * solution.gap + 1e-9 * (1 + Math.abs(Number(regret.value))));
          }
        }
      }),
      runs(60),
    );
  });
});

describe("explainStep", () => {
  it("says who wanted what, what is optimal and what it costs", async () => {
    const best = await solve(fork);
    const explained = explainStep(best, { state: "fork", taken: "bad", wanted: "bad", scores: [Math.log(0.25), Math.log(0.75), null], planner: "someone" });
    expect(explained).toMatchObject({ state: "fork", planner: "someone", taken: "bad", wanted: "bad", regret: { value: 0.75 } });
    expect(explained.actions.map(({ action, prior }) => [action, Number(prior?.toFixed(12))])).toEqual([
      ["good", 0.25],
      ["bad", 0.75],
      ["same", 0],
    ]);
    expect(explained.sentence).toBe("The planner wanted bad (75%), and it was taken. Optimal is good or same: the step costs 0.75 of the expected return.");
    expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
  });

  it("tells ties, answers that name nothing, and the shield's refusal", async () => {
    const best = await solve(fork);
    expect(explainStep(best, { state: "fork", taken: "same", wanted: undefined }).sentence).toBe(
      "No answer of the planner named an action; same was taken instead. That is optimal as far as can be told, and so is good.",
    );
    const shield = listShield<"fork" | "end", "good" | "bad" | "same">([["fork", "good"]]);
    const refused = explainStep(best, { state: "fork", taken: "bad", wanted: "good", shield });
    expect(refused.sentence).toMatch(/^The planner wanted good, but the shield refused: forbidden by the list\. Bad was taken instead\. Optimal is/);
    expect(refused.actions[0]?.refused).toBe("forbidden by the list");
  });

  it("refuses what does not fit the model", async () => {
    const best = await solve(fork);
    expect(() => explainStep(best, { state: "fork", taken: "bad", wanted: "bad", scores: [0] })).toThrow("number of scores is 1, expected 3");
    expect(() => explainStep(best, { state: "end", taken: "bad", wanted: undefined })).toThrow("not feasible");
  });
});

describe("explanations in a trace", () => {
  it("are the same while the run goes on and afterwards, and stand in trace and report", async () => {
    const best = await solve(fork);
    const shield = listShield<"fork" | "end", "good" | "bad" | "same">([["fork", "bad"]]);
    const options = { env: toEnv(fork), planner: scriptedPlanner(["bad"]), shield };
    const live = await runAgent({ ...options, explain: (moment) => explainStep(best, moment) });
    const later = explainTrace(best, (await runAgent({ ...options, planner: scriptedPlanner(["bad"]) })).trace, shield);
    expect(live.trace.steps[0]?.explanation?.sentence).toContain("the shield refused: forbidden by the list");
    expect(later.steps[0]?.explanation).toEqual(live.trace.steps[0]?.explanation);
    expect(readTrace(writeTrace(live.trace)).steps[0]?.explanation).toEqual(live.trace.steps[0]?.explanation);
    const html = renderReport({ title: "t", agent: agentSection(live), provenance: { version: "0", date: "2026-11-25" } });
    expect(html).toContain("the shield refused: forbidden by the list");
    expect(html).toContain("good (taken)");
  });
});
