// Errors as the user sees them: exit codes, one line a fault, at most ten and the rest counted.
import { describe, expect, test } from "vitest";
import {
  BackendError,
  FormatError,
  InvalidModelError,
  NotConvergedError,
  OptionError,
  PriorError,
  ShapeError,
  UnsupportedModelError,
} from "../../../src/errors.ts";
import { OutsideError, UsageError } from "../../../src/node/exit.ts";
import { failureOf } from "../../../src/node/failure.ts";

const live = new AbortController().signal;

test.each([
  [new OptionError("epsilon", -1, "a number > 0"), 2],
  [new FormatError("line 1 is bad"), 2],
  [new ShapeError("too short"), 2],
  [new UnsupportedModelError("state 1 gains"), 2],
  [new UsageError("no"), 2],
  [new NotConvergedError("not yet"), 1],
  [new BackendError("no gpu"), 3],
  [new PriorError("no server"), 3],
  [new OutsideError("disk"), 3],
  [new TypeError("x is not a function"), 3],
  [Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC", syscall: "write", path: "/x" }), 3],
] as const)("%s exits with %i", (error, code) => {
  expect(failureOf(error, live).exit).toBe(code);
});

describe("lines", () => {
  const issue = (i: number) => ({ where: `state ${i}`, got: "has\nno choice", expected: "at least one" });

  test("one a model issue, ten at most, a line break inside a label does not make two", () => {
    const ten = failureOf(new InvalidModelError(Array.from({ length: 10 }, (_, i) => issue(i))), live);
    expect(ten.lines).toHaveLength(10);
    const many = failureOf(
      new InvalidModelError(
        Array.from({ length: 12 }, (_, i) => issue(i)),
        5000,
      ),
      live,
    );
    expect(many.lines).toHaveLength(11);
    expect(many.lines[0]).toBe("state 0 has no choice, expected at least one.");
    expect(many.lines[10]).toBe("and 4990 more");
  });

  test("the same for usage errors", () => {
    const lines = Array.from({ length: 14 }, (_, i) => `option ${i}`);
    expect(failureOf(new UsageError(lines), live).lines).toEqual([...lines.slice(0, 10), "and 4 more"]);
    expect(failureOf(new UsageError([...lines.slice(0, 10), "and 90 more"]), live).lines.at(-1)).toBe("and 90 more");
  });

  test("what should not happen says how to find out more", () => {
    expect(failureOf(new TypeError("boom"), live).lines[0]).toContain("--debug");
  });
});

test("an interrupted run is 130, whatever it threw on the way out; another abort is not", () => {
  const interrupt = new AbortController();
  interrupt.abort(new DOMException("interrupted", "AbortError"));
  expect(failureOf(interrupt.signal.reason, interrupt.signal)).toEqual({ exit: 130, lines: ["interrupted"] });
  expect(failureOf(new OptionError("x", 1, "2"), interrupt.signal).exit).toBe(2);
  expect(failureOf(new DOMException("timeout", "AbortError"), live).exit).toBe(3);
});
