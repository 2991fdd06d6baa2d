// An environment in another process that misbehaves: each way is named, ends the child, and ends an agent's run whole.
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runAgent, scriptedPlanner } from "../../../src/agent/index.ts";
import { BackendError, EnvProtocolError, OptionError } from "../../../src/errors.ts";
import { EnvProcess } from "../../../src/node/gymnasium/env-process.ts";
import { gymnasiumEnv } from "../../../src/node/gymnasium/gymnasium-env.ts";
import { gymnasiumVector } from "../../../src/node/gymnasium/gymnasium-vector-env.ts";
import { readLines } from "../../../src/node/lines.ts";

// Node runs the fake as Python runs the real one: the program is an argument.
const fake = { python: process.execPath, script: fileURLToPath(new URL("fake-environment.mjs", import.meta.url)), timeoutSeconds: 20 };

async function withHow<T>(how: string, work: () => Promise<T>): Promise<T> {
  process.env.FAKE_HOW = how;
  try {
    return await work();
  } finally {
    delete process.env.FAKE_HOW;
  }
}

describe("a child that does not begin well", () => {
  it.each([
    ["no-gymnasium", BackendError, "gymnasium cannot be imported: No module named 'gymnasium'. Hint: pip install gymnasium"],
    ["hello-nonsense", EnvProtocolError, 'answered "Welcome!", expected a line of JSON'],
    ["hello-version", EnvProtocolError, 'speaks "mdpkit-env" version 2, expected "mdpkit-env" version 1'],
  ])("is refused: %s", async (how, kind, message) => {
    const starting = withHow(how, () => EnvProcess.start(fake));
    await expect(starting).rejects.toThrow(kind);
    await expect(withHow(how, () => EnvProcess.start(fake))).rejects.toThrow(message);
  });

  it("is given up where it says nothing, is not there, or the signal says so", async () => {
    await expect(withHow("mute", () => EnvProcess.start({ ...fake, timeoutSeconds: 0.3 }))).rejects.toThrow("was silent for 0.3 s");
    await expect(EnvProcess.start({ python: "no-such-python" })).rejects.toThrow(/no-such-python cannot be started: .*ENOENT/);
    await expect(EnvProcess.start({ ...fake, signal: AbortSignal.abort(new Error("no more")) })).rejects.toThrow("no more");
    await expect(EnvProcess.start({ ...fake, timeoutSeconds: 0 })).rejects.toThrow(OptionError);
  });
});

describe("a child that misbehaves in a step", () => {
  it.each([
    ["dies", BackendError, 'ended with code 7; it last said "Traceback: the motor is on fire"'],
    ["nonsense", EnvProtocolError, 'answered "{not json", expected a line of JSON'],
    ["list", EnvProtocolError, 'answered "[1]", expected a JSON object'],
    ["silent", BackendError, "was silent for 6 s"],
    ["wrong-id", EnvProtocolError, "answered request 5, expected 4"],
    ["bad-state", EnvProtocolError, "answered state[0] 3, expected an integer from 0 to 2"],
    ["half-state", EnvProtocolError, "answered state[0] 0.5"],
    ["two-states", EnvProtocolError, "answered state an array of 2, expected 1 entries"],
    ["bad-reward", EnvProtocolError, 'answered reward[0] "1", expected a finite number'],
    ["bad-end", EnvProtocolError, "answered ended[0]"],
    ["end-elsewhere", EnvProtocolError, "answered ended[0]"],
    ["endless-line", EnvProtocolError, "wrote a line of more than 67108864 bytes"],
    ["refuses", EnvProtocolError, "refused step: ValueError: not today."],
  ])("%s: ends the agent's run with its reason", async (mode, kind, message) => {
    await using env = await gymnasiumEnv(mode, { ...fake, timeoutSeconds: mode === "silent" ? 6 : 20 });
    const result = await runAgent({ env, planner: scriptedPlanner(["0", "0"]) });
    expect(result).toMatchObject({ status: "environment-failed", steps: 0 });
    expect(result.error).toBeInstanceOf(kind);
    expect(result.trace.end.failure?.message).toContain(message);
    expect(result.trace.end.unfinished).toMatchObject({ state: 0, action: "0" });
  });

  it("unasked: what nobody asked for is the next request's failure", async () => {
    await using env = await gymnasiumEnv("unasked", fake);
    await env.reset();
    expect(await env.step(0)).toMatchObject({ state: 1, reward: 1 });
    await expect(env.step(0)).rejects.toThrow(EnvProtocolError);
  });

  it("split: a line in pieces is one line", async () => {
    await using env = await gymnasiumEnv("split", fake);
    await env.reset();
    expect(await env.step(0)).toEqual({ state: 1, reward: 1, terminated: false, truncated: false });
  });

  it("closed: every later request is refused, and a pending one too", async () => {
    const env = await gymnasiumVector("silent", { ...fake, count: 1 });
    await env.reset();
    const pending = env.step([0]).catch((error: unknown) => error);
    await env.close();
    expect(await pending).toBeInstanceOf(EnvProtocolError);
    await expect(env.step([0])).rejects.toThrow("step after close");
    await env.close();
  });
});

describe("readLines", () => {
  it("cuts at line breaks however the bytes arrive, and tells what was left at the end", async () => {
    const stream = new PassThrough();
    const lines: string[] = [];
    const rest = new Promise((onEnd) => readLines(stream, 100, { onLine: (line) => lines.push(line), onEnd, onTooLong: () => undefined }));
    for (const piece of ["on", "e\r\ntwo\n", "\nthr"]) stream.write(piece);
    stream.end("ee");
    expect(await rest).toBe("three");
    expect(lines).toEqual(["one", "two", ""]);
  });

  it("stops at a line over the limit, also one that never ends", () => {
    for (const pieces of [["12345\n"], ["12", "34", "5"]]) {
      const stream = new PassThrough();
      let tooLong = 0;
      const lines: string[] = [];
      readLines(stream, 4, { onLine: (line) => lines.push(line), onTooLong: () => tooLong++ });
      for (const piece of ["1234\n", ...pieces, "\nmore\n"]) stream.emit("data", Buffer.from(piece));
      expect([lines, tooLong]).toEqual([["1234"], 1]);
    }
  });
});
