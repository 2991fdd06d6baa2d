// Gymnasium tables: the real ones, the semantics of terminated, and every fault named P[s][a][i].
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, InvalidModelError } from "../../../src/errors.ts";
import { readGymnasiumJson, writeGymnasiumJson } from "../../../src/formats/gymnasium-json.ts";
import { arbitraryModel } from "./arbitrary-models.ts";
import { errorOf, fixture, fixtureJson, type PlainChoice, plainChoices } from "./fixtures.ts";

type Table = Record<string, Record<string, [number, number, number, boolean][]>>;

/** What a table means, computed here a second time: equal successors added up, terminated ones apart. */
function choicesOfTable(table: Table): PlainChoice[] {
  return Object.entries(table).flatMap(([s, actions]) =>
    Object.entries(actions).map(([a, entries]) => {
      const merged = new Map<string, [number, number, number, boolean]>();
      for (const [p, next, reward, ends] of entries) {
        const key = `${next},${ends}`;
        const [, before, weighted] = merged.get(key) ?? [next, 0, 0, ends];
        merged.set(key, [next, before + p, weighted + p * reward, ends]);
      }
      const branches = [...merged.values()].map(([next, p, weighted, ends]) => [next, p, weighted / p, ends] as const);
      return {
        state: Number(s),
        action: Number(a),
        reward: entries.reduce((sum, [p, , r]) => sum + p * r, 0),
        branches: branches.sort((x, y) => x[0] - y[0] || Number(x[3]) - Number(y[3])),
      };
    }),
  );
}

