// The platform in a browser page or worker.
import type { Gpu, Platform } from "./platform.ts";

const channel = typeof MessageChannel === "undefined" ? undefined : new MessageChannel();
const waiting: (() => void)[] = [];
if (channel !== undefined) channel.port1.onmessage = () => waiting.shift()?.();

/** Chromium tells the size of a page's heap; others do not. */
function heapBytes(): number | undefined {
  const memory = "memory" in performance ? performance.memory : undefined;
  if (typeof memory !== "object" || memory === null || !("usedJSHeapSize" in memory)) return undefined;
  return typeof memory.usedJSHeapSize === "number" ? memory.usedJSHeapSize : undefined;
}

export const platform: Platform = {
  name: "browser",
  cores: Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1),
  memoryBytes: heapBytes,
  maySleep: typeof globalThis.document === "undefined",
  // A message is not throttled to 4 ms as nested timers are.
  giveWay: () =>
    new Promise((resolve) => {
      if (channel === undefined) {
        setTimeout(resolve, 0);
        return;
      }
      waiting.push(resolve);
      channel.port2.postMessage(null);
    }),
  startWorker(program) {
    if (typeof Worker === "undefined") return undefined;
    const given = "const receive = (handler) => { onmessage = (event) => handler(event.data); }; const leave = () => close();\n";
    try {
      const worker = new Worker(URL.createObjectURL(new Blob([given + program], { type: "text/javascript" })));
      return { post: (message) => worker.postMessage(message) };
    } catch {
      return undefined; // a page may forbid workers made of text
    }
  },
  findGpu: () => {
    const { gpu } = (globalThis.navigator ?? {}) as { readonly gpu?: Gpu };
    return Promise.resolve(gpu);
  },
  loadNativeTensorflow: () => Promise.resolve(undefined),
  warn: (message) => globalThis.console.warn(`mdpkit: ${message}`),
};
