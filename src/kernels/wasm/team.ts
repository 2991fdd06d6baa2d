// The threads that help a kernel: started when first wanted, asked to join a model's memory, gone home by themselves when there is nothing to do.
import { platform } from "#platform";
import type { Worker } from "../../platform/platform.ts";
import { bellmanModule } from "./bellman.ts";

/** What a helper's calls counter says once it has gone home for good. */
const GONE = -1;

/** A helper that is still at another model gets no more than this many calls ahead. */
const MOST_CALLS = 2;

/** One thread: what it runs is `serve` of its own instance over the memory it is called to. */
class Helper {
  /** Calls it has not come back from, or GONE: one i32 that both of us write. */
  readonly #calls: Int32Array = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;
  #memory: WeakRef<WebAssembly.Memory> | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.post({ calls: this.#calls });
  }

  /** Asks it to join, unless it is there already; it comes when it is free. False where it has gone home for good. */
  call(memory: WebAssembly.Memory, block: number): boolean {
    const calls = Atomics.load(this.#calls, 0);
    if (calls === GONE) return false;
    if ((calls > 0 && this.#memory?.deref() === memory) || calls >= MOST_CALLS) return true;
    if (Atomics.compareExchange(this.#calls, 0, calls, calls + 1) !== calls) return this.call(memory, block);
    this.#memory = new WeakRef(memory);
    this.#worker.post({ module: bellmanModule(true), memory, block });
    return true;
  }
}

const helpers: Helper[] = [];

/** Asks `count` threads to join the work on a memory, starting those that are missing. Nobody waits: they come when they are up. */
export function callHelpers(count: number, memory: WebAssembly.Memory, block: number): void {
  for (let k = 0; k < count; k++) {
    if (helpers[k]?.call(memory, block) === true) continue;
    const worker = platform.startWorker(PROGRAM);
    if (worker === undefined) return;
    helpers[k] = new Helper(worker);
    helpers[k]?.call(memory, block);
  }
}

/**
 * The program of a helper; the platform gives it `receive` and `leave`. Two seconds without a call and it ends: a thread that stayed would hold on to
 * the last model's memory.
 */
const PROGRAM = `
let calls;
receive((message) => {
  if (message.calls) {
    calls = message.calls;
    return;
  }
  new WebAssembly.Instance(message.module, { env: { memory: message.memory } }).exports.serve(message.block);
  Atomics.sub(calls, 0, 1);
  setTimeout(() => { if (Atomics.compareExchange(calls, 0, 0, ${GONE}) === 0) leave(); }, 2000);
});
`;
