// Results, policies, Q-tables and priors: written, read back, and refused where they do not fit the model.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, InvalidModelError } from "../../../src/errors.ts";
import { Npz, writeNpz } from "../../../src/formats/npz.ts";
import { priorJsonPieces, readPriorJson } from "../../../src/formats/prior-json.ts";
import { policyJsonPieces, readPolicy, type SavedPolicy, writePolicyNpz } from "../../../src/formats/saved-policy.ts";
import { qJsonPieces, readQ, writeQNpz } from "../../../src/formats/saved-q.ts";
import { readSolutionJson, type SavedSolution, solutionJsonPieces } from "../../../src/formats/saved-solution.ts";
import { readSolutionNpz, writeSolutionNpz } from "../../../src/formats/saved-solution-npz.ts";
import type { TableSpace } from "../../../src/formats/table-space.ts";
import { type Label, LabelIndex, type Mdp } from "../../../src/mdp/index.ts";
import { arbitraryModel } from "./arbitrary-models.ts";
import { errorOf } from "./fixtures.ts";

const SAVED: SavedSolution = {
  version: "0.1.0",
  status: "converged",
  objective: "maximize",
  method: "value-iteration",
  device: "cpu",
  discount: 0.9,
  epsilon: 1e-6,
  gap: 1e-7,
  residual: 2e-8,
  sweeps: 12,
  seconds: { load: 0.001, solve: 0.25 },
  states: 3,
  choices: 3,
  branches: 4,
  value: Float64Array.of(1.5, Infinity, 0),
  policy: ["go", "stay", null],
  q: Float64Array.of(1.5, Number.NaN, 0.25, -Infinity, Number.NaN, Number.NaN),
  lower: Float64Array.of(1.4, Infinity, 0),
  upper: Float64Array.of(1.6, Infinity, 0),
};
const TEXT = [...solutionJsonPieces(SAVED)].join("");
const ACTIONS = LabelIndex.list<Label>("action", ["go", "stay"]);

function changed(changes: Record<string, unknown>): string {
  return JSON.stringify({ ...(JSON.parse(TEXT) as object), ...changes });
}

