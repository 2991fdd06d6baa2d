// Runs test files in a worker of the page, and answers what became of each test.
import { askWorker } from "./ask-worker.ts";

export interface SuiteTask {
  /** Addresses of test files, relative to the root of the sources. */
  readonly files: readonly string[];
  /** Milliseconds a test may take. */
  readonly testTimeout: number;
}

export interface TestReport {
  readonly file: string;
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly reason: string;
}

export function runSuite(task: SuiteTask): Promise<readonly TestReport[]> {
  return askWorker(new Worker(new URL("./suite-worker.ts", import.meta.url), { type: "module" }), task);
}
