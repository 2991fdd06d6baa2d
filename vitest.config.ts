// The test runner: every *.test.ts under test/, the Node platform, a closing line that machines can read.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: { "#platform": fileURLToPath(new URL("src/platform/node.ts", import.meta.url)) },
  },
  test: {
    setupFiles: ["./test/support/draws.ts"],
    include: ["test/**/*.test.ts"],
    // Need a model server, Gymnasium, a GPU, a browser: npm run test:llm, npm run test:gym, npm run test:tensor, npm run test:browser.
    exclude: ["test/llm/**", "test/gym/**", "test/tensor/**", "test/browser/**"],
    // Every core: most tests compute.
    maxWorkers: "100%",
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ["default", "./scripts/summary-reporter.ts"],
  },
});
