// The rule that auto keeps: twice the best fixed method plus 5 ms, on the same kernel with as many threads.
import { expect, test } from "vitest";
import { median, spread } from "../../../bench/median.ts";
import { autoVerdicts } from "../../../bench/own/auto-rule.ts";
import type { SolveFigures } from "../../../bench/own/measure.ts";

function figures(method: SolveFigures["method"], seconds: number, more: Partial<SolveFigures> = {}): SolveFigures {
  return {
    method,
    device: "wasm",
    threads: 1,
    seconds,
    spread: 0,
    runs: 1,
    firstSeconds: seconds,
    sweeps: 1,
    status: "converged",
    error: 0,
    ended: method,
    ...more,
  };
}

const fixed = [figures("value-iteration", 0.1), figures("policy-iteration", 0.2), figures("gauss-seidel", 0.01, { status: "max-time" })];

test.each([
  [0.204, "ok"],
  [0.206, "broken"],
])("auto in %d s against 0.1 s: %s", (seconds, verdict) => {
  expect(autoVerdicts([figures("auto", seconds), ...fixed])).toMatchObject([{ verdict, bestMethod: "value-iteration", best: 0.1 }]);
});

test("auto without an answer breaks the rule; other kernels do not count", () => {
  expect(autoVerdicts([figures("auto", 0.01, { status: "max-time" }), ...fixed])).toMatchObject([{ verdict: "broken" }]);
  expect(autoVerdicts([figures("auto", 0.01, { threads: 2 }), ...fixed])).toEqual([]);
});

test("median and spread", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(spread([1, 2, 3])).toBe(1);
});
