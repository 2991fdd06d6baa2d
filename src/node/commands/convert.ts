// mdpkit convert: a model written in another format.
import { formatOfName, MODEL_FORMATS, type ModelFormat, modelPieces } from "../../formats/index.ts";
import type { Label, Mdp } from "../../mdp/index.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { plural } from "../format-number.ts";
import { loadModel, readModelOptions } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { styleOf } from "../style.ts";
import { pathIn, writeText } from "../world.ts";
import { checkWritable, writeFileAtomically } from "../write-file.ts";

const FORMATS: readonly ModelFormat[] = ["mdpkit", "gymnasium", "npz"];

export const convert: CommandModule = {
  declare(command) {
    modelOptions(command.argument("<in>", MODEL_HELP))
      .argument("<out>", "the file to write: .npz, .gym.json for a Gymnasium table, any other .json for mdpkit JSON")
      .option("--to <word>", `the format to write, whatever the name: ${FORMATS.join(", ")}`)
      .option("--quiet", "print nothing")
      .addHelpText(
        "after",
        examples([
          ["mdpkit convert model.json model.npz", "for scipy"],
          ["mdpkit convert frozen-lake:8x8 lake.gym.json", "a built-in as Gymnasium's table"],
          ["mdpkit convert table.json model.json --format gymnasium --discount 0.99", "a table with its discount"],
        ]),
      );
  },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, world } = invocation;
  const read = new OptionReader(options);
  const quiet = read.flag("quiet");
  const settings = readModelOptions(read);
  const out = argumentOf(invocation, 1);
  const to = read.oneOf("to", FORMATS) ?? formatOfName(out);
  if (to === undefined && typeof options.to !== "string")
    read.fault(`OUT is ${JSON.stringify(out)}, expected a name that ends in .npz or .json. Hint: or pass --to ${FORMATS.join("|")}.`);
  read.done();
  if (to === undefined) return EXIT.usage;
  await checkWritable(pathIn(world, out));
  const { mdp, name } = await loadModel(world, argumentOf(invocation, 0), settings);
  await writeFileAtomically(pathIn(world, out), modelPieces(mdp, to));
  if (!quiet) {
    const style = styleOf(world.stdout, world.env);
    const note = losses(mdp, to)
      .map((line) => `\n${style.dim(`  ${line}`)}`)
      .join("");
    await writeText(
      world.stdout,
      `${name} -> ${out}, ${MODEL_FORMATS[to]}: ${plural(mdp.stateCount, "state")}, ${plural(mdp.choiceCount, "choice")}, ${plural(mdp.branchCount, "branch", "branches")}${note}\n`,
    );
  }
  return EXIT.ok;
}

/** What the format says in other words, or not at all. */
function losses({ states, actions, storage, discount, objective, initial }: Mdp<Label, Label>, to: ModelFormat): string[] {
  if (to === "gymnasium") {
    return [
      ...(states.isRange && actions.isRange ? [] : ["labels are now indices"]),
      ...(discount === undefined ? [] : ["the discount is left out"]),
      ...(initial === undefined ? [] : ["the initial state is left out"]),
      ...(objective === "maximize" ? [] : ["the objective, minimize, is left out"]),
    ];
  }
  return [
    ...(storage.arrival === undefined ? [] : ["branches that end an episode now enter a terminal state of their own"]),
    ...(to === "mdpkit" || storage.branchReward === undefined ? [] : ["rewards of successors are now their expectation"]),
  ];
}
