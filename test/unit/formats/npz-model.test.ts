// Models in npz: every way the real scipy and numpy write one gives the same model.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, InvalidModelError, ShapeError } from "../../../src/errors.ts";
import { Npz, type NpzContent, writeNpz } from "../../../src/formats/npz.ts";
import { readNpzModel } from "../../../src/formats/npz-model.ts";
import { writeNpzModel } from "../../../src/formats/npz-model-write.ts";
import { arbitraryModel } from "./arbitrary-models.ts";
import { errorOf, fixture, fixtureJson, type PlainChoice, plain, plainChoices } from "./fixtures.ts";

interface Expected {
  readonly transition: (number[] | null)[][];
  readonly reward: (number | null)[][];
  readonly terminal: number[];
  readonly discount: number;
}

const expected = fixtureJson("expected-model.json") as Expected;

/** The choices of the fixtures' model, rewards times `sign`. */
function expectedChoices(sign = 1): PlainChoice[] {
  return expected.transition.flatMap((actions, state) =>
    actions.flatMap((row, action) => {
      const given = expected.reward[state]?.[action];
      if (row === null || given === null || given === undefined) return [];
      const reward = sign * given;
      const branches = row.flatMap((p, next) => (p === 0 ? [] : [[next, p, reward, false] as const]));
      return [{ state, action, reward, branches }];
    }),
  );
}

/** A valid archive of two states and one action, with changes. */
function archive(changes: Record<string, NpzContent | undefined>): Uint8Array {
  return writeNpz({
    indptr: Int32Array.of(0, 1, 2),
    indices: Int32Array.of(1, 0),
    data: Float64Array.of(1, 1),
    shape: BigInt64Array.of(2n, 2n),
    format: { data: ["csr"], shape: [] },
    reward: { data: Float64Array.of(1, 2), shape: [2, 1] },
    discount: { data: Float64Array.of(0.9), shape: [] },
    ...changes,
  });
}

