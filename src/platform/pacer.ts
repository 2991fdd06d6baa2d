// Long work that stays polite: yields at least every 40 ms, reports progress, and can be cancelled.
import { platform } from "#platform";

export interface PaceOptions {
  /** Cancels the work: it ends with status "aborted" (solvers, learners) or rejects with the signal's reason (builders). */
  readonly signal?: AbortSignal | undefined;
}

/** How long work may run before it gives way, in milliseconds. */
const SLICE = 40;

/**
 * Keeps the time of one long piece of work.
 *
 * @example
 * const pacer = new Pacer({ signal });
 * for (const chunk of chunks) { work(chunk); if (pacer.due) await pacer.giveWay(); if (pacer.aborted) break; }
 */
export class Pacer {
  readonly started: number = performance.now();
  readonly #signal: AbortSignal | undefined;
  #sliceStarted: number = this.started;

  constructor(options: PaceOptions = {}) {
    this.#signal = options.signal;
  }

  /** Whether it is time to give way. */
  get due(): boolean {
    return performance.now() - this.#sliceStarted >= SLICE;
  }

  get aborted(): boolean {
    return this.#signal?.aborted ?? false;
  }

  /** Seconds since the work started. */
  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  async giveWay(): Promise<void> {
    await platform.giveWay();
    this.#sliceStarted = performance.now();
  }

  /** Gives way if due; throws the signal's reason if it was aborted. */
  async tick(): Promise<void> {
    if (this.due) await this.giveWay();
    this.#signal?.throwIfAborted();
  }
}
