// Errors: each says where, what was found, what was expected, and carries a code.
import { describe, expect, test } from "vitest";
import {
  BackendError,
  describeValue,
  EnvProtocolError,
  FormatError,
  formatIssue,
  formatIssues,
  InvalidModelError,
  MdpkitError,
  type ModelIssue,
  NotConvergedError,
  OptionError,
  PriorError,
  ShapeError,
  UnknownLabelError,
  UnsupportedModelError,
} from "../../../src/errors.ts";

const issue: ModelIssue = {
  where: 'transition("low","search")',
  got: "sums to 0.9",
  expected: "1 within 1e-9",
  hint: "pass normalize: true if these are counts.",
};

describe("subclasses", () => {
  const all: [new (message: string) => MdpkitError, string][] = [
    [UnknownLabelError, "unknown-label"],
    [ShapeError, "shape"],
    [FormatError, "format"],
    [UnsupportedModelError, "unsupported-model"],
    [NotConvergedError, "not-converged"],
    [EnvProtocolError, "env-protocol"],
    [BackendError, "backend"],
    [PriorError, "prior"],
  ];
  test.each(all)("%o has the code %s and its own name", (Subclass, code) => {
    const error = new Subclass("something is 3, expected 2.");
    expect(error).toBeInstanceOf(MdpkitError);
    expect(error).toBeInstanceOf(Error);
    expect(error.code).toBe(code);
    expect(error.name).toBe(Subclass.name);
    expect(error.message).toBe("something is 3, expected 2.");
  });

  test("codes are told apart", () => {
    const codes = [...all.map(([, code]) => code), new InvalidModelError([issue]).code, new OptionError("a", 1, "b").code];
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe("MdpkitError", () => {
  test("ends with its hint, keeps details and cause", () => {
    const cause = new Error("socket closed");
    const error = new BackendError("device is lost.", { hint: "pass --device cpu.", details: { device: "webgpu" }, cause });
    expect(error.message).toBe("device is lost. Hint: pass --device cpu.");
    expect(error.details).toEqual({ device: "webgpu" });
    expect(error.cause).toBe(cause);
  });

  test("has no cause of its own making", () => {
    expect("cause" in new BackendError("x")).toBe(false);
    expect("cause" in new BackendError("x", { cause: undefined })).toBe(true);
  });
});

describe("model issues", () => {
  test("read as the example in the design", () => {
    expect(formatIssue(issue)).toBe('transition("low","search") sums to 0.9, expected 1 within 1e-9. Hint: pass normalize: true if these are counts.');
    expect(new InvalidModelError([issue]).message).toBe(formatIssue(issue));
  });

  test("come ten to a message, and a count of the rest", () => {
    const issues = Array.from({ length: 25 }, (_, i) => ({ where: `state ${i}`, got: "has no choice", expected: "at least one choice" }));
    const lines = formatIssues(issues).split("\n");
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe("state 0 has no choice, expected at least one choice.");
    expect(lines[10]).toBe("and 15 more");
    expect(formatIssues(issues.slice(0, 10))).not.toContain("more");
    expect(formatIssues(issues, 1_000_000).split("\n")[10]).toBe("and 999990 more");
  });

  test("are all in the error", () => {
    const error = new InvalidModelError([issue], 7);
    expect(error.issues).toEqual([issue]);
    expect(error.total).toBe(7);
    expect(error.details).toEqual({ issues: [issue], total: 7 });
  });
});

describe("OptionError", () => {
  test("says where, got, expected, hint", () => {
    expect(new OptionError("discount", 1.5, "a number from 0 to 1").message).toBe("discount is 1.5, expected a number from 0 to 1.");
    expect(new OptionError("method", "vi", "a method", "see --help.").message).toBe('method is "vi", expected a method. Hint: see --help.');
  });
});

describe("describeValue", () => {
  test.each([
    [3, "3"],
    [Number.NaN, "NaN"],
    [10n, "10"],
    [true, "true"],
    ["a\nb", '"a\\nb"'],
    [null, "null"],
    [undefined, "undefined"],
    [() => 1, "a function"],
    [[1, 2], "an array of 2"],
    [new Map(), "a Map"],
    [{}, "an Object"],
    [Object.create(null), "a value"],
  ])("%o is told as %s", (value, told) => expect(describeValue(value)).toBe(told));

  test("cuts long text short", () => {
    expect(describeValue("x".repeat(81))).toBe(`"${"x".repeat(77)}..."`);
    expect(describeValue("x".repeat(80))).toBe(`"${"x".repeat(80)}"`);
  });
});
