// The report of `mdpkit solve --report`: values, policy and convergence of one solution as one HTML file.
import type { Label } from "../mdp/index.ts";
import { convergenceLine, gridPicture, methodSummary, modelFacts, renderReport, valueSection } from "../report/index.ts";
import type { Solution } from "../solvers/index.ts";
import type { LoadedModel } from "./load-model.ts";
import { packageVersion } from "./version.ts";

export function solutionReport(model: LoadedModel, solution: Solution<Label, Label>): string {
  const { mdp } = solution;
  const grid = model.builtIn?.grid;
  return renderReport({
    title: model.name,
    summary: model.builtIn?.task,
    model: { ...modelFacts(mdp, solution.discount), objective: solution.objective },
    grid: grid === undefined ? undefined : gridPicture(grid),
    methods: [methodSummary(solution)],
    value: valueSection(solution),
    convergence: { lines: [convergenceLine(solution)], target: 2 * solution.epsilon },
    provenance: { version: packageVersion(), date: today(), runtime: `Node ${process.versions.node}`, command: `mdpkit solve ${model.name}` },
  });
}

/** The local date, year first. */
export function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}
