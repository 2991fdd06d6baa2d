// The tests in a real browser: `npm run test:browser`. They drive headless Chromium (scripts/install-browser.sh); where there is none they are skipped.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: { "#platform": fileURLToPath(new URL("src/platform/node.ts", import.meta.url)) },
  },
  test: {
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two browsers at once would only wait for each other.
    fileParallelism: false,
    reporters: ["default", "./scripts/summary-reporter.ts"],
  },
});
