// The Model Context Protocol server, driven by the official client: every tool, every refusal, many calls at once, and over a real process's pipes.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { makeBuiltIn } from "../../../src/envs/index.ts";
import { type McpLimits, Turns } from "../../../src/node/mcp/limits.ts";
import { mcpServer } from "../../../src/node/mcp/server.ts";
import { solve } from "../../../src/solvers/index.ts";
import { ensureBuilt } from "./built.ts";
import { BIN } from "./support.ts";

const ROBOT = {
  states: ["high", "low"],
  actions: ["search", "wait", "recharge"],
  discount: 0.9,
  initial: "high",
  transitions: [
    ["high", "search", "high", 0.8, 5],
    ["high", "search", "low", 0.2, 5],
    ["high", "wait", "high", 1, 1],
    ["low", "search", "high", 0.6, -3],
    ["low", "search", "low", 0.4, 5],
    ["low", "wait", "low", 1, 1],
    ["low", "recharge", "high", 1, 0],
  ],
};

interface Called {
  readonly error: boolean;
  readonly text: string;
  readonly data: Record<string, unknown>;
}

const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

/** A client of a server, with calls that answer text and data. */
async function connect(transport: Transport) {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  open.push(client);
  return {
    client,
    call: async (name: string, args: Record<string, unknown> = {}, signal?: AbortSignal): Promise<Called> => {
      const result = await client.callTool({ name, arguments: args }, undefined, signal === undefined ? {} : { signal });
      const [first] = Array.isArray(result.content) ? result.content : [];
      return { error: result.isError === true, text: String(first?.text), data: { ...(result.structuredContent as object | undefined) } };
    },
  };
}

async function connected(limits: Partial<McpLimits> = {}) {
  const [own, theirs] = InMemoryTransport.createLinkedPair();
  await (await mcpServer(limits)).connect(theirs);
  return connect(own);
}

describe("the tools", () => {
  it("are described", async () => {
    const { client } = await connected();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["define", "check", "solve", "simulate", "explain", "list"]);
    for (const { description, inputSchema } of tools) {
      expect(description?.length).toBeGreaterThan(20);
      expect(inputSchema.type).toBe("object");
    }
    expect(client.getInstructions()).toContain("Markov decision processes");
  });

  it("define, check, solve, simulate and explain a model given as JSON", async () => {
    const { call } = await connected();
    expect((await call("list")).text).toBe("No model is defined.");
    const defined = await call("define", { name: "robot", model: ROBOT });
    expect(defined).toMatchObject({ error: false, data: { states: 2, choices: 5, branches: 7, discount: 0.9 } });
    expect(await call("check", { model: ROBOT })).toMatchObject({ error: false, data: { valid: true, warningCount: 0 } });

    const solved = await call("solve", { name: "robot", epsilon: 1e-9 });
    expect(solved).toMatchObject({ error: false, data: { status: "converged", more: 0 } });
    const states = solved.data.states as { state: string; value: number; lower: number; upper: number; action: string }[];
    // The oracle of this robot: 2500/59 and 2250/59.
    for (const [i, exact] of [2500 / 59, 2250 / 59].entries()) {
      expect(Math.abs((states[i]?.value ?? 0) - exact)).toBeLessThan(1e-9);
      expect(states[i]?.lower).toBeLessThanOrEqual(exact);
      expect(states[i]?.upper).toBeGreaterThanOrEqual(exact);
    }
    expect(states.map(({ action }) => action)).toEqual(["search", "recharge"]);

    const simulated = await call("simulate", { name: "robot", episodes: 400, maxSteps: 200, seed: 3 });
    const { meanReturn, standardError } = simulated.data as { meanReturn: number; standardError: number };
    expect(Math.abs(meanReturn - 2500 / 59)).toBeLessThan(5 * standardError);
    expect(await call("simulate", { name: "robot", episodes: 400, maxSteps: 200, seed: 3 })).toEqual(simulated);
    const waiting = await call("simulate", { name: "robot", episodes: 3, maxSteps: 400, policy: { high: "wait", low: "wait" } });
    expect(waiting.data.meanReturn).toBeCloseTo(10, 9);

    const why = await call("explain", { name: "robot", state: "low" });
    expect(why.text).toMatch(/^In low, recharge is optimal, proven: it is worth 38\.1356, the next best, /);
    expect(why.data).toMatchObject({ asked: "recharge", optimal: "yes", actions: [{ action: "recharge", regret: { upper: 0 } }, {}, {}] });
    const whyNot = await call("explain", { name: "robot", state: "high", action: "wait" });
    // Q(high, wait) = 1 + 0.9 · 2500/59, which loses 2500/59 · 0.1 - 1 once.
    expect(whyNot.text).toContain("In high, wait is not optimal");
    const [, wait] = whyNot.data.actions as { regret: { lower: number; upper: number } }[];
    expect(wait?.regret.lower).toBeLessThanOrEqual(250 / 59 - 1);
    expect(wait?.regret.upper).toBeGreaterThanOrEqual(250 / 59 - 1);
    expect((await call("list")).data.models).toMatchObject([{ name: "robot", solved: "converged" }]);
  });

  it("take built-ins and Gymnasium's tables, and agree with the library", async () => {
    const { call } = await connected();
    await call("define", { name: "lake", model: "frozen-lake:4x4" });
    const { data } = await call("solve", { name: "lake", states: [0, "14"] });
    const best = await solve(makeBuiltIn("frozen-lake:4x4").mdp);
    expect(data.states).toMatchObject([
      { state: "0", value: best.value.at(0) },
      { state: "14", value: best.value.at(14) },
    ]);
    const table = { P: { 0: { 0: [[1, 1, 0, false]] }, 1: { 0: [[1, 1, 2, true]] } } };
    expect(await call("define", { name: "table", model: table, discount: 0.5 })).toMatchObject({ error: false, data: { states: 2 } });
    expect((await call("solve", { name: "table" })).data.states).toMatchObject([{ value: 1 }, { value: 2 }]);
  });

  it("say infinities in JSON's words", async () => {
    const { call } = await connected();
    const model = { states: 1, actions: 1, discount: 1, transitions: [[0, 0, 0, 1, 1]] };
    await call("define", { name: "rich", model });
    expect((await call("solve", { name: "rich" })).data.states).toMatchObject([{ value: "Infinity" }]);
  });
});

