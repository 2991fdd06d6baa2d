// Tools: a strict call syntax, checked input, limits, and errors that come back as text.
import { describe, expect, it } from "vitest";
import {
  defineTool,
  legalMovesTool,
  lookupActionsTool,
  lookupValueTool,
  runAgent,
  scriptedPlanner,
  ToolBox,
  type ToolContext,
} from "../../../src/agent/index.ts";
import { OptionError } from "../../../src/errors.ts";
import { solve } from "../../../src/solvers/index.ts";
import { mazeEnv, SHORTEST, seedMaze } from "./seed-maze.ts";

const double = defineTool({ name: "double", description: "twice a number", input: { x: "number" }, run: ({ x }) => 2 * x });
const context: ToolContext<unknown, unknown> = {
  state: 0,
  observation: "",
  actions: ["up", "down"],
  names: ["up", "down"],
  signal: new AbortController().signal,
};

describe("ToolBox", () => {
  const box = new ToolBox([double]);

  it("runs a call written as it should be", async () => {
    expect(await box.call('TOOL double {"x": 21}', context)).toEqual({ tool: "double", ok: true, text: "42" });
    expect(await box.call('  TOOL double {"x": 21}\n', context)).toMatchObject({ ok: true });
  });

  it.each([
    ["TOOL double", "not a tool call"],
    ["TOOL double 21", "not a tool call"],
    ['TOOL double {"x": 1} and then left', "not a tool call"],
    ['TOOL double {"x": 1}\nTOOL double {"x": 2}', "not a tool call"],
    ['TOOL  double {"x": 1}', "not a tool call"],
    ["TOOL double {x: 1}", "the input is not JSON"],
    ['TOOL triple {"x": 1}', "no such tool. There are: double"],
    ["TOOL double {}", '"x" is missing or not a number, expected {"x": number}'],
    ['TOOL double {"x": "1"}', '"x" is missing or not a number'],
    ['TOOL double {"x": 1e999}', '"x" is missing or not a number'],
    ['TOOL double {"x": 1, "y": 2}', "an unknown field"],
    ['TOOL double {"__proto__": {"x": 1}}', "an unknown field"],
    ['TOOL constructor {"x": 1}', "no such tool"],
  ])("answers %j with what is wrong", async (text, why) => {
    const result = await box.call(text, context);
    expect(result.ok).toBe(false);
    expect(result.text).toContain(`error: ${why}`);
  });

  it("checks every type of field", async () => {
    const seen: unknown[] = [];
    const all = defineTool({
      name: "all",
      description: "",
      input: { s: "string", n: "number", i: "integer", b: "boolean" },
      run: (input) => seen.push(input),
    });
    const boxed = new ToolBox([all]);
    expect(await boxed.call('TOOL all {"s":"a","n":0.5,"i":2,"b":true}', context)).toMatchObject({ ok: true });
    expect(seen).toEqual([{ s: "a", n: 0.5, i: 2, b: true }]);
    expect(await boxed.call('TOOL all {"s":"a","n":0.5,"i":2.5,"b":true}', context)).toMatchObject({ ok: false });
    expect(await boxed.call('TOOL all {"s":"a","n":0.5,"i":2,"b":1}', context)).toMatchObject({ ok: false });
    expect(seen).toHaveLength(1);
  });

  it("feeds errors back, but not what a foreign error says", async () => {
    const failing = (error: Error) => new ToolBox([defineTool({ name: "fail", description: "", input: {}, run: () => Promise.reject(error) })]);
    expect((await failing(new OptionError("x", 1, "2")).call("TOOL fail {}", context)).text).toBe("error: x is 1, expected 2.");
    expect((await failing(new Error("/secret/path")).call("TOOL fail {}", context)).text).toBe("error: the tool failed");
  });

  it("cuts long answers", async () => {
    const long = new ToolBox([defineTool({ name: "long", description: "", input: {}, run: () => "x".repeat(1000) })], { outputCharacters: 20 });
    expect((await long.call("TOOL long {}", context)).text).toBe(`"${"x".repeat(19)}... (cut)`);
  });

  it("refuses bad names, double names and bad limits", () => {
    expect(() => new ToolBox([{ ...double, name: "Two words" }])).toThrow("tool.name is");
    expect(() => new ToolBox([double, double])).toThrow("expected every name once");
    expect(() => new ToolBox([double], { callsPerStep: -1 })).toThrow("toolLimits.callsPerStep is -1");
  });
});

describe("tools in the loop", () => {
  it("offers them in the prompt, answers a call and goes on with the step", async () => {
    const best = await solve(seedMaze(), { epsilon: 1e-9 });
    const { trace, status } = await runAgent({
      env: mazeEnv(),
      planner: scriptedPlanner(["TOOL legal-moves {}", 'TOOL lookup-value {"state": "1"}', "TOOL lookup-actions {}", ...SHORTEST]),
      tools: [legalMovesTool(), lookupValueTool(best.value), lookupActionsTool(best.q)],
    });
    expect(status).toBe("terminated");
    const calls = trace.steps[0]?.calls ?? [];
    expect(calls.map((call) => call.outcome)).toEqual(["tool", "tool", "tool", "action"]);
    expect(calls[0]?.prompt).toContain("TOOL legal-moves {} - the actions you may take here");
    expect(calls[1]?.prompt).toContain('RESULT legal-moves: ["up","down","left","right"]');
    expect(Number(calls[1]?.result)).toBeCloseTo(0.9 ** 4, 8);
    expect(JSON.parse(calls[2]?.result ?? "[]")).toContainEqual({ action: "right", value: best.q.at(0, "right") });
    expect(trace.steps[1]?.calls[0]?.prompt).not.toContain("RESULT");
    expect(trace.end.unparsable).toBe(0);
  });

  it("answers null for a state that is not there", async () => {
    const best = await solve(seedMaze());
    const box = new ToolBox([lookupValueTool(best.value)]);
    expect((await box.call('TOOL lookup-value {"state": "99"}', context)).text).toBe("null");
  });

  it("stops tool calls at the limit, so that no planner can call for ever", async () => {
    const calling = { name: "calling", plan: () => ({ text: "TOOL legal-moves {}" }) };
    const { trace } = await runAgent({
      env: mazeEnv(),
      planner: calling,
      tools: [legalMovesTool()],
      toolLimits: { callsPerStep: 3 },
      reasks: 1,
      budgets: { steps: 1 },
    });
    expect(trace.steps[0]?.calls.map((call) => call.outcome)).toEqual(["tool", "tool", "tool", "unparsable", "unparsable"]);
    expect(trace.steps[0]?.calls[3]?.prompt).toContain("No tool calls are left for this step.");
    expect(trace.end.fallbacks).toBe(1);
  });

  it("feeds a bad call back and lets the planner mend it", async () => {
    const { trace } = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["TOOL doubel {}", "right"]), tools: [double], budgets: { steps: 1 } });
    expect(trace.steps[0]?.calls[0]).toMatchObject({ outcome: "tool-error" });
    expect(trace.steps[0]?.calls[1]?.prompt).toContain("RESULT TOOL: error: no such tool. There are: double");
    expect(trace.steps[0]?.action).toBe("right");
  });

  it("ends with the clock while a tool hangs", async () => {
    const hanging = defineTool({ name: "hang", description: "", input: {}, run: () => new Promise<null>(() => undefined) });
    const result = await runAgent({ env: mazeEnv(), planner: scriptedPlanner(["TOOL hang {}"]), tools: [hanging], budgets: { seconds: 0.03 } });
    expect(result.status).toBe("max-seconds");
  });
});
