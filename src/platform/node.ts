// The platform when Node (or Bun, Deno) runs us. Without import statements, so that a bundler for browsers can read it too.
import type { Gpu, Platform } from "./platform.ts";

/** Node 20 has no navigator; it can hand out its own modules since 20.16. */
function countCores(): number {
  const os = globalThis.process?.getBuiltinModule?.("os");
  return Math.max(1, os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1);
}

/** `navigator.gpu`: the process's own (Deno), or that of the package `webgpu`, whose names tfjs expects to find globally. */
async function findGpu(): Promise<Gpu | undefined> {
  const own = (globalThis.navigator ?? {}) as { gpu?: Gpu };
  if (own.gpu !== undefined) return own.gpu;
  // Not written where a bundler would look for it: it is there, or it is not.
  const peer = "webgpu";
  const installed = (await import(peer).catch(() => undefined)) as { create(flags: string[]): Gpu; globals: object } | undefined;
  if (installed === undefined) return undefined;
  Object.assign(globalThis, installed.globals);
  const gpu = installed.create([]);
  // Also keeps it alive: devices die with the object that made them.
  if (globalThis.navigator === undefined) Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true, writable: true });
  else Object.defineProperty(globalThis.navigator, "gpu", { value: gpu, configurable: true });
  return gpu;
}

/** From the folder MDPKIT_TFJS_NODE if that is set, else from where mdpkit or the program stand. */
function loadNativeTensorflow(): object | undefined {
  const { createRequire } = globalThis.process?.getBuiltinModule?.("module") ?? {};
  if (createRequire === undefined) return undefined;
  const folder = globalThis.process.env.MDPKIT_TFJS_NODE;
  const places = folder === undefined ? [import.meta.url, `${globalThis.process.cwd()}/package.json`] : [`${folder}/package.json`];
  for (const name of ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"]) {
    for (const place of places) {
      const require = createRequire(place);
      let path: string;
      try {
        path = require.resolve(name);
      } catch {
        continue;
      }
      return require(path) as object;
    }
  }
  return undefined;
}

export const platform: Platform = {
  name: "node",
  cores: countCores(),
  memoryBytes: () => globalThis.process?.memoryUsage?.rss(),
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
  findGpu,
  loadNativeTensorflow: async () => loadNativeTensorflow(),
  warn: (message) => globalThis.process.emitWarning(message, "mdpkit"),
};
