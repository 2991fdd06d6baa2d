// The report of `mdpkit agent --report`: one run, step by step, as one HTML file.
import type { AgentResult } from "../agent/index.ts";
import type { Label } from "../mdp/index.ts";
import { agentSection, gridPicture, modelFacts, renderReport } from "../report/index.ts";
import type { LoadedModel } from "./load-model.ts";
import { today } from "./solution-report.ts";
import { packageVersion } from "./version.ts";

export function agentReport(model: LoadedModel, result: AgentResult<Label, Label>, args: readonly string[]): string {
  const grid = model.builtIn?.grid;
  return renderReport({
    title: `${model.name}: an agent's run`,
    summary: model.builtIn?.task,
    model: modelFacts(model.mdp),
    grid: grid === undefined ? undefined : gridPicture(grid),
    agent: agentSection(result),
    provenance: {
      version: packageVersion(),
      date: today(),
      runtime: `Node ${process.versions.node}`,
      command: ["mdpkit agent", ...args].join(" "),
      seed: result.trace.header.seed,
    },
  });
}
