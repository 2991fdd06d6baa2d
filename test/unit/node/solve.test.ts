// mdpkit solve: the JSON contract, files, reports, limits, interruption.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSolutionNpz } from "../../../src/formats/index.ts";
import { mdpkit, temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const KEYS = [
  ...["version", "status", "objective", "method", "device", "discount", "epsilon", "gap", "residual", "sweeps", "seconds"],
  ...["states", "choices", "branches", "value", "policy", "q", "lower", "upper"],
];

async function solved(...args: string[]) {
  const outcome = await mdpkit(["solve", ...args, "--json"], { cwd: folder.path });
  expect(outcome.stderr).toBe("");
  expect(outcome.code).toBe(0);
  return JSON.parse(outcome.stdout);
}

describe("--json", () => {
  test("one object, the keys of the contract in their order", async () => {
    const { stdout } = await mdpkit(["solve", "recycling-robot", "--json", "--epsilon", "1e-9"]);
    expect(stdout.trimEnd()).not.toContain("\n");
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual(KEYS);
    expect(Object.keys(result.seconds)).toEqual(["load", "solve"]);
    expect(result).toMatchObject({
      version: "0.1.0",
      status: "converged",
      objective: "maximize",
      discount: 0.9,
      epsilon: 1e-9,
      states: 2,
      choices: 5,
      branches: 7,
    });
    expect(result.value[0]).toBeCloseTo(2500 / 59, 8);
    expect(result.value[1]).toBeCloseTo(2250 / 59, 8);
    expect(result.policy).toEqual(["search", "recharge"]);
    expect(result.q[0][2]).toBeNull();
    expect(result.q[0][0]).toBeCloseTo(2500 / 59, 8);
    expect(result.lower[0]).toBeLessThanOrEqual(2500 / 59);
    expect(result.upper[0]).toBeGreaterThanOrEqual(2500 / 59);
    expect(result.gap / 2).toBeLessThanOrEqual(1e-9);
  });

  test("terminal states: value 0, policy null, a row of nulls", async () => {
    const result = await solved("maze");
    expect([result.value[15], result.policy[15], result.q[15]]).toEqual([0, null, [null, null, null, null]]);
    expect(result.value[0]).toBeCloseTo(0.99 ** 5, 6);
  });

  test("options of the solver arrive", async () => {
    expect(await solved("maze", "--method", "value-iteration", "--discount", "0.5")).toMatchObject({ method: "value-iteration", discount: 0.5 });
    expect(await solved("maze", "--method", "gauss-seidel", "--device", "wasm", "--threads", "auto")).toMatchObject({ method: "gauss-seidel", device: "wasm" });
    expect(await solved("maze", "--device", "cpu", "--threads", "1")).toMatchObject({ device: "cpu" });
    const costs = await solved("recycling-robot", "--objective", "minimize");
    expect(costs.objective).toBe("minimize");
    expect(costs.value[0]).toBeLessThan(2500 / 59);
  });

  test("q is left out above 10,000 states unless asked for", async () => {
    const walk = ["garnet:states=10001,actions=2,branches=2,seed=1", "--discount", "0.5"];
    expect(Object.keys(await solved(...walk))).toEqual(KEYS.filter((key) => key !== "q"));
    expect((await solved(...walk, "--q")).q).toHaveLength(10_001);
  });

  test("infinities are strings", async () => {
    await writeFile(folder.at("rich.json"), '{"format":"mdpkit","version":1,"states":2,"actions":1,"transitions":[[0,0,0,1,1],[1,0,1,1,-1]]}');
    const result = await solved("rich.json", "--discount", "1");
    expect(result.value).toEqual(["Infinity", "-Infinity"]);
  });

  test("--horizon: stage 0 on top, then all stages", async () => {
    const result = await solved("recycling-robot", "--horizon", "2", "--discount", "1");
    expect(Object.keys(result)).toEqual([...KEYS.slice(0, 14), "horizon", ...KEYS.slice(14), "stages"]);
    expect(result).toMatchObject({ method: "finite-horizon", horizon: 2, status: "converged" });
    expect(result.stages).toHaveLength(2);
    // One decision left: search pays 5 in high; in low it pays .6 * 5 - .4 * 3 = 1.8.
    expect(result.stages[1].value[0]).toBeCloseTo(5, 12);
    expect(result.stages[1].value[1]).toBeCloseTo(1.8, 12);
    expect(result.stages[0].value).toEqual(result.value);
    expect(result.value[0]).toBeCloseTo(5 + 0.8 * 5 + 0.2 * 1.8, 12);
    expect(result.lower[0]).toBeLessThan(result.upper[0]);
  });
});

describe("models", () => {
  test("a file, by content and by force, from standard input", async () => {
    const model = '{"format":"mdpkit","version":1,"discount":0.5,"states":["a"],"actions":["go"],"transitions":[["a","go","a",1,1]]}';
    await writeFile(folder.at("model.weird"), model);
    expect((await solved("model.weird")).value[0]).toBeCloseTo(2, 6);
    expect((await solved("model.weird", "--format", "mdpkit", "--discount", "0")).value).toEqual([1]);
    const { stdout, code } = await mdpkit(["solve", "-", "--json"], { input: model });
    expect([code, JSON.parse(stdout).policy]).toEqual([0, ["go"]]);
  });

  test("a file that exists wins over a built-in, a folder does not", async () => {
    await writeFile(folder.at("maze"), '{"format":"mdpkit","version":1,"discount":0.5,"states":1,"actions":1,"transitions":[[0,0,0,1,1]]}');
    expect((await solved("maze")).states).toBe(1);
    await mkdir(folder.at("taxi"));
    expect((await solved("taxi")).states).toBe(500);
  });

  test("counts are divided by their sum with --normalize", async () => {
    await writeFile(
      folder.at("counts.json"),
      '{"format":"mdpkit","version":1,"discount":0.5,"states":2,"actions":1,"terminal":[1],"transitions":[[0,0,0,3,1],[0,0,1,1,1]]}',
    );
    expect((await mdpkit(["solve", "counts.json"], { cwd: folder.path })).code).toBe(2);
    expect((await solved("counts.json", "--normalize")).value[0]).toBeCloseTo(1 / (1 - 0.375), 6);
  });
});

describe("files", () => {
  test("--out writes JSON and npz that hold the same, --quiet prints nothing", async () => {
    const json = await mdpkit(["solve", "recycling-robot", "--out", "r.json", "--quiet"], { cwd: folder.path });
    expect(json).toEqual({ code: 0, stdout: "", stderr: "" });
    await mdpkit(["solve", "recycling-robot", "--out", "r.npz", "--quiet"], { cwd: folder.path });
    const fromJson = JSON.parse(await readFile(folder.at("r.json"), "utf8"));
    const fromNpz = readSolutionNpz(await readFile(folder.at("r.npz")));
    expect([...fromNpz.value]).toEqual(fromJson.value);
    expect(fromNpz.policy).toEqual(fromJson.policy);
    expect([...fromNpz.upper]).toEqual(fromJson.upper);
    expect(await folder.files()).toEqual(["r.json", "r.npz"]);
  });

  test("--report writes one HTML file", async () => {
    const { stdout, code } = await mdpkit(["solve", "maze", "--report", "r.html"], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toContain("converged");
    const html = await readFile(folder.at("r.html"), "utf8");
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain("maze");
    expect(html).toMatch(/policy.iteration/);
  });
});

describe("text", () => {
  test("a grid as values beside arrows", async () => {
    const { stdout, stderr } = await mdpkit(["solve", "maze"]);
    expect(stdout).toContain("0.951 0.961 0.970 0.961     → → ↓ ←");
    expect(stdout).toMatch(/converged by policy-iteration/);
    expect(`${stdout}${stderr}`).not.toContain("\u001b");
  });

  test("colour on a terminal, none with NO_COLOR", async () => {
    expect((await mdpkit(["solve", "maze"], { terminal: true })).stdout).toContain("\u001b[");
    expect((await mdpkit(["solve", "maze"], { terminal: true, env: { NO_COLOR: "1" } })).stdout).not.toContain("\u001b[");
  });

  test("a table where there is no grid", async () => {
    expect((await mdpkit(["solve", "taxi"])).stdout).toMatch(/state +value +lower +upper +action[\s\S]*and 480 more states/);
  });
});

/** A walk over a long line, where values travel one state a sweep. */
const SLOW: readonly string[] = ["random-walk:20001", "--discount", "0.9999999", "--method", "value-iteration", "--json"];

describe("not converged", () => {
  test("the result is printed, the exit code is 1, a line says why", async () => {
    const { code, stdout, stderr } = await mdpkit(["solve", "taxi", "--method", "value-iteration", "--max-sweeps", "3", "--json"]);
    expect(code).toBe(1);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ status: "max-sweeps", states: 500 });
    expect(result.gap).toBeGreaterThan(1);
    expect(stderr).toMatch(/^solve stopped with status max-sweeps after .* Hint: raise --max-sweeps or --max-seconds\.\n$/);
  });

  test("an accuracy that float64 cannot prove", async () => {
    const { code, stdout, stderr } = await mdpkit(["solve", "recycling-robot", "--epsilon", "1e-300", "--json"]);
    expect([code, JSON.parse(stdout).status]).toEqual([1, "precision"]);
    expect(stderr).toMatch(/float64 cannot prove more here/);
  });

  test("interrupted: what there is is printed, the exit code is 130", async () => {
    const interrupt = new AbortController();
    const running = mdpkit(["solve", ...SLOW], { signal: interrupt.signal });
    setTimeout(() => interrupt.abort(new DOMException("interrupted", "AbortError")), 400);
    const { code, stdout, stderr } = await running;
    expect(code).toBe(130);
    expect(JSON.parse(stdout).status).toBe("aborted");
    expect(stderr).toMatch(/interrupted/);
  });
});

test("progress is drawn on a terminal only, and taken away", async () => {
  const slow = ["solve", ...SLOW, "--max-sweeps", "3000"];
  const onTerminal = await mdpkit(slow, { terminal: true });
  expect(onTerminal.stderr).toMatch(/value-iteration: .*sweeps/);
  expect(onTerminal.stderr).toContain("\r\u001b[2Ksolve stopped");
  expect(JSON.parse(onTerminal.stdout).status).toBe("max-sweeps");
  expect((await mdpkit(slow)).stderr).not.toContain("\u001b");
});
