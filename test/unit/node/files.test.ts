// What Node programs import: model and result files by path.
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recyclingRobot } from "../../../src/envs/index.ts";
import { loadSolution, readModelFile, saveSolution, writeModelFile } from "../../../src/node/index.ts";
import { solve, verify } from "../../../src/solvers/index.ts";
import { temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test.each(["robot.json", "robot.npz", "robot.gym.json"])("a model goes into %s and comes back", async (name) => {
  const { mdp } = recyclingRobot();
  await writeModelFile(folder.at(name), mdp);
  const again = await readModelFile(folder.at(name), { discount: 0.9 });
  expect((await solve(again)).value.array[0]).toBeCloseTo(2500 / 59, 5);
});

test.each(["best.json", "best.npz"])("a solution goes into %s and comes back", async (name) => {
  const { mdp } = recyclingRobot();
  const best = await solve(mdp, { epsilon: 1e-9 });
  await saveSolution(folder.at(name), best);
  const saved = await loadSolution(folder.at(name));
  expect(saved.value).toEqual(best.value.array);
  expect(saved.policy).toEqual(["search", "recharge"]);
  const { value, lower, upper, discount } = saved;
  expect((await verify(mdp, { value, lower, upper, discount })).holds).toBe(true);
});

test("q is left out where asked", async () => {
  const best = await solve(recyclingRobot().mdp);
  await saveSolution(folder.at("small.json"), best, { q: false });
  expect(JSON.parse(await readFile(folder.at("small.json"), "utf8"))).not.toHaveProperty("q");
});

test("names that tell no format", async () => {
  const { mdp } = recyclingRobot();
  await expect(writeModelFile(folder.at("robot.xml"), mdp)).rejects.toThrow(/tells no model format/);
  await expect(saveSolution(folder.at("best.csv"), await solve(mdp))).rejects.toThrow(/tells no result format/);
  await expect(readModelFile(folder.at("missing.json"))).rejects.toThrow(/ENOENT/);
  expect(await folder.files()).toEqual([]);
});
