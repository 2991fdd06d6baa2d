// mdpkit learn: the JSON contract, seeds, methods, priors, interruption.
import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mdpkit, temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const COSTS =
  '{"format":"mdpkit","version":1,"discount":0.9,"objective":"minimize","states":["a","end"],"actions":["dear","cheap"],"initial":"a","terminal":["end"],"transitions":[["a","dear","end",1,5],["a","cheap","end",1,2]]}';

async function learned(...args: string[]) {
  const { code, stdout, stderr } = await mdpkit(["learn", ...args, "--json"], { cwd: folder.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

test("one object, the keys of the contract in their order, close to the optimum", async () => {
  const result = await learned("recycling-robot", "--method", "q-learning", "--steps", "2e5", "--seed", "7", "--explore", "0.5");
  expect(Object.keys(result)).toEqual(["q", "value", "policy", "episodes", "steps", "seconds", "distanceToOptimal"]);
  expect(Object.keys(result.distanceToOptimal)).toEqual(["q", "regret"]);
  expect(result.steps).toBe(200_000);
  expect(result.policy).toEqual(["search", "recharge"]);
  expect(result.q[0][2]).toBeNull();
  const far = Math.max(Math.abs(result.value[0] - 2500 / 59), Math.abs(result.value[1] - 2250 / 59));
  expect(result.distanceToOptimal.q).toBeGreaterThanOrEqual(far - 1e-6);
  expect(result.distanceToOptimal.q).toBeLessThan(1);
  expect(result.distanceToOptimal.regret).toBeLessThan(1e-6);
});

test("a run too short to know anything is far from the optimum, and says so", async () => {
  const { distanceToOptimal } = await learned("maze", "--steps", "1", "--seed", "1");
  expect(distanceToOptimal.regret).toBeGreaterThan(0.9);
});

test("the same seed is the same run, another seed another", async () => {
  const run = async (seed: string) => ({ ...(await learned("frozen-lake:4x4", "--steps", "3000", "--seed", seed)), seconds: 0 });
  expect(await run("3")).toEqual(await run("3"));
  expect((await run("4")).q).not.toEqual((await run("3")).q);
});

test.each(["sarsa", "expected-sarsa", "double-q-learning", "sarsa-lambda", "watkins-q"])("%s learns the maze", async (method) => {
  const { distanceToOptimal, episodes } = await learned("maze", "--method", method, "--steps", "20000", "--seed", "1");
  expect(episodes).toBeGreaterThan(100);
  expect(distanceToOptimal.regret).toBeLessThan(0.2);
});

test("only choices that were visited count for the distance", async () => {
  await writeFile(folder.at("costs.json"), COSTS);
  // One step, one choice known exactly; the other is off by all it costs.
  expect((await learned("costs.json", "--steps", "1")).distanceToOptimal.q).toBe(0);
});

test("costs are minimised, where the model says so", async () => {
  await writeFile(folder.at("costs.json"), COSTS);
  expect(await learned("costs.json", "--steps", "500")).toMatchObject({ value: [2, 0], policy: ["cheap", null], distanceToOptimal: { regret: 0 } });
});

test("a prior in a file seeds the learner", async () => {
  const wrong = [0, 0, 0, 1];
  const rows = Array.from({ length: 16 }, (_, s) => ([4, 5, 7, 12, 14, 15].includes(s) ? null : wrong));
  await writeFile(folder.at("prior.json"), JSON.stringify({ actions: ["up", "down", "left", "right"], prior: rows }));
  const plain = await learned("maze", "--steps", "30", "--seed", "1");
  const seeded = await learned("maze", "--steps", "30", "--seed", "1", "--prior", "prior.json");
  expect(seeded.q).not.toEqual(plain.q);
});

test("--out writes the object to a file, text goes to standard output", async () => {
  const { stdout, code } = await mdpkit(["learn", "maze", "--steps", "20000", "--out", "q.json"], { cwd: folder.path });
  expect(code).toBe(0);
  expect(stdout).toMatch(/largest error of Q over visited choices/);
  expect(JSON.parse(await readFile(folder.at("q.json"), "utf8")).steps).toBe(20_000);
});

test("interrupted: what was learned is printed, the exit code is 130", async () => {
  const interrupt = new AbortController();
  const running = mdpkit(["learn", "maze", "--steps", "1e12", "--json"], { signal: interrupt.signal });
  setTimeout(() => interrupt.abort(new DOMException("interrupted", "AbortError")), 300);
  const { code, stdout } = await running;
  expect(code).toBe(130);
  expect(JSON.parse(stdout).steps).toBeGreaterThan(0);
});
