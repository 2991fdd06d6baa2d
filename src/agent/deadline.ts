// One piece of outside work, ended by the user's signal or by the clock, even where the work listens to neither.

export type Interruption = "aborted" | "max-seconds";

export type Outcome<T> = { readonly value: T } | { readonly interrupted: Interruption };

/** The longest that timers can wait. */
const LONGEST = 2 ** 31 - 1;

/**
 * The work's value, or what interrupted it. The signal passed in is aborted in both cases, so that a request stops too.
 *
 * @example
 * const outcome = await withDeadline(signal, 30_000, (inner) => fetch(url, { signal: inner }));
 */
export async function withDeadline<T>(
  outer: AbortSignal | undefined,
  milliseconds: number,
  work: (signal: AbortSignal) => T | Promise<T>,
): Promise<Outcome<T>> {
  const inner = new AbortController();
  let interrupted: Interruption | undefined;
  let wake: (() => void) | undefined;
  const interruption = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const interrupt = (why: Interruption, reason: unknown): void => {
    interrupted ??= why;
    inner.abort(reason);
    wake?.();
  };
  const abort = (): void => interrupt("aborted", outer?.reason);
  if (outer?.aborted) return { interrupted: "aborted" };
  outer?.addEventListener("abort", abort, { once: true });
  const timer =
    milliseconds < LONGEST
      ? setTimeout(() => interrupt("max-seconds", new DOMException("The time budget is spent.", "TimeoutError")), milliseconds)
      : undefined;
  try {
    const value = await Promise.race([work(inner.signal), interruption.then(() => undefined)]);
    // Without an interruption the race was won by the work.
    return interrupted === undefined ? { value: value as T } : { interrupted };
  } catch (error) {
    if (interrupted !== undefined) return { interrupted };
    throw error;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", abort);
  }
}
