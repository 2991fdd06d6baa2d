// The tests against real Gymnasium: `npm run test:gym`. A script makes its Python; where that cannot be, every test is skipped with the reason.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: { "#platform": fileURLToPath(new URL("src/platform/node.ts", import.meta.url)) },
  },
  test: {
    include: ["test/gym/**/*.test.ts"],
    globalSetup: ["./test/gym/make-python.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Speed is measured too.
    fileParallelism: false,
    reporters: ["default", "./scripts/summary-reporter.ts"],
  },
});
