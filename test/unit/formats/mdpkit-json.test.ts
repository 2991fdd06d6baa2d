// mdpkit JSON: what the contract says is read, every fault is named by its transition, and what is written is read back.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, InvalidModelError, OptionError } from "../../../src/errors.ts";
import { mdpkitJsonPieces, readMdpkitJson, writeMdpkitJson } from "../../../src/formats/mdpkit-json.ts";
import { defineMdp } from "../../../src/mdp/index.ts";
import { arbitraryModel } from "./arbitrary-models.ts";
import { bytesOf, errorOf, plain } from "./fixtures.ts";

const ROBOT = {
  format: "mdpkit",
  version: 1,
  discount: 0.9,
  objective: "maximize",
  states: ["high", "low"],
  actions: ["search", "wait", "recharge"],
  initial: "high",
  transitions: [
    ["low", "recharge", "high", 1, 0],
    ["high", "search", "high", "0.8", 5],
    ["high", "search", "low", "1/5", 5],
    ["high", "wait", "high", 1, 1],
    [1, 0, 0, "3/5", "-3"],
    ["low", 0, "low", "2/5", "10/2"],
    ["low", "wait", "low", 1, 1],
  ],
};

const robot = defineMdp({
  states: ["high", "low"],
  actions: ["search", "wait", "recharge"],
  discount: 0.9,
  objective: "maximize",
  initial: "high",
  feasible: (s) => (s === "high" ? ["search", "wait"] : ["search", "wait", "recharge"]),
  transition: (s, a) =>
    a === "wait"
      ? s
      : a === "recharge"
        ? "high"
        : [
            ["high", s === "high" ? 0.8 : 0.6],
            ["low", s === "high" ? 0.2 : 0.4],
          ],
  reward: (s, a, next) => (a === "wait" ? 1 : a === "recharge" ? 0 : s === "low" && next === "high" ? -3 : 5),
});

function read(changes: Record<string, unknown>, options = {}) {
  return readMdpkitJson(JSON.stringify({ ...ROBOT, ...changes }), options);
}

/** A model of two states, counts for labels. */
function small(transitions: unknown, changes: Record<string, unknown> = {}) {
  return readMdpkitJson(JSON.stringify({ format: "mdpkit", version: 1, states: 2, actions: 2, transitions, ...changes }));
}

async function issuesOf(work: () => unknown) {
  const error = await errorOf(work);
  expect(error).toBeInstanceOf(InvalidModelError);
  return (error as InvalidModelError).issues;
}

