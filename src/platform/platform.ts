// What differs between Node and the browser, as an interface: the clock is the same in both, giving way and cores are not.

export interface Platform {
  readonly name: "node" | "browser";
  /** Logical cores, at least 1. */
  readonly cores: number;
  /** Lets timers, input and rendering run, then goes on. */
  giveWay(): Promise<void>;
}
