// Step 2 of the demo: the maze solved by value iteration, policy iteration and the automatic choice, each with its proof.
import type { Label } from "../../mdp/index.ts";
import { policyIteration, type Solution, solve, valueIteration } from "../../solvers/index.ts";
import { plural, seconds, short, textTable } from "../format-number.ts";
import { gridView, indented } from "../grid-view.ts";
import { type Demo, headline } from "./context.ts";

/** The accuracy asked for: far below what four decimals show. */
const EPSILON = 1e-9;

export interface ThreeSolutions {
  readonly byValue: Solution<Label, Label>;
  readonly byPolicy: Solution<Label, Label>;
  /** The automatic choice: what the rest of the demo calls exact. */
  readonly best: Solution<Label, Label>;
}

export async function solveThreeWays(demo: Demo): Promise<ThreeSolutions> {
  const { mdp, builtIn } = demo.model;
  const options = { epsilon: EPSILON, signal: demo.world.signal };
  const byValue = await valueIteration(mdp, options);
  const byPolicy = await policyIteration(mdp, options);
  const best = await solve(mdp, options);
  demo.world.signal.throwIfAborted();
  await headline(demo, 2, `Solved exactly, three ways, to within ${short(EPSILON)}, rounding included`);
  const start = mdp.initial?.state[0] ?? 0;
  const row = (name: string, solution: Solution<Label, Label>) => [
    `   ${name}`,
    solution.status,
    plural(solution.sweeps, "sweep"),
    short(solution.residual, 3),
    short(solution.gap, 3),
    short(solution.value.array[start]!),
    seconds(solution.seconds),
  ];
  await demo.print(
    textTable(
      [
        ["   method", "status", "sweeps", "residual", "gap", "V(start)", "time"],
        row("value iteration", byValue),
        row("policy iteration", byPolicy),
        row(`automatic: ${best.method}`, best),
      ],
      [false, false, true, true, true, false, true],
    ),
  );
  const grid = gridView(builtIn, best.value.array, best.policy);
  if (grid !== undefined) await demo.print(`\n${indented(grid, "   ")}`);
  return { byValue, byPolicy, best };
}
