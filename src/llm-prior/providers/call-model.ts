// A call into somebody else's library, with the patience that requests get: time limits it may not know, repeats, errors without keys.
import { PriorError } from "../../errors.ts";
import type { Patience } from "../repeat.ts";
import { shownCause, withoutSecrets } from "../secrets.ts";

/**
 * Calls until there is an answer.
 *
 * @param name Who is called, for errors.
 * @throws PriorError where it keeps failing, or fails in a way that repeats cannot mend; the signal's reason when aborted.
 */
export async function callModel<T>(
  name: string,
  patience: Patience,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  return patience.repeat(
    async (inner, timeIsUp) => {
      try {
        return { kind: "done", value: await unlessAborted(call(inner), inner) };
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof PriorError) throw error;
        if (timeIsUp()) return { kind: "passing", reason: `did not answer within ${patience.timeoutSeconds} s` };
        const cause = shownCause(error, []);
        const reason = `failed (${shortened(error)})`;
        if (mayPass(error)) return { kind: "passing", reason, cause };
        throw new PriorError(`${name} ${reason}, expected an answer.`, { cause });
      }
    },
    ({ reason, cause }, attempts) => new PriorError(`${name} ${reason}, ${attempts}; expected an answer.`, cause === undefined ? {} : { cause }),
    signal,
  );
}

/** The call's end or the signal's, whichever is first: a library may pay no attention to its signal. */
async function unlessAborted<T>(call: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    call.then(resolve, reject).then(() => signal.removeEventListener("abort", stop));
  });
}

/** Libraries say it themselves (`isRetryable`), or give the status of the service behind them. */
function mayPass(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return true;
  if ("isRetryable" in error && typeof error.isRetryable === "boolean") return error.isRetryable;
  const status = "statusCode" in error ? error.statusCode : "status" in error ? error.status : undefined;
  return typeof status !== "number" || status === 408 || status === 429 || status >= 500;
}

function shortened(error: unknown): string {
  const line = withoutSecrets(error instanceof Error ? error.message : String(error), [])
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}
