// A maze of one's own, solved and drawn: as text, and as an SVG file.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderGridSvg, renderPolicyText, renderValuesText, solve } from "mdpkit";
import { maze } from "mdpkit/envs";

const spiral = maze(["S000000", "1111110", "0000010", "0111010", "0100G10", "0111110", "0000000"].join("/"));
const best = await solve(spiral.mdp);

if (spiral.grid === undefined) throw new Error("a maze has a grid");
console.log(spiral.render(0));
console.log();
console.log(renderPolicyText(spiral.grid, best.policy.toActions()));
console.log();
console.log(renderValuesText(spiral.grid, best.value.array, { digits: 2 }));

const picture = join(tmpdir(), "mdpkit-maze.svg");
writeFileSync(picture, renderGridSvg(spiral.grid, { values: best.value.array, actions: best.policy.toActions() }));
console.log(
  `\nwrote ${picture}; the start is worth ${best.value.at(0).toFixed(4)}, ${Math.round(1 + Math.log(best.value.at(0)) / Math.log(0.99))} moves from the goal`,
);
