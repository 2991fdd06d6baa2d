// The worker of run-suite.ts.
import { type File, type Suite, startTests, type Test, type VitestRunner } from "@vitest/runner";
import { answerTask } from "./ask-worker.ts";
import type { SuiteTask, TestReport } from "./run-suite.ts";

function runnerFor(testTimeout: number): VitestRunner {
  return {
    config: {
      root: "/",
      name: undefined,
      setupFiles: [],
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { seed: 0, hooks: "stack", setupFiles: "list" },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout,
      hookTimeout: testTimeout,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: false,
    },
    importFile: (path) => import(/* @vite-ignore */ path),
  };
}

/** A file that could not be loaded or a suite whose hooks failed is one failure more. */
function* reportsOf(file: string, suite: File | Suite, path: readonly string[]): Generator<TestReport> {
  const errors = suite.result?.errors ?? [];
  if (errors.length > 0) yield { file, name: [...path, "(hooks)"].join(" > "), state: "failed", reason: messagesOf(errors) };
  for (const task of suite.tasks) {
    if (task.type === "suite") yield* reportsOf(file, task, [...path, task.name]);
    else yield reportOf(file, task, [...path, task.name].join(" > "));
  }
}

function reportOf(file: string, test: Test, name: string): TestReport {
  const { state, errors = [] } = test.result ?? {};
  if (state === "pass") return { file, name, state: "passed", reason: "" };
  if (state === "skip" || test.mode === "skip" || test.mode === "todo") return { file, name, state: "skipped", reason: noteOf(test) ?? `marked ${test.mode}` };
  return { file, name, state: "failed", reason: messagesOf(errors) || `ended in state ${state}` };
}

/** What `skip(note)` was told: there, but not in the runner's types. */
function noteOf(test: Test): string | undefined {
  const note: unknown = Reflect.get(test.result ?? {}, "note");
  return typeof note === "string" ? note : undefined;
}

function messagesOf(errors: readonly { readonly message?: string; readonly stack?: string }[]): string {
  return errors.map(({ message = "", stack = "" }) => (stack.includes(message) ? stack : `${message}\n${stack}`)).join("\n");
}

answerTask(async ({ files, testTimeout }: SuiteTask): Promise<readonly TestReport[]> => {
  const ran = await startTests([...files], runnerFor(testTimeout));
  return ran.flatMap((file) => [...reportsOf(file.filepath, file, [])]);
});
