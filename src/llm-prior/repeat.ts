// Repeats after failures that may pass: waits that double, a server's own wish, an end, and a signal that cuts all of it short.
import { OptionError } from "../errors.ts";

export interface RepeatOptions {
  /** Repeats after a failure that may pass. Default 3. */
  readonly retries?: number | undefined;
  /** Seconds before the first repeat; doubled for each one after. Default 0.25. */
  readonly backoffSeconds?: number | undefined;
  /** Seconds one attempt may take. Default 120. */
  readonly timeoutSeconds?: number | undefined;
}

/** An attempt's end: a value, or a failure that may pass. Failures that do not pass are thrown. */
export type Attempt<T> = { readonly kind: "done"; readonly value: T } | PassingFailure;

export interface PassingFailure {
  readonly kind: "passing";
  /** What happened, in words that follow the name of whoever failed. */
  readonly reason: string;
  /** Seconds it asked to wait. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

const LONGEST_WAIT_SECONDS = 60;

/** How patient to be, checked. */
export class Patience {
  readonly retries: number;
  readonly backoffSeconds: number;
  readonly timeoutSeconds: number;

  /** @throws OptionError */
  constructor(options: RepeatOptions) {
    this.retries = options.retries ?? 3;
    this.backoffSeconds = options.backoffSeconds ?? 0.25;
    this.timeoutSeconds = options.timeoutSeconds ?? 120;
    if (!(Number.isInteger(this.retries) && this.retries >= 0)) throw new OptionError("retries", this.retries, "an integer >= 0");
    if (!(this.backoffSeconds >= 0 && this.backoffSeconds <= LONGEST_WAIT_SECONDS))
      throw new OptionError("backoffSeconds", this.backoffSeconds, "a number from 0 to 60");
    if (!(this.timeoutSeconds > 0 && this.timeoutSeconds <= 86_400))
      throw new OptionError("timeoutSeconds", this.timeoutSeconds, "a positive number of at most 86,400");
  }

  /**
   * Makes attempts until one is done. Each gets a signal that fires when its time is up or `signal` does.
   *
   * @throws What `givingUp` makes of the last failure; the signal's reason when aborted.
   */
  async repeat<T>(
    attempt: (signal: AbortSignal, timeIsUp: () => boolean) => Promise<Attempt<T>>,
    givingUp: (failure: PassingFailure, attempts: string) => Error,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    for (let made = 1; ; made++) {
      signal?.throwIfAborted();
      const limit = AbortSignal.timeout(this.timeoutSeconds * 1000);
      const outcome = await attempt(signal === undefined ? limit : AbortSignal.any([signal, limit]), () => limit.aborted);
      if (outcome.kind === "done") return outcome.value;
      if (made > this.retries) throw givingUp(outcome, made === 1 ? "once" : `${made} times`);
      const wait = Math.max(this.backoffSeconds * 2 ** (made - 1), outcome.retryAfter ?? 0);
      await sleep(Math.min(wait, LONGEST_WAIT_SECONDS), signal);
    }
  }
}

/** Waits. @throws The signal's reason when aborted. */
export async function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
  signal?.throwIfAborted();
}
