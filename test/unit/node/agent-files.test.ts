// mdpkit agent with files: the trace as it is made, going on from it, the report; and a dead server, after which the trace is whole.
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTrace, traceLine } from "../../../src/agent/index.ts";
import { traceFile } from "../../../src/node/trace-file.ts";
import { mdpkit, temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const agent = (...args: string[]) => mdpkit(["agent", "maze", ...args], { cwd: folder.path });
const trace = async (name: string) => readTrace(await readFile(folder.at(name), "utf8"));

describe("mdpkit agent", () => {
  it("writes a trace that a later run goes on from, into the same file too, and a report", async () => {
    expect(await agent("--steps", "2", "--trace", "run.jsonl", "--quiet")).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const first = await trace("run.jsonl");
    expect(first.end).toMatchObject({ status: "max-steps", spent: { steps: 2 } });
    const whole = await agent("--json");
    const resumed = await agent("--resume", "run.jsonl", "--trace", "run.jsonl", "--report", "run.html", "--json");
    expect(resumed).toMatchObject({ code: 0, stderr: "" });
    expect(await trace("run.jsonl")).toEqual(JSON.parse(resumed.stdout));
    expect(JSON.parse(resumed.stdout).header.resumed).toBe(2);
    expect(JSON.parse(resumed.stdout).steps.slice(0, 2)).toEqual(JSON.parse(whole.stdout).steps.slice(0, 2));
    const report = await readFile(folder.at("run.html"), "utf8");
    expect(report).toContain("maze: an agent");
    expect(report).toContain("Step by step");
  });

  it("goes on from what a killed run left, and refuses another model's trace and what is no trace", async () => {
    await agent("--steps", "3", "--trace", "cut.jsonl", "--quiet");
    const lines = (await readFile(folder.at("cut.jsonl"), "utf8")).split("\n");
    await writeFile(folder.at("cut.jsonl"), `${lines.slice(0, 3).join("\n")}\n{"step":2,"st`);
    const resumed = await agent("--resume", "cut.jsonl", "--json");
    expect(JSON.parse(resumed.stdout).header.resumed).toBe(2);
    const other = await mdpkit(["agent", "maze:000/010/000", "--resume", "cut.jsonl", "--llm", "http://127.0.0.1:9/v1", "--no-calibrate"], {
      cwd: folder.path,
    });
    expect(other).toMatchObject({ code: 3, stdout: "" });
    await writeFile(folder.at("none.jsonl"), "{}\n");
    const none = await agent("--resume", "none.jsonl");
    expect(none).toMatchObject({ code: 2, stdout: "" });
    expect(none.stderr).toContain("none.jsonl: line 1 is not the header of a trace");
    expect(await agent("--plan", "0")).toMatchObject({ code: 2 });
    expect(await agent("--report", "run.txt")).toMatchObject({ code: 2 });
    expect(await agent("--trace", "no/such/folder.jsonl")).toMatchObject({ code: 3 });
  });
});

describe("traceFile", () => {
  it("keeps the old trace until all its steps came out again", async () => {
    await agent("--steps", "2", "--trace", "old.jsonl", "--quiet");
    const text = await readFile(folder.at("old.jsonl"), "utf8");
    const old = readTrace(text);
    const [step] = old.steps;
    if (step === undefined) throw new Error("a step was taken");
    const onRecord = traceFile(folder.at("old.jsonl"), old);
    await onRecord(old.header);
    await onRecord(step);
    expect(await readFile(folder.at("old.jsonl"), "utf8")).toBe(text);
    for (const record of [...old.steps.slice(1), step]) await onRecord(record);
    expect(await readFile(folder.at("old.jsonl"), "utf8")).toBe([old.header, ...old.steps, step].map(traceLine).join(""));
  });
});