describe("a solution as JSON", () => {
  it("has the contract's keys in their order, infinities as strings", () => {
    expect(TEXT).toBe(
      '{"version":"0.1.0","status":"converged","objective":"maximize","method":"value-iteration","device":"cpu","discount":0.9,"epsilon":0.000001,"gap":1e-7,"residual":2e-8,"sweeps":12,' +
        '"seconds":{"load":0.001,"solve":0.25},"states":3,"choices":3,"branches":4,"value":[1.5,"Infinity",0],"policy":["go","stay",null],' +
        '"q":[[1.5,null],[0.25,"-Infinity"],[null,null]],"lower":[1.4,"Infinity",0],"upper":[1.6,"Infinity",0]}',
    );
  });

  it("is read back as it was", () => {
    expect(readSolutionJson(TEXT)).toEqual(SAVED);
    const { q: _q, ...withoutQ } = SAVED;
    expect(readSolutionJson([...solutionJsonPieces(withoutQ)].join(""))).toEqual(withoutQ);
    const stage = { value: SAVED.value, policy: SAVED.policy };
    const staged = { ...withoutQ, horizon: 2, stages: [{ ...stage, q: Float64Array.of(1, 2, 3, 4, 5, 6) }, stage] };
    expect(readSolutionJson([...solutionJsonPieces(staged)].join(""))).toEqual(staged);
  });

  it("passes over keys of later releases", () => {
    expect(readSolutionJson(changed({ threads: 8 }))).toEqual(SAVED);
  });

  it.each([
    [{ value: [1, "x", 0] }, 'value[1] is "x", expected a number, "Infinity" or "-Infinity".'],
    [{ value: [1, null, 0] }, 'value[1] is null, expected a number, "Infinity" or "-Infinity".'],
    [{ lower: [1, 2] }, "lower has 2 entries, expected 3, one a state."],
    [{ upper: undefined }, "upper is missing, expected a list of numbers."],
    [{ upper: {} }, "upper is an Object, expected a list."],
    [{ policy: ["go"] }, "policy has 1 entries, expected 3, one a state."],
    [{ policy: "go" }, 'policy is "go", expected a list of action labels.'],
    [{ policy: ["go", true, null] }, "policy[1] is true, expected an action label, or null."],
    [{ q: [[1, 2], [3], [4, 5]] }, "q[1] has 1 entries, expected 2, as the rows before it."],
    [{ q: [[1, 2]] }, "q has 1 rows, expected 3, one a state."],
    [{ q: [1, 2, 3] }, "q[0] is 1, expected a list of numbers, or null."],
    [{ discount: "0.9" }, 'discount is "0.9", expected a number.'],
    [{ objective: "max" }, 'objective is "max", expected "maximize" or "minimize".'],
    [{ states: 4 }, "states is 4, expected 3, the length of value."],
    [{ seconds: 3 }, "seconds.load is missing, expected a number."],
    [{ stages: [{ value: [1, 2], policy: [null, null, null] }] }, "stages[0].value has 2 entries, expected 3, one a state."],
  ])("refuses %j", async (changes, message) => {
    const error = await errorOf(() => readSolutionJson(changed(changes)));
    expect(error).toBeInstanceOf(InvalidModelError);
    expect(error.message.split("\n")).toContain(message);
  });

  it("refuses what is no JSON object", async () => {
    for (const text of ["", "[]", "null", TEXT.slice(0, -2)]) expect(await errorOf(() => readSolutionJson(text))).toBeInstanceOf(FormatError);
  });

  it("never makes one giant string", () => {
    const value = new Float64Array(30_000).fill(1 / 3);
    const policy = new Array<Label | null>(30_000).fill("go");
    const pieces = [...solutionJsonPieces({ ...SAVED, states: 30_000, value, policy, lower: value, upper: value, q: undefined })];
    expect(pieces.length).toBeGreaterThan(20);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
    expect(readSolutionJson(pieces.join("")).value).toEqual(value);
  });
});

describe("a solution as npz", () => {
  it("is read back as it was", () => {
    expect(readSolutionNpz(writeSolutionNpz(SAVED, ACTIONS))).toEqual(SAVED);
    expect(readSolutionNpz(writeSolutionNpz(SAVED, ACTIONS, { compress: true }))).toEqual(SAVED);
  });

  it("holds arrays for numpy: action indices, -1 where terminal, q dense with NaN", () => {
    const npz = new Npz(writeSolutionNpz(SAVED, ACTIONS));
    expect(npz.array("policy").data).toEqual(Int32Array.of(0, 1, -1));
    expect(npz.array("q")).toEqual({ dtype: "<f8", shape: [3, 2], data: SAVED.q });
    expect(npz.strings("status")).toEqual(["converged"]);
  });

  it("refuses a policy of other actions", async () => {
    const other = LabelIndex.list<Label>("action", ["up"]);
    expect((await errorOf(() => writeSolutionNpz(SAVED, other))).message).toBe('policy[0] is "go", expected an action of the model.');
    const npz = new Npz(writeSolutionNpz(SAVED, ACTIONS));
    const arrays = Object.fromEntries(npz.names.map((name) => [name, npz.array(name)]));
    expect((await errorOf(() => readSolutionNpz(writeNpz({ ...arrays, policy: Int32Array.of(0, 2, -1) })))).message).toMatch(/^npz array "policy" has 2/);
    expect((await errorOf(() => readSolutionNpz(writeNpz({ ...arrays, lower: Float64Array.of(1) })))).message).toMatch(
      /^npz array "lower" has 1 entries, expected 3/,
    );
  });
});

function spaceOf(mdp: Mdp<Label, Label>): TableSpace<Label, Label> {
  return { states: mdp.states, actions: mdp.actions, choices: mdp.storage };
}

