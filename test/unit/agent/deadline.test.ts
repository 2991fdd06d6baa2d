// Outside work ends with the signal or the clock, and its own errors pass.
import { describe, expect, it } from "vitest";
import { withDeadline } from "../../../src/agent/deadline.ts";

const never = () => new Promise<never>(() => undefined);

describe("withDeadline", () => {
  it("answers the work's value", async () => {
    expect(await withDeadline(undefined, Number.POSITIVE_INFINITY, () => 3)).toEqual({ value: 3 });
    expect(await withDeadline(new AbortController().signal, 1000, async () => undefined)).toEqual({ value: undefined });
  });

  it("does not begin work where the signal was aborted before", async () => {
    let begun = false;
    expect(
      await withDeadline(AbortSignal.abort(), 1000, () => {
        begun = true;
      }),
    ).toEqual({ interrupted: "aborted" });
    expect(begun).toBe(false);
  });

  it("passes errors on, and hides those that an interruption caused", async () => {
    await expect(withDeadline(undefined, 1000, () => Promise.reject(new Error("own")))).rejects.toThrow("own");
    const outer = new AbortController();
    const outcome = withDeadline(outer.signal, 1000, (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))));
    outer.abort();
    expect(await outcome).toEqual({ interrupted: "aborted" });
  });

  it("tells the work to stop, by the clock as by the signal", async () => {
    const reasons: unknown[] = [];
    const listening = (signal: AbortSignal) => new Promise<never>(() => signal.addEventListener("abort", () => reasons.push(signal.reason)));
    await withDeadline(undefined, 5, listening);
    const outer = new AbortController();
    const outcome = withDeadline(outer.signal, 1000, listening);
    outer.abort("enough");
    await outcome;
    expect(reasons).toEqual([expect.objectContaining({ name: "TimeoutError" }), "enough"]);
  });

  it("ends with the clock; a wait longer than timers can count is none", async () => {
    expect(await withDeadline(undefined, 5, never)).toEqual({ interrupted: "max-seconds" });
    expect(await withDeadline(undefined, 2 ** 40, () => new Promise((resolve) => setTimeout(() => resolve("done"), 20)))).toEqual({ value: "done" });
  });
});
