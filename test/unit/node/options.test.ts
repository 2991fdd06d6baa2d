// Option values: strict decimals, ranges, words; all faults at once.
import { describe, expect, test } from "vitest";
import { OptionReader } from "../../../src/node/options.ts";

describe("numbers", () => {
  const read = (text: string) => {
    const reader = new OptionReader({ epsilon: text });
    const value = reader.number("epsilon", {});
    reader.done();
    return value;
  };

  test.each([
    ["1", 1],
    ["1e-9", 1e-9],
    ["-.5", -0.5],
    ["+2.", 2],
    ["1E3", 1000],
  ])("%s is %d", (given, expected) => expect(read(given)).toBe(expected));

  test.each(["abc", "", " 1", "1 ", "0x10", "0b1", "Infinity", "NaN", "1e999", "1_000", "1,5", "1/3", "--json", "١"])("%s is refused", (given) => {
    expect(() => read(given)).toThrow("--epsilon is");
  });
});

test("ranges and integers", () => {
  const reader = new OptionReader({ discount: "1.5", maxSweeps: "-1", steps: "2.5", epsilon: "0", horizon: "1e3" });
  reader.number("discount", { min: 0, max: 1 });
  reader.number("maxSweeps", { min: 1, integer: true });
  reader.number("steps", { min: 1, integer: true });
  reader.number("epsilon", { min: 0, above: true });
  expect(reader.number("horizon", { min: 1, integer: true })).toBe(1000);
  expect(() => reader.done()).toThrow(
    [
      '--discount is "1.5", expected a number from 0 to 1.',
      '--max-sweeps is "-1", expected an integer >= 1.',
      '--steps is "2.5", expected an integer >= 1.',
      '--epsilon is "0", expected a number > 0.',
    ].join("\n"),
  );
});

test("an integer past 2^53 is not one that was meant", () => {
  const reader = new OptionReader({ steps: "9007199254740993" });
  reader.number("steps", { min: 1, integer: true });
  expect(() => reader.done()).toThrow("--steps");
});

test("words come with the nearest one as a hint", () => {
  const reader = new OptionReader({ method: "value-iterration", objective: "maximize" });
  expect(reader.oneOf("objective", ["maximize", "minimize"])).toBe("maximize");
  expect(reader.oneOf("method", ["auto", "value-iteration"])).toBeUndefined();
  expect(() => reader.done()).toThrow('--method is "value-iterration", expected one of auto, value-iteration. Hint: did you mean value-iteration?');
});

test("what is not given is undefined, flags are false", () => {
  const reader = new OptionReader({});
  expect([reader.number("epsilon", { min: 0 }), reader.text("out"), reader.oneOf("method", ["auto"]), reader.flag("json")]).toEqual([
    undefined,
    undefined,
    undefined,
    false,
  ]);
  expect(() => reader.done()).not.toThrow();
});
