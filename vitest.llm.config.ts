// The tests against a real language model server: `npm run test:llm`. They start one (scripts/start-llm-server.sh) unless MDPKIT_LLM_URL names one.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: { "#platform": fileURLToPath(new URL("src/platform/node.ts", import.meta.url)) },
  },
  test: {
    include: ["test/llm/**/*.test.ts"],
    globalSetup: ["./test/llm/start-server.ts"],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    reporters: ["default", "./scripts/summary-reporter.ts"],
  },
});
