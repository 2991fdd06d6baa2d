// mdpkit info, check, convert and doctor.
import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mdpkit, temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const here = (...args: string[]) => mdpkit(args, { cwd: folder.path });

describe("info", () => {
  test("counts and structure of the seed maze", async () => {
    const facts = JSON.parse((await here("info", "maze", "--json")).stdout);
    expect(facts).toMatchObject({
      format: "built-in",
      objective: "maximize",
      discount: 0.99,
      states: 16,
      actions: 4,
      choices: 40,
      branches: 40,
      terminal: 6,
      reachable: 11,
    });
    expect(facts.feasibleActions).toEqual({ min: 4, mean: 4, max: 4 });
    expect(facts.rowSums).toEqual({ min: 1, max: 1 });
    expect(facts.rewards).toEqual({ min: 0, max: 1 });
    // Ten open cells, 40 moves, of which 11 edges between cells are taken both ways, and two into the goal.
    expect(facts.selfLoops).toBe(facts.blocked);
    expect((await here("info", "maze")).stdout).toMatch(/states +16, 6 of them terminal/);
  });

  test("a file without discount is fine here", async () => {
    await writeFile(
      folder.at("m.json"),
      '{"format":"mdpkit","version":1,"states":2,"actions":2,"terminal":[1],"transitions":[[0,0,0,0.5,1],[0,0,1,0.5,1],[0,1,1,1,-2]]}',
    );
    const facts = JSON.parse((await here("info", "m.json", "--json")).stdout);
    expect(facts).toMatchObject({
      format: "mdpkit",
      discount: null,
      reachable: null,
      selfLoops: 1,
      blocked: 0,
      rewards: { min: -2, max: 1 },
      branchesPerChoice: { min: 1, mean: 1.5, max: 2 },
    });
  });
});

describe("check", () => {
  test("a valid model, with warnings for sums that are off by more than rounding", async () => {
    const row = (p: number) => `{"format":"mdpkit","version":1,"states":2,"actions":1,"terminal":[1],"transitions":[[0,0,0,${p},0],[0,0,1,0.5,0]]}`;
    await writeFile(folder.at("fine.json"), row(0.5));
    await writeFile(folder.at("off.json"), row(0.5000000001));
    expect(await here("check", "fine.json")).toEqual({ code: 0, stdout: "valid: 2 states, 1 choice, 2 branches, no discount\n", stderr: "" });
    const off = await here("check", "off.json");
    expect(off.code).toBe(0);
    expect(off.stdout).toMatch(/warning transition\(0,0\) sums to 1\.0000000001/);
    expect(JSON.parse((await here("check", "off.json", "--json")).stdout)).toMatchObject({ valid: true, warningCount: 1 });
  });

  test("--all shows every issue", async () => {
    await writeFile(
      folder.at("bad.json"),
      JSON.stringify({ format: "mdpkit", version: 1, states: 30, actions: 1, transitions: Array.from({ length: 30 }, (_, s) => [s, 0, s, 0.5, 0]) }),
    );
    const { code, stdout, stderr } = await here("check", "bad.json", "--all");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toHaveLength(30);
  });
});

describe("convert", () => {
  test.each(["model.json", "model.npz", "model.gym.json"])("a model keeps its optimum through %s", async (file) => {
    const { code, stdout } = await here("convert", "frozen-lake:4x4", file);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`frozen-lake:4x4 -> ${file.replaceAll(".", "\\.")}, `));
    expect(await folder.files()).toEqual([file]);
    const value = JSON.parse((await here("solve", file, "--discount", "0.99", "--json")).stdout).value;
    expect(value[0]).toBeCloseTo(0.542025932, 6);
  });

  test("--to wins over the name, what the format has no place for is said", async () => {
    const { stdout } = await here("convert", "recycling-robot", "robot.json", "--to", "gymnasium");
    expect(stdout).toMatch(/labels are now indices[\s\S]*discount is left out/);
    expect(JSON.parse(await readFile(folder.at("robot.json"), "utf8"))).toHaveProperty("P");
    expect((await here("convert", "recycling-robot", "quiet.npz", "--quiet")).stdout).toBe("");
  });

  test("--discount and --objective go into the file", async () => {
    await here("convert", "recycling-robot", "robot.json", "--discount", "0.5", "--objective", "minimize");
    expect(JSON.parse(await readFile(folder.at("robot.json"), "utf8"))).toMatchObject({ discount: 0.5, objective: "minimize" });
  });

  test("from standard input", async () => {
    const table = '{"P":{"0":{"0":[[1.0,1,1.0,true]]},"1":{"0":[[1.0,1,0.0,true]]}}}';
    const { code } = await mdpkit(["convert", "-", "out.json", "--discount", "0.9"], { cwd: folder.path, input: table });
    expect(code).toBe(0);
    expect(JSON.parse((await here("solve", "out.json", "--json")).stdout).value[0]).toBe(1);
  });
});

test("doctor says what there is, and how to get what is missing", async () => {
  const { code, stdout } = await here("doctor");
  expect(code).toBe(0);
  expect(stdout).toMatch(/Node +ok +\d+/);
  expect(stdout).toMatch(/kernel wasm +ok/);
  expect(stdout).toMatch(/device webgpu +(?:ok +.*bound|missing +.*exit code 3. To have it: )/);
  expect(stdout).toMatch(/device tensorflow +(?:ok|missing) /);
  expect(stdout).toMatch(/auto, 10,000,000 branches +ok +(?:wasm|webgpu): /);
  const { findings } = JSON.parse((await here("doctor", "--json")).stdout);
  expect(findings.length).toBeGreaterThan(5);
});
