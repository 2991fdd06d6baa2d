// The closing line of a test run: `N passed, N failed`, with `, N skipped` and the reasons above it where tests were skipped.
import type { Reporter, TestCase, TestModule } from "vitest/node";

/** What became of the tests of a run. A file that could not be loaded, or an error outside any test, is one failure. */
interface Tally {
  passed: number;
  failed: number;
  readonly skipped: string[];
}

export default class SummaryReporter implements Reporter {
  #tally: Tally = { passed: 0, failed: 0, skipped: [] };

  onInit(): void {
    // Printed on exit: after every other reporter, whatever order they finish in.
    process.once("exit", () => process.stdout.write(closingText(this.#tally)));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tally: Tally = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      tally.failed += module.errors().length;
      for (const suite of module.children.allSuites()) tally.failed += suite.errors().length;
      for (const test of module.children.allTests()) count(test, tally);
    }
    this.#tally = tally;
  }
}

function count(test: TestCase, tally: Tally): void {
  const result = test.result();
  if (result.state === "passed") tally.passed++;
  else if (result.state === "skipped") tally.skipped.push(`${test.module.relativeModuleId} > ${test.fullName}: ${result.note ?? noReason(test)}`);
  else tally.failed++; // "pending" too: a test that never ended has not passed.
}

function closingText({ passed, failed, skipped }: Tally): string {
  const reasons = skipped.map((reason) => `skipped: ${reason}\n`).join("");
  const tail = skipped.length === 0 ? "" : `, ${skipped.length} skipped`;
  return `${reasons}${passed} passed, ${failed} failed${tail}\n`;
}

function noReason(test: TestCase): string {
  return test.options.mode === "run" ? "a hook of its suite failed, or another test was singled out" : `marked ${test.options.mode}, no reason given`;
}
