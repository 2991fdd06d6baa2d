// The JSON reader: the same values as JSON.parse, and faults with their line and column.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { JsonReader, parseJson } from "../../../src/formats/json-reader.ts";
import { bytesOf, errorOf } from "./fixtures.ts";

describe("parseJson", () => {
  it("answers what JSON.parse answers", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text)).toEqual(JSON.parse(text));
        expect(parseJson(bytesOf(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it("accepts and refuses what JSON.parse accepts and refuses", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      '"a"',
      '"b"',
      "\\",
      "1",
      "-",
      "0",
      ".",
      "e",
      "+",
      "true",
      "fals",
      "null",
      " ",
      "\n",
      "\\u00e9",
      "\u0001",
      "NaN",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        let expected: unknown;
        let valid = true;
        try {
          expected = JSON.parse(text);
        } catch {
          valid = false;
        }
        let got: unknown;
        let fault: unknown;
        try {
          got = parseJson(text);
        } catch (error) {
          fault = error;
        }
        if (fault instanceof FormatError && /a second time/.test(fault.message)) return; // stricter than JSON.parse
        expect(fault === undefined, text).toBe(valid);
        if (valid) expect(got).toEqual(expected);
        else expect(fault).toBeInstanceOf(FormatError);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['{"a":\n  1,\n  b: 2}', 'JSON line 3, column 3 has "b", expected a key in double quotes.'],
    ["[1, 2", 'JSON line 1, column 6 ends, expected "," or "]".'],
    ["", "JSON line 1, column 1 ends, expected a value."],
    ["[1] x", 'JSON line 1, column 5 has "x", expected the end of the text.'],
    ["[01]", 'JSON line 1, column 2 has "01", expected a number.'],
    ["[1.]", 'JSON line 1, column 2 has "1.", expected a number.'],
    ['{"a" 1}', 'JSON line 1, column 6 has "1", expected ":" after the key "a".'],
    ['["ab', "JSON line 1, column 5 ends, expected the end of the string that begins at line 1, column 2."],
    ['{"a":1,"a":2}', 'JSON line 1, column 8 has the key "a" a second time, expected each key once.'],
  ])("says where %j goes wrong", async (text, message) => {
    const error = await errorOf(() => parseJson(text));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toBe(message);
  });

  it.each(["NaN", "Infinity", "-Infinity", "None", "True"])("hints at Python for %s", async (word) => {
    expect((await errorOf(() => parseJson(`[${word}]`))).message).toMatch(new RegExp(`column 2 has "${word}", expected .* Hint: ${word} is not JSON`));
  });

  it("refuses deep nesting instead of overflowing the stack", async () => {
    expect((await errorOf(() => parseJson("[".repeat(1e6)))).message).toMatch(/at most 100 nested/);
    expect((await errorOf(() => new JsonReader('{"a":'.repeat(1e5)).skip())).message).toMatch(/at most 100 nested/);
  });

  it("reads UTF-8 with a byte order mark, and refuses other encodings", async () => {
    expect(parseJson(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31))).toBe(1);
    expect(parseJson("\ufeff[1]")).toEqual([1]);
    expect((await errorOf(() => parseJson(Uint8Array.of(0xff, 0xfe, 0x31, 0)))).message).toMatch(/UTF-16/);
    expect((await errorOf(() => parseJson(Uint8Array.of(0x22, 0xc3, 0x22)))).message).toMatch(/not UTF-8/);
  });

  it("keeps __proto__ a plain key", () => {
    const value = parseJson('{"__proto__":{"polluted":1}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe("JsonReader", () => {
  it("finds lines and columns in any order of asking", () => {
    const text = '{\n "a": [1,\n2],\r\n "b": 3}';
    const json = new JsonReader(text);
    expect(json.place(text.indexOf("3}"))).toBe("line 4, column 7");
    expect(json.place(text.indexOf("2]"))).toBe("line 3, column 1");
    expect(json.place(0)).toBe("line 1, column 1");
  });

  it("skips values as strictly as it reads them", async () => {
    expect((await errorOf(() => new JsonReader('[1, {"a": tru}]').skip())).message).toMatch(/line 1, column 11/);
  });
});
