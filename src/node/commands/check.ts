// mdpkit check: everything wrong with a model, or that nothing is, and what is worth knowing about it.
import { formatIssue, InvalidModelError } from "../../errors.ts";
import { checkMdp } from "../../mdp/index.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { count, plural } from "../format-number.ts";
import { jsonLine } from "../json-line.ts";
import { loadModel, readModelOptions } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { styleOf } from "../style.ts";
import { writeChunks, writeText } from "../world.ts";

/** Warnings shown without --all; issues are cut at ten by the contract of every command. */
const SHOWN = 10;

export const check: CommandModule = {
  declare(command) {
    modelOptions(command.argument("<model>", MODEL_HELP))
      .option("--all", "print every issue and warning, not the first ten")
      .option("--json", "print one JSON object where the model is valid")
      .addHelpText(
        "after",
        examples([
          ["mdpkit check model.json", "exit code 0 where the model is valid, 2 where not"],
          ["mdpkit check model.json --all", "every issue, not the first ten"],
        ]),
      );
  },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, world } = invocation;
  const read = new OptionReader(options);
  const json = read.flag("json");
  const all = read.flag("all");
  const settings = readModelOptions(read);
  read.done();
  const name = argumentOf(invocation, 0);
  let model: Awaited<ReturnType<typeof loadModel>>;
  try {
    model = await loadModel(world, name, settings);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!all || !(cause instanceof InvalidModelError)) throw error;
    for (const issue of cause.issues) await writeText(world.stderr, `${name}: ${formatIssue(issue)}\n`);
    if (cause.total > cause.issues.length) await writeText(world.stderr, `and ${cause.total - cause.issues.length} more\n`);
    return EXIT.usage;
  }
  const { mdp } = model;
  const { warnings, total } = checkMdp(mdp);
  if (json) {
    await writeChunks(
      world.stdout,
      jsonLine({ valid: true, states: mdp.stateCount, choices: mdp.choiceCount, branches: mdp.branchCount, warnings, warningCount: total }),
    );
    return EXIT.ok;
  }
  const style = styleOf(world.stdout, world.env);
  const shown = warnings.slice(0, all ? warnings.length : SHOWN).map((warning) => `${style.yellow("warning")} ${formatIssue(warning)}`);
  if (total > shown.length) shown.push(`and ${count(total - shown.length)} more warnings`);
  const verdict = `${style.green("valid")}: ${plural(mdp.stateCount, "state")}, ${plural(mdp.choiceCount, "choice")}, ${plural(mdp.branchCount, "branch", "branches")}${mdp.discount === undefined ? ", no discount" : `, discount ${mdp.discount}`}`;
  await writeText(world.stdout, `${[verdict, ...shown].join("\n")}\n`);
  return EXIT.ok;
}
