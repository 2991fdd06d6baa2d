// Terminated branches made plain: the states keep their values, and a state is added only where it is needed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readGymnasiumJson } from "../../../src/formats/gymnasium-json.ts";
import { withoutEndings } from "../../../src/formats/without-endings.ts";
import type { Mdp } from "../../../src/mdp/index.ts";
import { arbitraryModel } from "./arbitrary-models.ts";
import { fixture } from "./fixtures.ts";

/** 200 sweeps of textbook value iteration, discount 0.5: below float64 of the limit. */
function values<S, A>(mdp: Mdp<S, A>): number[] {
  let v = new Array<number>(mdp.stateCount).fill(0);
  for (let sweep = 0; sweep < 200; sweep++) {
    v = [...mdp.states].map((state) => {
      const q = mdp
        .feasibleActions(state)
        .map((action) =>
          mdp
            .branches(state, action)
            .reduce(
              (sum, { next, probability, reward, terminated }) => sum + probability * (reward + (terminated ? 0 : 0.5 * v[mdp.states.indexOf(next)]!)),
              0,
            ),
        );
      return q.length === 0 ? 0 : mdp.objective === "maximize" ? Math.max(...q) : Math.min(...q);
    });
  }
  return v;
}

describe("withoutEndings", () => {
  it("keeps every value", () => {
    fc.assert(
      fc.property(arbitraryModel({ endings: true, labels: true }), (mdp) => {
        const plainOne = withoutEndings(mdp);
        expect(plainOne.storage.arrival).toBeUndefined();
        const [expected, got] = [values(mdp), values(plainOne)];
        expect(got.length - expected.length).toBeOneOf([0, 1]);
        for (const [s, v] of expected.entries()) expect(got[s]).toBeCloseTo(v, 5 - Math.ceil(Math.log10(1 + Math.abs(v))));
      }),
      { numRuns: 50 },
    );
  });

  it("adds no state to FrozenLake, whose ends pay nothing for ever", async () => {
    const lake = await readGymnasiumJson(fixture("frozen-lake.json"));
    expect(withoutEndings(lake).stateCount).toBe(16);
  });

  it("adds one to CliffWalking, whose goal has moves of its own", async () => {
    const cliff = await readGymnasiumJson(fixture("cliff-walking.json"));
    const plainOne = withoutEndings(cliff);
    expect(plainOne.stateCount).toBe(49);
    expect(plainOne.storage.terminal[48]).toBe(1);
    expect(plainOne.branches(35, 2)).toEqual([{ next: 48, probability: 1, reward: -1, terminated: false }]);
  });

  it("returns a model without endings as it is", async () => {
    const lake = await readGymnasiumJson('{"0":{"0":[[1,0,1,false]]}}');
    expect(withoutEndings(lake)).toBe(lake);
  });
});
