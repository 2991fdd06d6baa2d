// The problems of the suite that are made here: valid models with what their description promises.
import { expect, test } from "vitest";
import { layered } from "../../../bench/problems/layered.ts";
import { queueing } from "../../../bench/problems/queueing.ts";
import { replacement } from "../../../bench/problems/replacement.ts";
import { slowChain } from "../../../bench/problems/slow-chain.ts";
import { chosenProblems, problems } from "../../../bench/problems.ts";
import { checkMdp } from "../../../src/mdp/index.ts";
import { solve } from "../../../src/solvers/index.ts";

test("every name is used once, and words choose by name and family", () => {
  expect(new Set(problems.map(({ name }) => name)).size).toBe(problems.length);
  expect(chosenProblems(["maze"], false).map(({ name }) => name)).toEqual(["maze-1000"]);
  expect(chosenProblems(["garnet"], false).every((p) => p.large !== true)).toBe(true);
  expect(chosenProblems([], true)).toHaveLength(problems.length);
});

test.each([
  ["queueing", () => queueing(5, 0.99)],
  ["replacement", () => replacement(20, 0.99)],
  ["slow chain", () => slowChain(20, 0.999)],
  ["layered", () => layered(4, 12, 3, 3, 0.99)],
])("%s is a valid model", async (_, make) => {
  const mdp = make();
  expect(checkMdp(mdp).total).toBe(0);
  expect((await solve(mdp)).status).toBe("converged");
});

test("a full queue takes no job", () => {
  const mdp = queueing(2, 0.9);
  expect(mdp.feasibleActions(8)).toEqual(["refuse"]);
  expect(mdp.feasibleActions(6)).toEqual(["refuse", "second"]);
});

test("layers lead one into the next, and the last ends", () => {
  const mdp = layered(3, 10, 2, 3, 0.99);
  for (let s = 0; s < 20; s++) for (const { next } of mdp.branches(s, 1)) expect(Math.floor(Number(next) / 10)).toBe(Math.floor(s / 10) + 1);
  expect(mdp.isTerminal(29)).toBe(true);
});
