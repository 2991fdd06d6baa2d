// The platform when Node (or Bun, Deno) runs us. Without import statements, so that a bundler for browsers can read it too.
import type { Platform } from "./platform.ts";

/** Node 20 has no navigator; it can hand out its own modules since 20.16. */
function countCores(): number {
  const os = globalThis.process?.getBuiltinModule?.("os");
  return Math.max(1, os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1);
}

export const platform: Platform = {
  name: "node",
  cores: countCores(),
  maySleep: true,
  giveWay: () => new Promise((resolve) => setImmediate(resolve)),
  startWorker(program) {
    const threads = globalThis.process?.getBuiltinModule?.("worker_threads");
    if (threads === undefined) return undefined;
    const given = `const receive = (handler) => require("node:worker_threads").parentPort.on("message", handler); const leave = () => process.exit();\n`;
    // Without the flags this process was started with: loaders and inspectors are of no use to a program without imports.
    const worker = new threads.Worker(given + program, { eval: true, execArgv: [] });
    worker.unref();
    return { post: (message) => worker.postMessage(message) };
  },
};
