// Expressions: arithmetic is evaluated, everything else is refused before it can do anything.
import { beforeAll, describe, expect, it } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { type Evaluate, loadEvaluator } from "../../../src/formats/expression.ts";

let evaluate: Evaluate;
beforeAll(async () => {
  evaluate = await loadEvaluator();
});

describe("loadEvaluator", () => {
  it.each([
    ["1/3", 1 / 3],
    ["0.1*2", 0.1 * 2],
    [" 1 - 2 - 3 ", -4],
    ["2^3^2", 512],
    ["-2^2", -4],
    ["+(1 + 2) * 3", 9],
    ["1e-3/4", 0.00025],
    ["sqrt(2)", Math.SQRT2],
    ["exp(1) - e", Math.exp(1) - Math.E],
    ["log(2)", Math.LN2],
    ["min(3, 1, 2) + max(3, 1, 2)", 4],
    ["abs(-pi)", Math.PI],
  ])("%s", (text, value) => {
    expect(evaluate(text)).toBe(value);
  });

  it.each([
    "",
    "1/",
    "1 2",
    "2 pi",
    "(1)(2)",
    "x",
    "a=1",
    "f(x)=x",
    "[1,2]",
    "{a:1}",
    '"1"',
    "'1'",
    "1;2",
    "1\n2",
    "1 # one",
    "1:3",
    "1 ? 2 : 3",
    "true",
    "NaN",
    "Infinity",
    "-Infinity",
    "null",
    "1/0",
    "0/0",
    "sqrt(-1)",
    "log(0)",
    "10^400",
    "5!",
    "5%",
    "7 mod 2",
    "2 to 3",
    "not 1",
    "1 == 1",
    "i",
    "import(1)",
    "evaluate(1)",
    "parse(1)",
    "random()",
    "sqrt()",
    "log(8, 2)",
    "sqrt.constructor",
    "e.constructor",
    "cos(1)",
    "constructor",
    "toString()",
    "__proto__",
    `${"1+".repeat(200)}1`,
    `${"(".repeat(90)}1`,
  ])("refuses %j", (text) => {
    expect(() => evaluate(text)).toThrow(FormatError);
  });

  it("says what is allowed", () => {
    expect(() => evaluate("cos(1)")).toThrow(
      'expression "cos(1)" calls "cos", expected numbers, + - * / ^, parentheses, pi, e, abs, exp, log, sqrt, max, min.',
    );
    expect(() => evaluate("1/0")).toThrow('expression "1/0" is Infinity, expected a finite real number.');
  });
});
