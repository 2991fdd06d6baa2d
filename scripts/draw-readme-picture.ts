// Draws docs/maze.svg, the README's picture: exact values and policy of a maze with slippery floors.
import { mkdirSync, writeFileSync } from "node:fs";
import { makeBuiltIn, renderGridSvg } from "../src/envs/index.ts";
import { assertConverged, solve } from "../src/solvers/index.ts";

const { mdp, grid } = makeBuiltIn("grid:10x20,slip=0.2,walls=0.2,seed=3");
if (grid === undefined) throw new Error("the built-in grid has no layout");
const best = await solve(mdp);
assertConverged(best);
mkdirSync("docs", { recursive: true });
const svg = renderGridSvg(grid, {
  values: best.value.array,
  actions: best.policy.toActions(),
  digits: 0,
  title: "Expected cost to the goal from every cell, and the optimal moves",
});
writeFileSync("docs/maze.svg", svg);
