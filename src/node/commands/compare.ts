// mdpkit compare: a prior beside the certified optimum.

import { type Comparison, compareToOptimal } from "../../llm-prior/index.ts";
import type { Label } from "../../mdp/index.ts";
import type { Policy } from "../../policies/index.ts";
import { solve } from "../../solvers/index.ts";
import { askPrior } from "../ask-prior.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { plural, short, textTable } from "../format-number.ts";
import { gridView, indented } from "../grid-view.ts";
import { jsonLine } from "../json-line.ts";
import { askingOptions, llmOptions, readLlmOptions } from "../llm-options.ts";
import { loadDiscountedModel, readModelOptions } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { readPriorFile } from "../prior-file.ts";
import { Progress } from "../progress.ts";
import { styleOf } from "../style.ts";
import { writeChunks, writeText } from "../world.ts";

/** How closely the optimum is known. */
const EXACT = 1e-9;

export const compare: CommandModule = {
  declare(command) {
    askingOptions(llmOptions(modelOptions(command.argument("<model>", MODEL_HELP)).option("--prior <file>", "what `mdpkit prior --json` printed")))
      .option("--json", "print one JSON object and nothing else")
      .option("--quiet", "no progress")
      .addHelpText(
        "after",
        examples([
          ["mdpkit prior maze --json > prior.json", "a prior"],
          ["mdpkit compare maze --prior prior.json", "agreement, mutual information, exact regret"],
          ["mdpkit compare taxi --llm http://127.0.0.1:8080/v1 --json", "asked now, for a script"],
        ]),
      );
  },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, world } = invocation;
  const read = new OptionReader(options);
  const json = read.flag("json");
  const quiet = read.flag("quiet");
  const file = read.text("prior");
  const llm = readLlmOptions(read);
  const settings = readModelOptions(read);
  if ((file === undefined) === (llm.url === undefined)) {
    read.fault(
      `--prior FILE and --llm URL are ${file === undefined ? "both missing" : "both given"}, expected one of them.${file === undefined ? " Hint: `mdpkit prior MODEL --json > prior.json` makes such a file." : ""}`,
    );
  }
  read.done();
  const model = await loadDiscountedModel(world, argumentOf(invocation, 0), settings);
  const progress = new Progress(world, quiet);
  let policy: Policy<Label, Label>;
  let source: string;
  if (file !== undefined) {
    const prior = await readPriorFile(world, file, model.mdp);
    policy = prior.policy;
    source = file;
  } else {
    const prior = await askPrior(world, model, llm, { progress });
    policy = prior.policy;
    source = prior.provenance;
  }
  const exact = await solve(model.mdp, { epsilon: EXACT, signal: world.signal, onProgress: () => progress.show("solving exactly") }).finally(() =>
    progress.clear(),
  );
  world.signal.throwIfAborted();
  const comparison = await compareToOptimal(model.mdp, policy, exact, { signal: world.signal });
  const { agreement, massOnOptimal, mutualInformation, logLoss, regret } = comparison;
  if (json) {
    await writeChunks(
      world.stdout,
      jsonLine({ agreement, massOnOptimal, mutualInformation, logLoss, regret: { mean: regret.mean, max: regret.max, perState: regret.perState } }),
    );
  } else {
    const style = styleOf(world.stdout, world.env);
    const grid = gridView(model.builtIn, exact.value.array, exact.policy);
    await writeText(
      world.stdout,
      `${style.bold(model.name)}: ${source}\n${comparisonView(comparison)}\n${grid === undefined ? "" : `\noptimal value and policy\n${indented(grid)}\n`}`,
    );
  }
  return exact.status === "converged" ? EXIT.ok : EXIT.notConverged;
}

/** The measures as a table, each with its unit. */
export function comparisonView({ states, agreement, massOnOptimal, mutualInformation, logLoss, regret }: Comparison): string {
  return textTable([
    ["  states compared", `${plural(states.length, "state")}, not terminal and reachable from the initial one`],
    ["  agreement", `${short(100 * agreement, 3)}% of states have an optimal action on top`],
    ["  probability on optimal actions", short(massOnOptimal, 4)],
    ["  mutual information", `${short(mutualInformation, 4)} nats between state and action (0: the same advice everywhere)`],
    ["  log loss", `${short(logLoss, 4)} nats`],
    ["  regret of following it", `${short(regret.mean, 4)} on average, ${short(regret.max, 4)} at most`],
  ]);
}
