// The tests of tensor kernels and device solves: `npm run test:tensor`. What is missing (scripts/install-software-gpu.sh, scripts/build-tfjs-node.sh) is skipped.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Software Vulkan wants a place for its sockets, also where nobody has logged in.
process.env.XDG_RUNTIME_DIR ??= "/tmp";

export default defineConfig({
  resolve: {
    alias: { "#platform": fileURLToPath(new URL("src/platform/node.ts", import.meta.url)) },
  },
  test: {
    include: ["test/tensor/**/*.test.ts"],
    // A GPU's driver lives in a process of its own, and dies with it.
    pool: "forks",
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ["default", "./scripts/summary-reporter.ts"],
  },
});
