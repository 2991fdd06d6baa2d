// The pacer: work gives way in time, timers run meanwhile, an abort is seen.
import { availableParallelism } from "node:os";
import { describe, expect, test, vi } from "vitest";
import { platform } from "../../../src/platform/node.ts";
import { Pacer } from "../../../src/platform/pacer.ts";

function busy(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe("Pacer", () => {
  test("is due once 40 ms of work have passed, and not again right after giving way", async () => {
    const pacer = new Pacer();
    expect(pacer.due).toBe(false);
    busy(45);
    expect(pacer.due).toBe(true);
    await pacer.giveWay();
    expect(pacer.due).toBe(false);
  });

  test("lets timers and messages run while work goes on", async () => {
    const pacer = new Pacer();
    const timer = vi.fn();
    setTimeout(timer, 1);
    for (let i = 0; i < 4; i++) {
      busy(45);
      await pacer.tick();
    }
    expect(timer).toHaveBeenCalledOnce();
  });

  test("throws the reason of an aborted signal, due or not", async () => {
    const abort = new AbortController();
    const pacer = new Pacer({ signal: abort.signal });
    await pacer.tick();
    expect(pacer.aborted).toBe(false);
    const reason = new Error("enough");
    abort.abort(reason);
    expect(pacer.aborted).toBe(true);
    await expect(pacer.tick()).rejects.toBe(reason);
  });

  test("counts the seconds since it was made", () => {
    const pacer = new Pacer();
    busy(20);
    expect(pacer.seconds).toBeGreaterThanOrEqual(0.02);
    expect(pacer.seconds).toBeLessThan(5);
  });
});

describe("the Node platform", () => {
  test("has a name and counts the cores", () => {
    expect(platform.name).toBe("node");
    expect(platform.cores).toBe(availableParallelism());
  });

  test("gives way to what was due before", async () => {
    const order: string[] = [];
    setImmediate(() => order.push("immediate"));
    await platform.giveWay();
    order.push("work");
    expect(order).toEqual(["immediate", "work"]);
  });
});
