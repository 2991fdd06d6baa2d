// Calls to what is not ours, a planner or an environment: their value, or a clear status where time, the user or a failure ended them.
import { MdpkitError } from "../errors.ts";
import { withDeadline } from "./deadline.ts";
import type { AgentStatus, TraceFailure } from "./trace.ts";

/** What came of a call. */
export type Outside<T> = { readonly value: T } | Ended;

/** Why there is no value; `error` is what was thrown, if anything was. */
export interface Ended {
  readonly status: AgentStatus;
  readonly error?: unknown;
}

export interface OutsideLimits {
  readonly signal: AbortSignal | undefined;
  readonly milliseconds: number;
}

/**
 * Makes a call and catches whatever it throws: outside parts fail, and a run has to end whole all the same.
 *
 * @param failed the status where it throws.
 * @example
 * const step = await outside(() => env.step(action), "environment-failed", { signal, milliseconds: budget.millisecondsLeft });
 */
export async function outside<T>(
  work: (signal: AbortSignal) => T | Promise<T>,
  failed: "planner-failed" | "environment-failed",
  { signal, milliseconds }: OutsideLimits,
): Promise<Outside<T>> {
  try {
    const outcome = await withDeadline(signal, milliseconds, work);
    return "interrupted" in outcome ? { status: outcome.interrupted } : outcome;
  } catch (error) {
    return { status: failed, error };
  }
}

/** An error as a trace holds it. */
export function failureRecord(error: unknown): TraceFailure {
  if (error instanceof MdpkitError) return { code: error.code, message: error.message };
  return { code: "unknown", message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}