describe("readNpzModel", () => {
  it("stores equal rows once", async () => {
    const mdp = await readNpzModel(archive({ indptr: Int32Array.of(0, 2, 4), indices: Int32Array.of(1, 0, 1, 0), data: Float64Array.of(0.5, 0.5, 0.5, 0.5) }));
    expect(mdp.storage).toMatchObject({ choiceCount: 2, rowCount: 1, branchCount: 4 });
    expect(mdp.branches(1, 0)).toMatchObject([
      { next: 1, probability: 0.5 },
      { next: 0, probability: 0.5 },
    ]);
  });

  it.each([
    "scipy-stored.npz",
    "scipy-compressed.npz",
    "fortran.npz",
    "int8-float32.npz",
    "int64-float16.npz",
    "uint16.npz",
    "big-endian.npz",
    "unsorted.npz",
    "duplicates.npz",
    "labels.npz",
    "zip64-directory.npz",
  ])("reads %s", async (name) => {
    const mdp = await readNpzModel(fixture(name));
    expect(plainChoices(mdp)).toEqual(expectedChoices());
    expect([...mdp.storage.terminal]).toEqual([0, 0, 0, 0, 1]);
    expect([mdp.discount, mdp.objective]).toEqual([0.9, "maximize"]);
  });

  it("reads Node's Buffers, whose slices are views, and changes none of their bytes", async () => {
    for (const name of ["big-endian.npz", "int8-float32.npz"]) {
      const buffer = Buffer.concat([Buffer.from("xyz"), fixture(name)]).subarray(3);
      const before = Buffer.from(buffer);
      expect(plainChoices(await readNpzModel(buffer))).toEqual(expectedChoices());
      expect(buffer.equals(before)).toBe(true);
    }
  });

  it("reads rewards of +inf as infeasible where the objective is to minimise", async () => {
    const mdp = await readNpzModel(fixture("minimize.npz"));
    expect(plainChoices(mdp)).toEqual(expectedChoices(-1));
    expect(mdp.objective).toBe("minimize");
    const error = await errorOf(() => readNpzModel(fixture("minimize.npz"), { objective: "maximize" }));
    expect(error.message).toMatch(/^transition\(3,1.*\) has reward Infinity/);
  });

  it("reads start and labels", async () => {
    expect((await readNpzModel(fixture("unsorted.npz"))).initial?.state).toEqual(Int32Array.of(2));
    const spread = (await readNpzModel(fixture("big-endian.npz"))).initial;
    expect([spread?.state, spread?.probability]).toEqual([Int32Array.of(0, 2), Float64Array.of(0.5, 0.5)]);
    const labelled = await readNpzModel(fixture("labels.npz"));
    expect([...labelled.states]).toEqual(["a", "b", "ç", "d", "end"]);
    expect([...labelled.actions]).toEqual([10, 20, 30]);
  });

  it("takes options before the file's own words", async () => {
    expect((await readNpzModel(archive({}), { discount: 0.5 })).discount).toBe(0.5);
    expect((await readNpzModel(archive({ discount: undefined }))).discount).toBeUndefined();
    const counts = await readNpzModel(archive({ data: Int32Array.of(3, 4) }), { normalize: true });
    expect(counts.branches(0, 0)[0]?.probability).toBe(1);
  });

  it("reads rewards of states, and integer masks of terminal states", async () => {
    const mdp = await readNpzModel(archive({ reward: Int32Array.of(5, 7) }));
    expect([...mdp.storage.reward]).toEqual([5, 7]);
    const three = { shape: Int32Array.of(3, 3), indptr: Int32Array.of(0, 1, 2, 2), reward: { data: new Float64Array(3), shape: [3, 1] } };
    for (const terminal of [Int32Array.of(2), Uint8Array.of(0, 0, 1), Float64Array.of(2)]) {
      expect([...(await readNpzModel(archive({ ...three, terminal }))).storage.terminal]).toEqual([0, 0, 1]);
    }
  });

  it.each([
    [{ format: ["csc"] }, FormatError, 'npz array "format" is "csc", expected "csr". Hint: in Python: scipy.sparse.save_npz(file, matrix.tocsr()).'],
    [{ indptr: undefined }, FormatError, 'npz has no array "indptr", expected one; it has indices, data, shape, format, reward, discount.'],
    [{ reward: undefined }, FormatError, /^npz has no array "reward"/],
    [{ shape: Int32Array.of(3, 2) }, ShapeError, /^npz array "shape" is \(3, 2\), expected \(S·A, S\)/],
    [{ shape: Int32Array.of(0, 0) }, ShapeError, /^npz array "shape" is \(0, 0\)/],
    [{ shape: Int32Array.of(2) }, ShapeError, /^npz array "shape" is \(2\)/],
    [{ shape: Float64Array.of(2 ** 31, 2) }, FormatError, /^npz array "shape" has 2147483648 at 0, expected integers within int32/],
    [{ shape: Int32Array.of(4, 2) }, ShapeError, /^npz array "reward" has shape \(2, 1\), expected \(2, 2\)/],
    [{ shape: Int32Array.of(2000000000, 1000000000) }, ShapeError, /^npz array "reward" has shape/],
    [{ reward: { data: Float64Array.of(1, 2), shape: [1, 2] } }, ShapeError, /^npz array "reward" has shape \(1, 2\), expected \(2, 1\)/],
    [{ indptr: Int32Array.of(0, 2) }, ShapeError, /^indptr has 2 entries, expected 3/],
    [{ indptr: Int32Array.of(0, 3, 2) }, ShapeError, /^indptr/],
    [{ indptr: Int32Array.of(0, 1, 5) }, ShapeError, /^indptr/],
    [{ indices: Int32Array.of(1, 2) }, InvalidModelError, /^transition\(1,0.*\) has successor 2/],
    [{ indices: Int32Array.of(1, -1) }, InvalidModelError, /^transition\(1,0.*\) has successor -1/],
    [{ indices: Float64Array.of(1, 0.5) }, FormatError, /^npz array "indices" has 0.5 at 1/],
    [
      { data: Float64Array.of(1, 0.5) },
      InvalidModelError,
      "transition(1,0) sums to 0.5, expected 1 within 1e-9. Hint: pass normalize: true if these are counts.",
    ],
    [{ data: Float64Array.of(1, Number.NaN) }, InvalidModelError, /^transition\(1,0.*\) has probability NaN/],
    [{ data: Float64Array.of(1) }, ShapeError, /^indices has 2 entries and data 1/],
    [{ reward: { data: Float64Array.of(1, Number.NaN), shape: [2, 1] } }, InvalidModelError, /^transition\(1,0.*\) has reward NaN/],
    [
      { reward: { data: Float64Array.of(1, -Infinity), shape: [2, 1] } },
      InvalidModelError,
      "state 1 has no choice, expected at least one choice. Hint: list it as terminal if episodes end there.",
    ],
    [{ indptr: Int32Array.of(0, 2, 2), data: Float64Array.of(0.5, 0.5) }, InvalidModelError, /^state 1 has no choice/],
    [{ discount: Float64Array.of(1.5) }, InvalidModelError, "discount is 1.5, expected a number from 0 to 1."],
    [{ discount: Float64Array.of(0.5, 0.5) }, ShapeError, /^npz array "discount" has shape \(2\)/],
    [{ objective: ["max"] }, InvalidModelError, 'objective is "max", expected "maximize" or "minimize".'],
    [{ terminal: Int32Array.of(2) }, InvalidModelError, "terminal[0] is 2, expected a state from 0 to 1."],
    [{ initial: Int32Array.of(2) }, InvalidModelError, "initial is 2, expected a state from 0 to 1."],
    [{ initial: Float64Array.of(0.5, 0.25) }, InvalidModelError, "initial sums to 0.75, expected 1 within 1e-9."],
    [{ initial: Float64Array.of(0.5, 0.25, 0.25) }, ShapeError, /^npz array "initial" has shape \(3\)/],
    [{ state_labels: ["a"] }, ShapeError, /^npz array "state_labels" has 1 labels, expected 2/],
    [{ state_labels: ["a", "a"] }, InvalidModelError, /^state_labels\[1\] is "a", which is entry 0 already/],
  ])("refuses %j", async (changes, kind, message) => {
    const error = await errorOf(() => readNpzModel(archive(changes)));
    expect(error).toBeInstanceOf(kind);
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });
});

