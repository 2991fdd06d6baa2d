// What a client of the Model Context Protocol server may ask for: sizes, time, turns. What is over a limit is refused before it is begun.
import { MdpkitError, OptionError } from "../../errors.ts";

/** The limits of a server, all with defaults. */
export interface McpLimits {
  /** States of a model. Default 20,000. */
  readonly states: number;
  /** Branches of a model. Default 2,000,000. */
  readonly branches: number;
  /** Characters of a model as JSON. Default 4,000,000. */
  readonly characters: number;
  /** Models kept at once. Default 32. */
  readonly models: number;
  /** Seconds one call may take, waiting for its turn included. Default 30. */
  readonly seconds: number;
  /** Steps of one simulation. Default 10,000,000. */
  readonly steps: number;
  /** Calls that compute at the same time; others wait. Default 4. */
  readonly concurrent: number;
}

export const DEFAULT_LIMITS: McpLimits = {
  states: 20_000,
  branches: 2_000_000,
  characters: 4_000_000,
  models: 32,
  seconds: 30,
  steps: 10_000_000,
  concurrent: 4,
};

/** Over a limit of the server. */
export class LimitError extends MdpkitError {
  constructor(where: string, got: string | number, most: number, hint: string) {
    super("limit", `${where} is ${got}, expected at most ${most}.`, { hint });
  }
}

/** The limits with their defaults. @throws OptionError for one that is not positive. */
export function checkLimits(limits: Partial<McpLimits>): McpLimits {
  const all = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, limit] of Object.entries(all)) {
    if (!(typeof limit === "number" && limit > 0 && (name === "seconds" || Number.isSafeInteger(limit))))
      throw new OptionError(`limits.${name}`, limit, name === "seconds" ? "a positive number" : "a positive integer");
  }
  return all;
}

/** Lets so many work at once; the others wait in line, first come first served. */
export class Turns {
  readonly #most: number;
  readonly #line: (() => void)[] = [];
  #busy = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Does the work when its turn has come. @throws the signal's reason where it is aborted in line; what the work throws. */
  async take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#busy >= this.#most) await this.#wait(signal);
    else this.#busy++;
    try {
      return await work();
    } finally {
      // The turn goes to the next in line, or back.
      const next = this.#line.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#line.splice(this.#line.indexOf(come), 1);
        reject(signal.reason);
      };
      const come = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      signal.addEventListener("abort", leave, { once: true });
      this.#line.push(come);
    });
  }
}
