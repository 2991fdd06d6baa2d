// mdpkit compare: priors beside the certified optimum, and beside the baselines that any prior should beat.
import { comparePriors, baselines as makeBaselines } from "../../llm-prior/index.ts";
import { solve } from "../../solvers/index.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { compareJson } from "../compare/compare-json.ts";
import { compareReport } from "../compare/compare-report.ts";
import { compareView } from "../compare/compare-view.ts";
import { type GivenPrior, givenPriors } from "../compare/given-priors.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { jsonLine } from "../json-line.ts";
import { askingOptions, llmOptions, readLlmOptions } from "../llm-options.ts";
import { loadDiscountedModel, readModelOptions } from "../load-model.ts";
import { collected, OptionReader } from "../options.ts";
import { Progress } from "../progress.ts";
import { styleOf } from "../style.ts";
import { pathIn, writeChunks, writeText } from "../world.ts";
import { checkWritable, writeFileAtomically } from "../write-file.ts";

/** How closely the optimum is known. */
const EXACT = 1e-9;

export const compare: CommandModule = {
  declare(command) {
    askingOptions(llmOptions(modelOptions(command.argument("<model>", MODEL_HELP))))
      .option("--prior <file>", "what `mdpkit prior --json` printed; several times to compare several models", collected)
      .option("--baselines", "with --json: the baselines too, as an object of priors and baselines")
      .option("--report <file>", "write a picture of the comparison as one .html file")
      .option("--json", "print one JSON object and nothing else")
      .option("--quiet", "print no text and no progress")
      .addHelpText(
        "after",
        examples([
          ["mdpkit prior maze --json > prior.json", "a prior"],
          ["mdpkit compare maze --prior prior.json", "agreement, mutual information, exact regret, beside baselines"],
          ["mdpkit compare maze --prior small.json --prior large.json --report compare.html", "two models side by side, to look at"],
          ["mdpkit compare taxi --llm http://127.0.0.1:8080/v1 --json", "asked now, for a script"],
        ]),
      );
  },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, world } = invocation;
  const read = new OptionReader(options);
  const [json, quiet, withBaselines, report] = [read.flag("json"), read.flag("quiet"), read.flag("baselines"), read.text("report")];
  const files = read.texts("prior");
  const llm = readLlmOptions(read);
  const settings = readModelOptions(read);
  if ((files.length === 0) === (llm.url === undefined)) {
    read.fault(
      `--prior FILE and --llm URL are ${files.length === 0 ? "both missing" : "both given"}, expected one of them.${files.length === 0 ? " Hint: `mdpkit prior MODEL --json > prior.json` makes such a file." : ""}`,
    );
  }
  if (report !== undefined && !/\.html?$/i.test(report)) read.fault(`--report is ${JSON.stringify(report)}, expected a name that ends in .html.`);
  if (withBaselines && !json) read.fault("--baselines is given without --json, expected both: the text has the baselines anyway.");
  read.done();
  if (report !== undefined) await checkWritable(pathIn(world, report));
  const model = await loadDiscountedModel(world, argumentOf(invocation, 0), settings);
  const { mdp, builtIn } = model;
  const progress = new Progress(world, quiet);
  const given = await givenPriors(world, model, files, llm, progress);
  const exact = await solve(mdp, { epsilon: EXACT, signal: world.signal, onProgress: () => progress.show("solving exactly") }).finally(() => progress.clear());
  world.signal.throwIfAborted();
  const [first] = given;
  // The contract's object is of one prior alone: baselines cost an evaluation each, so they are made where they are shown.
  const plain = json && !withBaselines && report === undefined;
  const baselines = plain || first === undefined ? [] : makeBaselines(mdp, exact, first.policy, { grid: builtIn?.grid });
  const reviews = await comparePriors(mdp, [...given.map(asEntry), ...baselines], exact, {
    signal: world.signal,
    onProgress: (done, total) => progress.bar(done / total, "the exact regret of priors and baselines"),
  }).finally(() => progress.clear());
  const result = { model, exact, given, baselines, reviews };
  if (report !== undefined) await writeFileAtomically(pathIn(world, report), compareReport(result));
  if (json) await writeChunks(world.stdout, jsonLine(compareJson(result, withBaselines)));
  else if (!quiet) await writeText(world.stdout, compareView(result, styleOf(world.stdout, world.env)));
  return exact.status === "converged" ? EXIT.ok : EXIT.notConverged;
}

function asEntry({ name, policy }: GivenPrior) {
  return { name, policies: [policy] };
}