describe("readMdpkitJson", () => {
  it("reads labels, indices, expressions, any order of transitions", async () => {
    expect(plain(await read({}))).toEqual(plain(robot));
    expect(plain(await readMdpkitJson(bytesOf(JSON.stringify(ROBOT))))).toEqual(plain(robot));
  });

  it("reads keys in any order", async () => {
    const backwards = Object.fromEntries(Object.entries(ROBOT).reverse());
    expect(plain(await readMdpkitJson(JSON.stringify(backwards)))).toEqual(plain(robot));
  });

  it("reads counts, terminal states, an initial distribution; what is left out has its default", async () => {
    const mdp = await small([[0, 1, 1, 1, 2]], {
      terminal: [1],
      initial: [
        [0, "1/4"],
        [1, 0.75],
      ],
    });
    expect(plain(mdp)).toEqual({
      states: [0, 1],
      actions: [0, 1],
      objective: "maximize",
      discount: undefined,
      initial: [
        [0, 1],
        [0.25, 0.75],
      ],
      terminal: [0, 1],
      choices: [{ state: 0, action: 1, reward: 2, branches: [[1, 1, 2, false]] }],
    });
  });

  it("takes options before the file's own words", async () => {
    const mdp = await read({}, { discount: 0.5, objective: "minimize" });
    expect([mdp.discount, mdp.objective]).toEqual([0.5, "minimize"]);
    const counts = await readMdpkitJson(JSON.stringify({ ...ROBOT, states: ["a"], actions: 1, initial: "a", transitions: [["a", 0, "a", 4, 1]] }), {
      normalize: true,
    });
    expect(counts.branches("a", 0)).toEqual([{ next: "a", probability: 1, reward: 1, terminated: false }]);
    expect(await errorOf(() => read({}, { discount: 2 }))).toBeInstanceOf(OptionError);
  });

  it("tells numbers from labels: a number is an index, a string a label", async () => {
    const mdp = await small(
      [
        [0, 0, 1, 1, 0],
        ["0", 0, 0, 1, 0],
      ],
      { states: ["1", "0"] },
    );
    expect(mdp.branches("1", 0)[0]?.next).toBe("0");
  });

  it.each([
    [[[0, 0, 0, 1, 0]], "state 1 has no choice, expected at least one choice. Hint: list it as terminal if episodes end there."],
    [
      [
        [0, 0, 0, 0.9, 0],
        [1, 0, 0, 1, 0],
      ],
      "transition(0,0) sums to 0.9, expected 1 within 1e-9. Hint: pass normalize: true if these are counts.",
    ],
    [
      [
        [0, 0, 0, 0.5, 0],
        [1, 0, 0, 1, 0],
        [0, 0, 0, 0.5, 0],
      ],
      /^transitions\[2\] \(line 1, column \d+\) repeats the state, action and next of transitions\[0\], expected each \(state, action, next\) once\./,
    ],
    [
      [
        [0, 0, 0, -1, 0],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(line 1, column \d+\) has the probability -1, expected a finite number >= 0\.$/,
    ],
    [
      [
        [0, 0, 2, 1, 0],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has the state 2, expected an index from 0 to 1\.$/,
    ],
    [
      [
        [0, 0, "b", 1, 0],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has the state "b", expected an index from 0 to 1\.$/,
    ],
    [
      [
        [0, 2, 0, 1, 0],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has the action 2, expected an index from 0 to 1\.$/,
    ],
    [
      [
        [0, 0, 0.5, 1, 0],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has the state 0.5/,
    ],
    [
      [
        [0, 0, null, 1, 0],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has the state null/,
    ],
    [
      [
        [0, 0, 0, 1],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has 4 entries, expected 5: \[state, action, next, probability, reward\]\.$/,
    ],
    [
      [
        [0, 0, 0, 1, 0, true],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has 6 entries/,
    ],
    [
      [
        [0, 0, 0, 1, null],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has the reward null, expected a number or arithmetic such as "1\/3"\.$/,
    ],
    [
      [
        [0, 0, 0, "1//2", 0],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has a probability that cannot be used, expected a number or arithmetic such as "1\/3"\. Hint: expression "1\/\/2" cannot be read/,
    ],
    [
      [
        [0, 0, 0, 1, "1/0"],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has a reward that cannot be used.*is Infinity/,
    ],
    [
      [
        [0, 0, 0, "-1/2", 0],
        [1, 0, 0, 1, 0],
      ],
      /^transitions\[0\] \(.*\) has the probability -0.5, expected a finite number >= 0\.$/,
    ],
    [[{ s: 0 }, [1, 0, 0, 1, 0]], /^transitions\[0\] \(.*\) is an Object, expected \[state, action, next, probability, reward\]\.$/],
  ])("names what is wrong with %j", async (transitions, message) => {
    const issues = await issuesOf(() => small(transitions));
    const error = await errorOf(() => small(transitions));
    expect(issues).toHaveLength(1);
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it("refuses numbers beyond float64", async () => {
    const text = JSON.stringify({ format: "mdpkit", version: 1, states: 1, actions: 1, transitions: [[0, 0, 0, 1, "X"]] }).replace('"X"', "1e999");
    expect((await errorOf(() => readMdpkitJson(text))).message).toMatch(/^transitions\[0\] .* has the reward Infinity, expected a finite number/);
  });

  it("collects everything, each with its line", async () => {
    const text = `{"format":"mdpkit","version":2,"discont":0.9,"states":["a","b"],"actions":["go"],"objective":"max","terminal":["c"],
"transitions":[
["a","go","b",1,0],
["a","go","b",1,0],
  ["b","go","a","0.1*",0]
]}`;
    const error = await errorOf(() => readMdpkitJson(text));
    expect(error.message.split("\n").map((line) => line.replace(/ Hint: expression.*/, ""))).toEqual([
      'discont (line 1, column 42) is not a key of mdpkit JSON, expected format, version, states, actions, transitions, discount, objective, initial, terminal. Hint: did you mean "discount"?',
      'transitions[2] (line 5, column 3) has a probability that cannot be used, expected a number or arithmetic such as "1/3".',
      "version (line 1, column 30) is 2, expected 1.",
      'objective (line 1, column 94) is "max", expected "maximize" or "minimize".',
      'terminal[0] (line 1, column 111) has the state "c", expected an index from 0 to 1 or one of "a", "b". Hint: did you mean "a"?',
      "transitions[1] (line 4, column 1) repeats the state, action and next of transitions[0], expected each (state, action, next) once. Hint: add their probabilities up.",
    ]);
  });

  it.each([
    [{ states: 0 }, /^states .* is 0, expected an integer from 1 to/],
    [{ states: 2147483648 }, /^states .* is 2147483648, expected an integer from 1 to/],
    [{ states: [] }, /^states .* is an empty list/],
    [{ states: ["a", "a"] }, /states .*\[1\] is "a", which is entry 0 already/],
    [{ states: ["a", null] }, /states .*\[1\] is null, expected a string or a number/],
    [{ states: undefined }, /^key "states" is missing/],
    [{ transitions: undefined }, /^key "transitions" is missing/],
    [{ transitions: {} }, /^transitions .* is an Object, expected a list/],
    [{ version: "1" }, /^version .* is "1", expected 1\./],
    [{ format: "prism" }, /^format .* is "prism", expected "mdpkit"\./],
    [{ discount: 1.5 }, /^discount .* is 1.5, expected a number from 0 to 1\./],
    [{ discount: "0.9" }, /^discount .* is "0.9", expected a number from 0 to 1\./],
    [{ initial: 5 }, /^initial .* has the state 5/],
    [{ initial: [["high", 0.5]] }, /^initial sums to 0.5, expected 1 within 1e-9/],
    [{ initial: [["high"]] }, /^initial\[0\] .* is an array of 1, expected \[state, probability\]/],
    [{ initial: [["high", "x"]] }, /^initial\[0\] .* has a probability that cannot be used/],
    [{ terminal: "low" }, /^terminal .* is "low", expected a list of states/],
    [{ terminal: ["low"] }, /^state "low" is terminal and has 3 choices/],
    [
      { transitions: [["hig", 0, 0, 1, 0]] },
      /^transitions\[0\] .* has the state "hig", expected an index from 0 to 1 or one of "high", "low"\. Hint: did you mean "high"\?$/,
    ],
  ])("refuses %j", async (changes, message) => {
    const error = await errorOf(() => read(changes));
    expect(error).toBeInstanceOf(InvalidModelError);
    expect(error.message).toMatch(message);
  });

  it("says no more of states and sums where a transition's state or action is unknown", async () => {
    const issues = await issuesOf(() => small([["x", 0, 0, 1, 0]]));
    expect(issues).toHaveLength(1);
  });

  it("refuses a claim of 2 billion states without asking for their memory", async () => {
    const error = await errorOf(() => small([[0, 0, 0, 1, 0]], { states: 2_000_000_000 }));
    expect(error.message).toMatch(/^state 1 has no choice.*\n(.*\n)*and 1999999989 more$/);
  });

  it("names line and column where the text is not JSON", async () => {
    const error = await errorOf(() => readMdpkitJson('{"format":"mdpkit",\n"transitions":[[0,0,0,.5,1]]}'));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toBe('JSON line 2, column 23 has ".5", expected a value.');
    expect((await errorOf(() => readMdpkitJson("[]"))).message).toMatch(/^JSON line 1, column 1 has "\[", expected an object/);
  });

  it("stops when aborted", async () => {
    await expect(read({}, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});

describe("writeMdpkitJson", () => {
  it("writes what is read back, number for number", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryModel({ endings: false, labels: true }), async (mdp) => {
        expect(plain(await readMdpkitJson(writeMdpkitJson(mdp)))).toEqual(plain(mdp));
      }),
    );
  });

  it("writes JSON that follows the contract", () => {
    expect(JSON.parse(writeMdpkitJson(robot))).toEqual({
      format: "mdpkit",
      version: 1,
      discount: 0.9,
      objective: "maximize",
      states: ["high", "low"],
      actions: ["search", "wait", "recharge"],
      initial: "high",
      transitions: [
        ["high", "search", "high", 0.8, 5],
        ["high", "search", "low", 0.2, 5],
        ["high", "wait", "high", 1, 1],
        ["low", "search", "high", 0.6, -3],
        ["low", "search", "low", 0.4, 5],
        ["low", "wait", "low", 1, 1],
        ["low", "recharge", "high", 1, 0],
      ],
    });
  });

  it("writes labels that are neither strings nor numbers by name", async () => {
    const mdp = await readMdpkitJson(
      JSON.stringify({
        ...ROBOT,
        states: [10, 20],
        initial: 0,
        transitions: [
          [0, 0, 1, 1, 0],
          [1, 0, 0, 1, 0],
        ],
      }),
    );
    expect(plain(await readMdpkitJson(writeMdpkitJson(mdp)))).toEqual(plain(mdp));
    expect(mdp.branches(20, "search")[0]?.next).toBe(10);
  });

  it("comes in pieces", () => {
    const pieces = [...mdpkitJsonPieces(robot)];
    expect(pieces.join("")).toBe(writeMdpkitJson(robot));
  });
});
