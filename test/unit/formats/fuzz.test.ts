// Damaged files of every kind end in an error with a reason, never in a crash, a hang or silence about lost data.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, InvalidModelError, OptionError, ShapeError } from "../../../src/errors.ts";
import { detectFormat } from "../../../src/formats/detect.ts";
import { readPriorJson } from "../../../src/formats/prior-json.ts";
import { readModel } from "../../../src/formats/read-model.ts";
import { readPolicy } from "../../../src/formats/saved-policy.ts";
import { readQ } from "../../../src/formats/saved-q.ts";
import { readSolutionJson } from "../../../src/formats/saved-solution.ts";
import { readSolutionNpz } from "../../../src/formats/saved-solution-npz.ts";
import { LabelIndex } from "../../../src/mdp/index.ts";
import { bytesOf, fixture } from "./fixtures.ts";

const REASONS = [FormatError, InvalidModelError, ShapeError, OptionError];

const space = {
  states: LabelIndex.range("state", 2),
  actions: LabelIndex.range("action", 2),
  choices: { stateChoices: Int32Array.of(0, 2, 2), choiceAction: Int32Array.of(0, 1) },
};

/** Every reader takes the bytes, or refuses them with a reason. */
async function readAll(bytes: Uint8Array): Promise<void> {
  const readers: (() => unknown)[] = [
    () => detectFormat("model", bytes),
    () => readModel("model.json", bytes, { format: "mdpkit" }),
    () => readModel("model.json", bytes, { format: "gymnasium" }),
    () => readModel("model.npz", bytes, { format: "npz" }),
    () => readSolutionJson(bytes),
    () => readSolutionNpz(bytes),
    () => readPolicy(bytes, space),
    () => readQ(bytes, space),
    () => readPriorJson(bytes, space),
  ];
  for (const read of readers) {
    try {
      await read();
    } catch (error) {
      if (!REASONS.some((kind) => error instanceof kind)) throw error;
      expect((error as Error).message).not.toBe("");
    }
  }
}

const MODEL = bytesOf(
  '{"format":"mdpkit","version":1,"discount":0.9,"objective":"minimize","states":["a","b","c"],"actions":["x","y"],"initial":[["a","1/2"],["b",0.5]],"terminal":["c"],\n"transitions":[["a","x","b","1/3",1],["a","x","c",0.6666666666666667,-2.5e0],[1,0,2,1,"sqrt(2)"]]}',
);
const SEEDS: readonly Uint8Array[] = [
  MODEL,
  bytesOf('{"P":{"0":{"0":[[0.5,1,3,true],[0.5,1,1,false]]},"1":{}}}'),
  bytesOf(
    '{"version":"1","status":"converged","value":[1,"Infinity"],"policy":[0,null],"q":[[1,2],[null,null]],"lower":[1,2],"upper":[1,2],"seconds":{"load":1,"solve":2}}',
  ),
  bytesOf('{"actions":[0,1],"prior":[[0.5,0.5],null],"method":"x","calls":3}'),
  fixture("fortran.npz"),
  fixture("scipy-compressed.npz"),
  fixture("zip64-directory.npz"),
];

describe("readers", () => {
  it("take or refuse any bytes", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), readAll), { numRuns: 200 });
  });

  it("take or refuse any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), (value) => readAll(bytesOf(JSON.stringify(value)))),
      { numRuns: 200 },
    );
  });

  it("take or refuse files of the right keys with any values", async () => {
    const keys = [
      "format",
      "version",
      "discount",
      "objective",
      "states",
      "actions",
      "initial",
      "terminal",
      "transitions",
      "P",
      "0",
      "value",
      "policy",
      "q",
      "lower",
      "upper",
      "probability",
      "prior",
      "stages",
    ];
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom("mdpkit", 1, 2, 1e9, -1, [[0, 0, 0, 1, 0]], ["a", "b"], [["a", 1]]));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 9 }), (object) => readAll(bytesOf(JSON.stringify(object)))),
      { numRuns: 500 },
    );
  });

  it("take or refuse files with bytes changed, cut or repeated", async () => {
    const edit = fc.record({
      at: fc.nat(),
      byte: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...bytesOf('{}[]",:0179-.eE\\'))),
      kind: fc.constantFrom("set", "cut", "insert", "double"),
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SEEDS), fc.array(edit, { minLength: 1, maxLength: 4 }), async (seed, edits) => {
        let bytes = seed.slice();
        for (const { at, byte, kind } of edits) {
          const i = at % (bytes.length + 1);
          if (kind === "set" && i < bytes.length) bytes[i] = byte;
          else if (kind === "cut") bytes = Uint8Array.of(...bytes.subarray(0, i), ...bytes.subarray(Math.min(bytes.length, i + (byte % 40))));
          else if (kind === "insert") bytes = Uint8Array.of(...bytes.subarray(0, i), byte, ...bytes.subarray(i));
          else bytes = Uint8Array.of(...bytes.subarray(0, i), ...bytes.subarray(Math.max(0, i - 20)));
        }
        await readAll(bytes);
      }),
      { numRuns: 600 },
    );
  });

  it("take or refuse every truncation of a model", async () => {
    for (let n = 0; n < MODEL.length; n++) await readAll(MODEL.subarray(0, n));
    await expect(readModel("model.json", MODEL)).resolves.toBeDefined();
  });
});
