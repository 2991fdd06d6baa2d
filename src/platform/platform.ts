// What differs between Node and the browser, as an interface: the clock is the same in both; giving way, cores and workers are not.

export interface Platform {
  readonly name: "node" | "browser";
  /** Logical cores, at least 1. */
  readonly cores: number;
  /** Whether this thread may sleep until another one wakes it: not on a page's own thread. */
  readonly maySleep: boolean;
  /** Lets timers, input and rendering run, then goes on. */
  giveWay(): Promise<void>;
  /**
   * Starts a thread that runs `program`, in which `receive(handler)` is there to get messages by and `leave()` to end by. It does not keep the
   * process alive.
   * Undefined where threads cannot be had.
   */
  startWorker(program: string): Worker | undefined;
}

/** A thread of ours. */
export interface Worker {
  post(message: unknown): void;
}
