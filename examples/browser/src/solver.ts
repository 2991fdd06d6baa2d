// The page's side of the worker: tasks out, answers back.
import type { Answer, Capabilities, Device, FromWorker, Task, Threads } from "./protocol.ts";
import type { Setting } from "./setting.ts";

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export interface Order {
  readonly kind: Task["kind"];
  readonly setting: Setting;
  readonly device: Device;
  readonly threads: Threads;
  readonly from?: Float64Array | undefined;
}

/** Solves in a worker. */
export class Solver {
  readonly capabilities: Promise<Capabilities>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #told: Setting | undefined;
  #tasks = 0;

  constructor() {
    this.#worker = new Worker(new URL("./solver-worker.ts", import.meta.url), { type: "module", name: "solver" });
    this.capabilities = new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === "ready") resolve(data.capabilities);
        else this.#settle(data);
      };
      this.#worker.onerror = (event) => {
        const error = new Error(`the solver's worker failed: ${event.message}`);
        reject(error);
        for (const waiting of this.#waiting.values()) waiting.reject(error);
        this.#waiting.clear();
      };
    });
  }

  /** @throws Error with what the library says, where it refuses. */
  perform({ kind, setting, device, threads, from }: Order): Promise<Answer> {
    const id = ++this.#tasks;
    const task: Task = { id, kind, device, threads, from, setting: setting === this.#told ? undefined : setting };
    this.#told = setting;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(task);
    });
  }

  #settle(message: Exclude<FromWorker, { kind: "ready" }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === "answer") waiting?.resolve(message.answer);
    else waiting?.reject(new Error(message.message));
  }
}
