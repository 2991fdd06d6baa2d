// Runs test files in a worker of the page, and answers what became of each test.

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
  const worker = new Worker(new URL("./suite-worker.ts", import.meta.url), { type: "module" });
  return new Promise<readonly TestReport[]>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<readonly TestReport[] | { readonly failed: string }>) => {
      if ("failed" in data) reject(new Error(data.failed));
      else resolve(data);
    };
    worker.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}
