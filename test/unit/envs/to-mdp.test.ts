// Environments as models: the way back gives the model one began with.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Env, makeBuiltIn, toEnv, toMdp } from "../../../src/envs/index.ts";
import { InvalidModelError, UnsupportedModelError } from "../../../src/errors.ts";
import type { Mdp } from "../../../src/mdp/index.ts";
import { arbitraryMdp } from "../../support/arbitrary-mdp.ts";
import { buildCallback } from "../../support/layouts.ts";
import { sparseModel } from "./models.ts";

/** A model as plain lists. */
function listed<S, A>(mdp: Mdp<S, A>): unknown {
  return mdp.states.toArray().map((s) => [s, mdp.isTerminal(s), mdp.feasibleActions(s).map((a) => [a, mdp.reward(s, a), mdp.branches(s, a)])]);
}

/** The environment as others write theirs: nothing to see but the protocol. */
function foreign<S, A>(mdp: Mdp<S, A>): Env<S, A> {
  const env = toEnv(mdp);
  const { states, actions, choices, discount, objective, starts } = env;
  return {
    states,
    actions,
    choices,
    discount,
    objective,
    starts,
    reset: (o) => env.reset(o),
    step: (a) => env.step(a),
    outcomes: (s, a) => env.outcomes(s, a),
  };
}

describe("the way back from an environment", () => {
  test.each([
    "maze",
    "frozen-lake",
    "cliff-walking",
    "taxi",
    "recycling-robot",
    "gambler",
    "grid:5x7,slip=0.3,walls=0.2",
    "forest:10",
    "random-walk",
    "garnet",
  ])("%s", (spec) => {
    const { mdp } = makeBuiltIn(spec);
    const again = toMdp(foreign(mdp));
    expect(listed(again)).toEqual(listed(mdp));
    expect(again.discount).toBe(mdp.discount);
    if (mdp.initial !== undefined) expect(again.initial).toEqual(mdp.initial);
  });

  // A terminated branch into a terminal state is the same as a plain one, and comes back as that.
  test.each([{ terminals: false }, { endings: false }])("any model, its objective too: %o", (shape) => {
    fc.assert(
      fc.property(arbitraryMdp({ maxStates: 6, duplicates: false, endings: true, ...shape }), (spec) => {
        const mdp = buildCallback(spec);
        if (mdp.storage.terminal.every((t) => t === 1)) return;
        const again = toMdp(foreign(mdp));
        expect(listed(again)).toEqual(listed(mdp));
        expect(again.objective).toBe(mdp.objective);
      }),
      { seed: 4, numRuns: 150 },
    );
  });
});

describe("other environments", () => {
  test("what came from a model gives that very model, to the last bit", () => {
    const { mdp } = makeBuiltIn("garnet");
    expect(toMdp(toEnv(mdp)).storage).toBe(mdp.storage);
    expect(toMdp(toEnv(mdp)).initial).toBeUndefined();
  });

  test("options come before what the environment says", () => {
    const mdp = toMdp(toEnv(sparseModel()), { discount: 0.5, objective: "minimize" });
    expect([mdp.discount, mdp.objective]).toEqual([0.5, "minimize"]);
  });

  test("without outcomes it is told what to do", () => {
    const { outcomes: _, ...blind } = foreign(sparseModel());
    expect(() => toMdp(blind)).toThrow(UnsupportedModelError);
    expect(() => toMdp(blind)).toThrow(/Hint: .*qLearning/);
  });

  test("outcomes that are no distribution are refused, naming the choice", () => {
    const env = toEnv(sparseModel());
    const broken: Env<number, number> = { ...foreign(sparseModel()), outcomes: (s, a) => env.outcomes(s, a).slice(0, 1) };
    expect(() => toMdp(broken)).toThrow(InvalidModelError);
    expect(() => toMdp(broken)).toThrow("transition(0,0) sums to 0.25");
  });
});
