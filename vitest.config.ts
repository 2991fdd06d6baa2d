// The test runner: every *.test.ts under test/, the Node platform, a closing line that machines can read.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: { "#platform": fileURLToPath(new URL("src/platform/node.ts", import.meta.url)) },
  },
  test: {
    include: ["test/**/*.test.ts"],
    // Needs a model server: npm run test:llm.
    exclude: ["test/llm/**"],
    // Every core: most tests compute.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ["default", "./scripts/summary-reporter.ts"],
  },
});
