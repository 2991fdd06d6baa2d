// Test files of the Node suites, run again in a worker of an isolated page; each of their tests becomes one here.
import { describe, test } from "vitest";
import { callInPage } from "./call-in-page.ts";
import { missingChromium, startChromium } from "./chromium.ts";
import type { SuiteTask, TestReport } from "./in-page/run-suite.ts";
import { serveSources } from "./source-server.ts";

/** Milliseconds until a page that does not answer is given up. */
const PATIENCE = 600_000;

/**
 * Runs test files in a page and declares their tests with what became of them. They run while tests are collected, since only then are they known.
 *
 * @param title of the `describe` around them.
 * @param graphics what the browser computes and draws by.
 * @param files addresses from the root of the sources.
 */
export async function suitesInPage(title: string, graphics: Parameters<typeof startChromium>[0], files: readonly string[]): Promise<void> {
  const missing = missingChromium();
  const reports =
    missing === undefined ? await run(graphics, files) : files.map((file): TestReport => ({ file, name: file, state: "skipped", reason: missing }));
  describe(title, () => {
    for (const { name, state, reason } of reports) {
      test(name, ({ skip }) => {
        if (state === "skipped") skip(reason);
        if (state === "failed") throw new Error(reason);
      });
    }
  });
}

async function run(graphics: Parameters<typeof startChromium>[0], files: readonly string[]): Promise<readonly TestReport[]> {
  const server = await serveSources(true);
  const browser = await startChromium(graphics);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(server.page);
    const root = new URL(server.page).origin;
    const task: SuiteTask = { files: files.map((file) => `${root}/${file}`), testTimeout: 120_000 };
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`${files.join(", ")} in the page: no answer within ${PATIENCE / 1000} s`)), PATIENCE).unref();
    });
    const reports = await Promise.race([callInPage<SuiteTask, readonly TestReport[]>(page, "run-suite", "runSuite", task), late]);
    if (reports.length === 0) throw new Error(`${files.join(", ")} in the page: no tests`);
    return reports;
  } finally {
    await browser.close();
    await server.close();
  }
}