describe("writeNpzModel", () => {
  it.each([false, true])("writes what is read back (compress: %s)", async (compress) => {
    await fc.assert(
      fc.asyncProperty(arbitraryModel({ endings: false, labels: true }), async (mdp) => {
        const back = await readNpzModel(writeNpzModel(mdp, { compress }));
        const named = (labels: unknown[]) => labels.map((label) => (typeof label === "number" ? label : String(label)));
        // An npz holds expected rewards; branches carry no rewards of their own.
        const choices = plainChoices(mdp).map((choice) => ({ ...choice, branches: choice.branches.map(([next, p]) => [next, p, choice.reward, false]) }));
        const byState = mdp.initial && Array.from({ length: mdp.stateCount }, (_, s) => mdp.initial?.probability[mdp.initial.state.indexOf(s)] ?? 0);
        const { initial, ...rest } = plain(back) as Record<string, unknown> & { readonly initial: [number[], number[]] | undefined };
        expect(rest).toEqual({ ...(plain(mdp) as object), initial: undefined, choices, states: named([...mdp.states]), actions: named([...mdp.actions]) });
        expect(initial && Array.from({ length: mdp.stateCount }, (_, s) => initial[1][initial[0].indexOf(s)] ?? 0)).toEqual(byState);
      }),
      { numRuns: 60 },
    );
  });

  it("writes scipy's keys", async () => {
    const grid = { shape: Int32Array.of(4, 2), indptr: Int32Array.of(0, 1, 1, 1, 1), indices: Int32Array.of(1), data: Float64Array.of(1) };
    const reward = { data: Float64Array.of(3, 0, 0, 0), shape: [2, 2] };
    const npz = new Npz(writeNpzModel(await readNpzModel(archive({ ...grid, reward, terminal: Int32Array.of(1) }))));
    expect(npz.names).toEqual(["format", "shape", "indptr", "indices", "data", "reward", "discount", "objective", "terminal"]);
    expect(npz.array("shape").data).toEqual(BigInt64Array.of(4n, 2n));
    expect(npz.floats("reward").data).toEqual(Float64Array.of(3, -Infinity, -Infinity, -Infinity));
    const least = await readNpzModel(archive({ ...grid, reward, terminal: Int32Array.of(1) }), { objective: "minimize" });
    expect(new Npz(writeNpzModel(least)).floats("reward").data).toEqual(Float64Array.of(3, Infinity, Infinity, Infinity));
  });
});