/** Probabilities by choice that sum to 1 in every state, from weights. */
function normalised(mdp: Mdp<Label, Label>, weights: readonly number[]): Float64Array {
  const { stateChoices } = mdp.storage;
  const probability = new Float64Array(mdp.choiceCount);
  for (let s = 0; s < mdp.stateCount; s++) {
    const choices = Array.from({ length: stateChoices[s + 1]! - stateChoices[s]! }, (_, k) => stateChoices[s]! + k);
    const total = choices.reduce((sum, c) => sum + weights[c]!, 0);
    for (const c of choices) probability[c] = weights[c]! / total;
  }
  return probability;
}

const model = arbitraryModel({ endings: false, labels: true });
const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 24, maxLength: 24 });

describe("policies, Q-tables and priors", () => {
  it("are read back as they were, from JSON and npz", () => {
    fc.assert(
      fc.property(model, weights, (mdp, w) => {
        const space = spaceOf(mdp);
        const { stateChoices } = mdp.storage;
        const choice = Int32Array.from({ length: mdp.stateCount }, (_, s) =>
          stateChoices[s] === stateChoices[s + 1] ? -1 : stateChoices[s]! + (w[s]! % (stateChoices[s + 1]! - stateChoices[s]!)),
        );
        for (const policy of [{ choice }, { probability: normalised(mdp, w) }] satisfies SavedPolicy[]) {
          expect(readPolicy([...policyJsonPieces(space, policy)].join(""), space)).toEqual(policy);
          expect(readPolicy(writePolicyNpz(space, policy), space)).toEqual(policy);
        }
        const q = Float64Array.from({ length: mdp.choiceCount }, (_, c) => (c === 0 ? Infinity : w[c]! / 7));
        expect(readQ([...qJsonPieces(space, q)].join(""), space)).toEqual(q);
        expect(readQ(writeQNpz(space, q), space)).toEqual(q);
        const prior = { probability: normalised(mdp, w), method: "synthetic", coverage: 0.5, calls: 3, cached: 0, model: "m" };
        expect(readPriorJson([...priorJsonPieces(space, prior)].join(""), space)).toEqual(prior);
      }),
    );
  });

  const states = LabelIndex.list<Label>("state", ["a", "b", "end"]);
  const space: TableSpace<Label, Label> = {
    states,
    actions: ACTIONS,
    choices: { stateChoices: Int32Array.of(0, 2, 3, 3), choiceAction: Int32Array.of(0, 1, 1) },
  };

  it("are read from results too", () => {
    expect(readPolicy(TEXT, space)).toEqual({ choice: Int32Array.of(0, 2, -1) });
    expect(readPolicy(writeSolutionNpz(SAVED, ACTIONS), space)).toEqual({ choice: Int32Array.of(0, 2, -1) });
    expect(
      readQ(
        changed({
          q: [
            [1, 2],
            [null, 3],
            [null, null],
          ],
        }),
        space,
      ),
    ).toEqual(Float64Array.of(1, 2, 3));
  });

  it.each([
    ['{"policy":["go","go",null]}', 'policy("b") is "go", expected an action feasible there.'],
    ['{"policy":["up","stay",null]}', 'policy("a") is "up", expected an action feasible there.'],
    ['{"policy":["go",null,null]}', 'policy("b") is null, expected an action: the state is not terminal.'],
    ['{"policy":["go","stay","stay"]}', 'policy("end") is "stay", expected null: the state is terminal.'],
    ['{"policy":["go"]}', "policy has 1 entries, expected 3 actions, one a state."],
    ['{"probability":[[0.5,0.4],[0,1],null]}', 'probability("a") sums to 0.9, expected 1 within 1e-9.'],
    ['{"probability":[[0.5,0.5],[0.5,0.5],null]}', 'probability("b","go") is 0.5, expected 0: the action is not feasible there.'],
    ['{"probability":[[2,-1],[0,1],null]}', 'probability("a","go") is 2, expected a number from 0 to 1.'],
    ['{"probability":[[1],[1],null]}', "probability has 3 rows of 1, expected 3 rows of 2: one a state, a number an action."],
    ['{"probability":[[0.5,0.5],null,null]}', 'probability("b") is null, expected a probability an action: the state is not terminal.'],
    ['{"states":4,"policy":["go","stay",null]}', "states is 4, expected 3, as the model has."],
    ['{"actions":["go","wait"],"policy":["go","stay",null]}', 'actions[1] is "wait", expected "stay", as in the model.'],
  ])("refuses the policy %s", async (text, message) => {
    const error = await errorOf(() => readPolicy(text, space));
    expect(error).toBeInstanceOf(InvalidModelError);
    expect(error.message.split("\n")).toContain(message);
  });

  it.each([
    ['{"q":[[1,2],[null,null],[null,null]]}', 'q of transition("b","stay") is missing, expected a number: the action is feasible there.'],
    ['{"q":[[1,2],[7,3],[null,null]]}', 'q of transition("b","go") is 7, expected null: the action is not feasible there.'],
    ['{"q":[[1,2],[null,3]]}', "q has 2 rows of 2, expected 3 rows of 2: one a state, a number an action."],
  ])("refuses the Q-table %s", async (text, message) => {
    expect((await errorOf(() => readQ(text, space))).message).toBe(message);
  });

  it("refuses files without what is sought", async () => {
    expect((await errorOf(() => readPolicy("{}", space))).message).toBe('the file has neither "policy" nor "probability", expected one of them.');
    expect((await errorOf(() => readQ("{}", space))).message).toBe('the file has no "q", expected a Q-table.');
    expect((await errorOf(() => readPriorJson('{"prior":[]}', space))).message).toMatch(/^the file has no "actions"/);
  });

  it("reads a prior whose actions come in another order, and asks for nothing but them and the rows", () => {
    const prior = readPriorJson('{"prior":[[0.75,0.25],[1,0],null],"actions":["stay","go"]}', space);
    expect(prior).toEqual({ probability: Float64Array.of(0.25, 0.75, 1) });
  });

  it.each([
    ['{"actions":["go","stay"],"prior":[[0.5,0.4],[0,1],null]}', 'prior("a") sums to 0.9, expected 1 within 1e-9.'],
    ['{"actions":["go","stay"],"prior":[[0.5,0.5],[0.1,0.9],null]}', 'prior("b","go") is 0.1, expected 0: the action is not feasible there.'],
    ['{"actions":["go","stay"],"prior":[[0.5,0.5],[0,1],[0.5,0.5]]}', 'prior("end") has probabilities, expected null: the state is terminal.'],
    ['{"actions":["go","stay"],"prior":[null,[0,1],null]}', 'prior("a") is null, expected a probability an action: the state is not terminal.'],
    ['{"actions":["go","stay"],"prior":[[0.5,null],[0,1],null]}', 'prior("a","stay") is missing, expected a number from 0 to 1.'],
    ['{"actions":["go","up"],"prior":[[0.5,0.5],[0,1],null]}', 'actions[1] is "up", expected an action of the model.'],
    ['{"actions":["go"],"prior":[[1],[1],null]}', 'actions lacks "stay", expected every action of the model.'],
    ['{"actions":["go","stay","go"],"prior":[[1],[1],null]}', 'actions[2] is "go" a second time, expected each action once.'],
    ['{"actions":2,"prior":[[0.5,0.5],[0,1],null]}', "actions is 2, expected a list of action labels."],
    ['{"actions":["go","stay"],"prior":[[0.5,0.5],[0,1],null],"calls":"3"}', 'calls is "3", expected a number.'],
    ['{"actions":["go","stay"],"prior":{}}', "prior is an Object, expected a list."],
  ])("refuses the prior %s", async (text, message) => {
    const error = await errorOf(() => readPriorJson(text, space));
    expect(error).toBeInstanceOf(InvalidModelError);
    expect(error.message.split("\n")).toContain(message);
  });
});
