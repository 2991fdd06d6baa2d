// Random mazes for examples, validation and measurements: other names draw other mazes.
import { type BuiltIn, maze } from "../src/envs/index.ts";
import { decisionStates } from "../src/llm-prior/index.ts";
import { Rng } from "../src/numeric/index.ts";
import { solve } from "../src/solvers/index.ts";

/** A square maze with three walls in ten cells, start and goal anywhere, nearly all open cells within reach. */
export function randomMaze(name: string, side: number): BuiltIn {
  const rng = new Rng(name);
  for (;;) {
    const cells = Array.from({ length: side * side }, (): string => (rng.chance(0.3) ? "1" : "0"));
    const open = cells.flatMap((cell, i) => (cell === "0" ? [i] : []));
    const [start, goal] = [open[rng.below(open.length)], open[rng.below(open.length)]];
    if (start === undefined || goal === undefined || start === goal) continue;
    cells[start] = "S";
    cells[goal] = "G";
    const drawn = maze(Array.from({ length: side }, (_, r) => cells.slice(r * side, (r + 1) * side).join("")).join("/"));
    if (decisionStates(drawn.mdp).length >= 0.9 * (open.length - 1)) return drawn;
  }
}

/** The first such maze whose goal can be reached: one in some is walled in. */
export async function solvableMaze(name: string, side: number): Promise<BuiltIn> {
  for (let draw = 0; ; draw++) {
    const drawn = randomMaze(draw === 0 ? name : `${name}, draw ${draw}`, side);
    const { value } = await solve(drawn.mdp);
    if (value.array[drawn.mdp.initial?.state[0] ?? 0]! > 0) return drawn;
  }
}