describe("readGymnasiumJson", () => {
  it.each([
    ["frozen-lake.json", 16, 4],
    ["cliff-walking.json", 48, 4],
    ["taxi.json", 500, 6],
  ])("reads the real %s entry by entry", async (name, states, actions) => {
    const mdp = await readGymnasiumJson(fixture(name), { discount: 0.99 });
    expect([mdp.stateCount, mdp.actionCount, mdp.discount]).toEqual([states, actions, 0.99]);
    const json = fixtureJson(name) as { P: Table } | Table;
    const expected = choicesOfTable("P" in json ? (json.P as Table) : json);
    const got = plainChoices(mdp);
    expect(got).toHaveLength(expected.length);
    for (const [i, choice] of expected.entries()) {
      expect(got[i]!.state).toBe(choice.state);
      expect(got[i]!.action).toBe(choice.action);
      expect(got[i]!.reward).toBeCloseTo(choice.reward, 13);
      expect(got[i]!.branches.map(([next, , , ends]) => [next, ends])).toEqual(choice.branches.map(([next, , , ends]) => [next, ends]));
      for (const [k, [, p, r]] of choice.branches.entries()) {
        expect(got[i]!.branches[k]![1]).toBeCloseTo(p, 15);
        expect(got[i]!.branches[k]![2]).toBeCloseTo(r, 13);
      }
    }
  });

  it("ends terminated branches also where the state they enter has choices of its own", async () => {
    const mdp = await readGymnasiumJson('{"P":{"0":{"0":[[0.5,1,3,true],[0.5,1,1,false]]},"1":{"0":[[1.0,0,7,false]]}}}');
    expect(mdp.branches(0, 0)).toEqual([
      { next: 1, probability: 0.5, reward: 3, terminated: true },
      { next: 1, probability: 0.5, reward: 1, terminated: false },
    ]);
    expect(mdp.isTerminal(1)).toBe(false);
  });

  it("adds up equal successors, weighting their rewards", async () => {
    const mdp = await readGymnasiumJson('{"0":{"0":[[0.25,0,4,false],[0.75,0,0,false]]}}');
    expect(mdp.branches(0, 0)).toEqual([{ next: 0, probability: 1, reward: 1, terminated: false }]);
  });

  it.each([
    '{"1":{"0":[[1,0,1,false]]},"0":{"1":[[1,1,2,true]]}}',
    '{"P":[{"1":[[1,1,2,1]]},{"0":[[1,0,1,0]]}]}',
    "[[null,[[1,1,2,true]]],[[[1,0,1,false]]]]",
    "[[[],[[1,1,2,true]]],[[[1,0,1,false]],[]]]",
  ])("reads objects and arrays alike: %s", async (text) => {
    const mdp = await readGymnasiumJson(text);
    expect(plainChoices(mdp)).toEqual([
      { state: 0, action: 1, reward: 2, branches: [[1, 1, 2, true]] },
      { state: 1, action: 0, reward: 1, branches: [[0, 1, 1, false]] },
    ]);
  });

  it("makes a state with an empty or missing table terminal", async () => {
    const mdp = await readGymnasiumJson('{"0":{"0":[[1,1,1,true]]},"1":{},"2":null,"3":[]}');
    expect([...mdp.storage.terminal]).toEqual([0, 1, 1, 1]);
  });

  it.each([
    ['{"P":{"0":{"0":[[1,1,0,false]]}}}', "P[0][0][0] (line 1, column 17) has the next state 1, expected a state from 0 to 0."],
    ['{"0":{"0":[[0.5,0,0,false],[0.5,-1,0,false]]}}', "P[0][0][1] (line 1, column 28) has the next state -1, expected the index of a state."],
    ['{"0":{"0":[[0.5,0,0,false],[0.5,0.5,0,false]]}}', /^P\[0\]\[0\]\[1\] .* has the next state 0.5/],
    ['{"0":{"0":[[-0.5,0,0,false]]}}', /^P\[0\]\[0\]\[0\] .* has the probability -0.5, expected a finite number >= 0/],
    ['{"0":{"0":[["1/2",0,0,false]]}}', /^P\[0\]\[0\]\[0\] .* has the probability "1\/2"/],
    ['{"0":{"0":[[1,0,null,false]]}}', /^P\[0\]\[0\]\[0\] .* has the reward null/],
    ['{"0":{"0":[[1,0,0,"yes"]]}}', /^P\[0\]\[0\]\[0\] .* has the flag "yes", expected true or false/],
    ['{"0":{"0":[[1,0,0]]}}', /^P\[0\]\[0\]\[0\] .* has 3 entries, expected \[probability, next, reward, terminated\]/],
    ['{"0":{"0":[1,0,0,false]}}', /^P\[0\]\[0\]\[0\] .* is 1, expected \[probability, next, reward, terminated\]/],
    ['{"0":{"0":{"p":1}}}', /^P\[0\]\[0\] .* is an Object, expected a list of/],
    ['{"0":{"up":[[1,0,0,false]]}}', /^P\[0\] .* has the key "up", expected integers/],
    ['{"P":{"a":{}}}', /^P .* has the key "a", expected integers/],
    ['{"0":{"0":[[0.9,0,0,false]]}}', /^transition\(0,0\) sums to 0.9/],
    ['{"0":{"0":[]}}', /^state 0 has no choice/],
    [
      '{"0":{},"2":{}}',
      "P[1] is missing, though there is P[2], expected states 0, 1, ... without a gap. Hint: a terminal state is written with an empty table: {}.",
    ],
    ['{"0":{},"4000000000":{}}', /^P\[1\] is missing, though there is P\[4000000000\]/],
    ['{"P":{"0":{}},"nS":1}', /^key "nS" .* is not part of a Gymnasium table, expected "P", or states 0, 1, \.\.\. alone/],
    ["{}", /^P has no states/],
    ['{"P":3}', /^P .* is 3, expected an object or array by state/],
    ['{"0":5}', /^P\[0\] is 5, expected an object or array by action/],
  ])("names what is wrong with %s", async (text, message) => {
    const error = await errorOf(() => readGymnasiumJson(text));
    expect(error).toBeInstanceOf(InvalidModelError);
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it("collects faults over the whole table", async () => {
    const text = '{"0":{"0":[[1,9,0,false]],"1":[[1,0,"x",false],[2]]},"1":{"0":[[0.5,0,0,true]]}}';
    const error = (await errorOf(() => readGymnasiumJson(text))) as InvalidModelError;
    expect(error.issues.map(({ where }) => where.replace(/ \(.*/, ""))).toEqual(
      ["P[0][1][0]", "P[0][1][1]", "P[0][0][0]", "transition(1,0)"].map((where) => where),
    );
  });

  it.each(["NaN", "Infinity", "-Infinity"])("says that %s, as Python writes it, is not JSON", async (word) => {
    const error = await errorOf(() => readGymnasiumJson(`{"P":{"0":{"0":[[1.0,0,${word},false]]}}}`));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toBe(
      `JSON line 1, column 24 has "${word}", expected a ${word.startsWith("-") ? "number" : "value"}. Hint: ${word} is not JSON; Python's json.dumps writes only JSON with allow_nan=False.`,
    );
  });

  it("refuses a state or action given twice", async () => {
    expect((await errorOf(() => readGymnasiumJson('{"0":{},"0":{}}'))).message).toMatch(/key "0" a second time/);
    expect((await errorOf(() => readGymnasiumJson('{"0":{"1":[],"1":[]}}'))).message).toMatch(/key "1" a second time/);
  });
});

describe("writeGymnasiumJson", () => {
  it("writes what is read back; entering a terminal state is terminated", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryModel({ endings: true, labels: true }), async (mdp) => {
        const terminal = mdp.storage.terminal;
        const mixed = plainChoices(mdp).some(({ branches }) =>
          branches.some(([next, , , ends], i) => terminal[next] === 1 && !ends && branches.some((other, k) => k !== i && other[0] === next)),
        );
        fc.pre(!mixed);
        const back = await readGymnasiumJson(writeGymnasiumJson(mdp));
        const expected = plainChoices(mdp).map((choice) => ({
          ...choice,
          branches: choice.branches.map(([next, p, r, ends]) => [next, p, r, ends || terminal[next] === 1] as const),
        }));
        expect(plainChoices(back)).toEqual(expected);
        expect([...back.storage.terminal]).toEqual([...terminal]);
      }),
    );
  });

  it("writes the real tables back entry by entry", async () => {
    for (const name of ["cliff-walking.json", "taxi.json"]) {
      const json = fixtureJson(name) as { P: Table } | Table;
      const text = writeGymnasiumJson(await readGymnasiumJson(fixture(name)));
      expect(JSON.parse(text)).toEqual({ P: "P" in json ? json.P : json });
    }
  });
});
