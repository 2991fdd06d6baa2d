// Which format a file has, and the one way in and out for all of them.
import { describe, expect, it } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { detectFormat, formatOfName, type ModelFormat } from "../../../src/formats/detect.ts";
import { modelPieces, readModel } from "../../../src/formats/read-model.ts";
import { bytesOf, errorOf, fixture, plainChoices } from "./fixtures.ts";

describe("detectFormat", () => {
  it.each<[string, string, ModelFormat]>([
    ["model.json", '{"format":"mdpkit","version":1}', "mdpkit"],
    ["model", '  \n{"discount":0.9,"transitions":[[', "mdpkit"],
    ["model.json", '\ufeff{"states":2,"format":"mdpkit"', "mdpkit"],
    ["model.json", '{"states":2}', "mdpkit"],
    ["model.json", "{}", "mdpkit"],
    ["lake.json", '{"P":{"0":{}}}', "gymnasium"],
    ["lake.txt", '{"nS":1,"P":{"0":{}}}', "gymnasium"],
    ["lake", '{"0":{"0":[]}}', "gymnasium"],
    ["lake", "[[[[1,0,0,true]]]]", "gymnasium"],
  ])("%s with %j", (name, text, format) => {
    expect(detectFormat(name, bytesOf(text))).toBe(format);
  });

  it("knows a zip file by its content, whatever its name", () => {
    expect(detectFormat("model.json", fixture("fortran.npz"))).toBe("npz");
  });

  it.each([
    ["model.npz", "{}", /^the file is no zip file, expected one, as its name ends in \.npz\./],
    [
      "model.tra",
      "0 0 0 1",
      /^the file is of no known format, expected one of mdpkit JSON \(\.json\), Gymnasium table JSON \(\.json\), scipy CSR in npz \(\.npz\)\./,
    ],
    ["model", "", /of no known format/],
    ["model", '{"a":1}', /of no known format/],
    ["model.json", "7", /of no known format/],
    ["model.json", "", /^JSON line 1, column 1 ends, expected a value\./],
    ["model.json", '{"states":2,}', /^JSON line 1, column 13 has "}", expected a key in double quotes\./],
    ["policy.json", '{"format":"mdpkit-policy"}', /^the file has the format "mdpkit-policy", which is no model/],
  ])("refuses %s with %j", async (name, text, message) => {
    const error = await errorOf(() => detectFormat(name, bytesOf(text)));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(message);
  });
});

describe("formatOfName", () => {
  it.each([
    ["a.npz", "npz"],
    ["a.JSON", "mdpkit"],
    ["a.gym.json", "gymnasium"],
    ["a.gymnasium.json", "gymnasium"],
    ["a.tra", undefined],
  ])("%s", (name, format) => {
    expect(formatOfName(name)).toBe(format);
  });
});

describe("readModel", () => {
  it("brings a model through every format unchanged", async () => {
    const first = await readModel("scipy.npz", fixture("scipy-stored.npz"));
    let mdp = first;
    for (const format of ["mdpkit", "npz", "gymnasium"] as const) {
      const pieces = [...modelPieces(mdp, format)];
      const bytes = pieces.every((piece) => typeof piece === "string") ? bytesOf(pieces.join("")) : pieces[0];
      mdp = await readModel("model", bytes as Uint8Array, { discount: 0.5 });
      expect(mdp.discount).toBe(0.5);
    }
    // Gymnasium's form says of branches into terminal states that they end.
    const terminal = first.storage.terminal;
    const expected = plainChoices(first).map((choice) => ({ ...choice, branches: choice.branches.map(([next, p, r]) => [next, p, r, terminal[next] === 1]) }));
    expect(plainChoices(mdp)).toEqual(expected);
  });

  it("reads by a given format whatever the name and content suggest", async () => {
    const error = await errorOf(() => readModel("a.json", bytesOf('{"0":{"0":[[1,0,0,true]]}}'), { format: "mdpkit" }));
    expect(error.message).toMatch(/is not a key of mdpkit JSON/);
  });
});