describe("refusals", () => {
  it("of malformed models name every fault", async () => {
    const { call } = await connected();
    const wrong = {
      states: ["a", "b"],
      actions: ["go"],
      discount: 0.9,
      transitions: [
        ["a", "go", "c", 1, 0],
        ["a", "go", "a", 0.7, 0],
      ],
    };
    const defined = await call("define", { name: "wrong", model: wrong });
    expect(defined.error).toBe(true);
    expect(defined.text).toContain('"c"');
    const checked = await call("check", { model: wrong });
    expect(checked).toMatchObject({ error: false, data: { valid: false } });
    expect(Number(checked.data.issueCount)).toBeGreaterThanOrEqual(2);
    expect((await call("list")).data.models).toEqual([]);

    expect(await call("define", { name: "x", model: "no-such-thing" })).toMatchObject({ error: true, data: { error: "format" } });
    expect(await call("define", { name: "x", model: {} })).toMatchObject({ error: true });
    expect(await call("define", { name: "../x", model: "maze" })).toMatchObject({ error: true });
    expect(await call("define", { name: "x", model: { ...ROBOT, discount: 7 } })).toMatchObject({ error: true });
    expect(await call("define", { name: "x", model: 3 })).toMatchObject({ error: true });
    expect(await call("define", { name: "x", model: { ...ROBOT, transitions: [["high", "search", "high", "process.exit(1)", 0]] } })).toMatchObject({
      error: true,
    });
  });

  it("of what is not there, or comes too early", async () => {
    const { call } = await connected();
    expect((await call("solve", { name: "robot" })).text).toBe('name is "robot", expected a model that is defined. Hint: call define first.');
    await call("define", { name: "robot", model: { ...ROBOT, discount: undefined } });
    expect(await call("solve", { name: "robot" })).toMatchObject({ error: true, text: expect.stringContaining("discount is undefined") });
    expect(await call("explain", { name: "robot", state: "low" })).toMatchObject({ error: true, text: expect.stringContaining("call solve first") });
    await call("define", { name: "robot", model: ROBOT });
    await call("solve", { name: "robot" });
    expect((await call("explain", { name: "robot", state: "hihg" })).text).toContain("expected one of high, low");
    expect((await call("explain", { name: "robot", state: "high", action: "recharge" })).text).toMatch(
      /"recharge" is not feasible in state "high", expected one of search, wait/,
    );
    expect(await call("simulate", { name: "robot", policy: { high: "wait" } })).toMatchObject({ error: true, text: expect.stringContaining("policy") });
    await call("define", { name: "maze", model: "maze" });
    await call("solve", { name: "maze" });
    expect((await call("explain", { name: "maze", state: 15 })).text).toContain("the episode is over in a terminal one");
  });

  it("of what is too large come before anything is built", async () => {
    const { call } = await connected({ states: 100, branches: 1000, characters: 5000, models: 2, steps: 1000 });
    const started = performance.now();
    for (const model of [
      "grid:100000x100000",
      "garnet:states=2000000000,actions=10,branches=10",
      "forest:1e9",
      "grid:11x11",
      { states: 2_000_000_000, actions: 1, transitions: [] },
      { states: 1, actions: 1, transitions: [], note: "x".repeat(5000) },
    ]) {
      const refused = await call("define", { name: "big", model });
      expect(refused.error, JSON.stringify(model).slice(0, 60)).toBe(true);
    }
    expect(performance.now() - started).toBeLessThan(2000);
    expect((await call("define", { name: "big", model: "grid:11x11" })).text).toBe(
      "the number of states is 121, expected at most 100. Hint: make the model smaller, or start the server with a higher limit.",
    );
    for (const name of ["a", "b", "a"]) expect(await call("define", { name, model: "maze" })).toMatchObject({ error: false });
    expect(await call("define", { name: "c", model: "maze" })).toMatchObject({ error: true, data: { error: "limit" } });
    expect(await call("simulate", { name: "a", policy: "uniform", episodes: 11, maxSteps: 100 })).toMatchObject({ error: true, data: { error: "limit" } });
  });

  it("of what takes too long stop in time, with the bounds so far", async () => {
    const { call } = await connected({ seconds: 0.4 });
    await call("define", { name: "slow", model: "garnet:states=20000,actions=10,branches=10,seed=1", discount: 0.9999 });
    const started = performance.now();
    const solved = await call("solve", { name: "slow", epsilon: 1e-10, method: "value-iteration" });
    expect(solved.error).toBe(true);
    expect(solved).toMatchObject({ data: { status: "max-time" }, text: expect.stringContaining("slow is not solved to 1e-10: max-time") });
    const simulated = await call("simulate", { name: "slow", policy: "uniform", episodes: 10_000, maxSteps: 1000 });
    expect(simulated).toMatchObject({ error: true, data: { error: "limit" }, text: expect.stringContaining("over 0.4") });
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

describe("many calls at once", () => {
  it("are answered each with its own", async () => {
    const { call } = await connected({ concurrent: 2 });
    const specs = ["maze", "taxi", "frozen-lake:8x8", "forest:10", "grid:9x9,seed=2", "recycling-robot"];
    await Promise.all(specs.map((model, i) => call("define", { name: `m${i}`, model })));
    const answers = await Promise.all(specs.flatMap((_, i) => [call("solve", { name: `m${i}`, states: [] }), call("solve", { name: `m${i}`, states: [] })]));
    for (const [i, { error, data }] of answers.entries()) expect([error, data.name, data.status]).toEqual([false, `m${Math.floor(i / 2)}`, "converged"]);
    const runs = await Promise.all([1, 2, 1, 2].map((seed) => call("simulate", { name: "m1", seed, episodes: 50, maxSteps: 100 })));
    expect(runs[0]).toEqual(runs[2]);
    expect(runs[1]).toEqual(runs[3]);
    expect(runs[0]).not.toEqual(runs[1]);
  });

  it("can be cancelled while others go on", async () => {
    const { call } = await connected();
    await call("define", { name: "slow", model: "garnet:states=5000,actions=10,branches=10,seed=1", discount: 0.999 });
    const cancel = new AbortController();
    const cancelled = call("simulate", { name: "slow", policy: "uniform", episodes: 9000, maxSteps: 1000 }, cancel.signal).catch((error: unknown) => error);
    const other = call("define", { name: "maze", model: "maze" });
    setTimeout(() => cancel.abort(), 50);
    expect(await other).toMatchObject({ error: false });
    expect(await cancelled).toBeInstanceOf(Error);
    expect(await call("solve", { name: "maze" })).toMatchObject({ error: false });
  });

  it("take turns, and leave the line when told to", async () => {
    const turns = new Turns(2);
    const never = new AbortController().signal;
    let [busy, most] = [0, 0];
    const work = async (): Promise<void> => {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setTimeout(resolve, 2));
      busy--;
    };
    const leaving = new AbortController();
    const all = Promise.allSettled([...Array.from({ length: 6 }, () => turns.take(work, never)), turns.take(work, leaving.signal)]);
    leaving.abort(new Error("left"));
    const outcomes = await all;
    expect(outcomes.map(({ status }) => status)).toEqual([...new Array(6).fill("fulfilled"), "rejected"]);
    expect([most, busy]).toEqual([2, 0]);
    await turns.take(work, never);
    await expect(turns.take(async () => Promise.reject(new Error("own")), never)).rejects.toThrow("own");
    await turns.take(work, never);
  });
});

describe("mdpkit mcp", () => {
  beforeAll(ensureBuilt, 120_000);

  it("serves over standard input and output, and ends when its client leaves", async () => {
    const transport = new StdioClientTransport({ command: process.execPath, args: [BIN, "mcp", "--max-states", "50"] });
    const { client, call } = await connect(transport);
    expect(client.getServerVersion()).toMatchObject({ name: "mdpkit" });
    expect(await call("define", { name: "robot", model: ROBOT })).toMatchObject({ error: false });
    expect(await call("solve", { name: "robot" })).toMatchObject({ error: false, data: { status: "converged" } });
    expect(await call("define", { name: "big", model: "grid:9x9" })).toMatchObject({ error: true, data: { error: "limit" } });
    const { pid } = transport;
    expect(pid).toBeTypeOf("number");
    await client.close();
    if (pid !== null) expect(() => process.kill(pid, 0)).toThrow();
  });
});
