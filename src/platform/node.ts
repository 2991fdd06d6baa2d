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
  giveWay: () => new Promise((resolve) => setImmediate(resolve)),
};
