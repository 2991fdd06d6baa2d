// mdpkit info: counts, memory and structure of a model.
import { builtInHelp } from "../../envs/index.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { bytes, count, plural, seconds, short, textTable } from "../format-number.ts";
import { indented } from "../grid-view.ts";
import { jsonLine } from "../json-line.ts";
import { type LoadedModel, loadModel, readModelOptions } from "../load-model.ts";
import { modelFacts, type Spread } from "../model-facts.ts";
import { OptionReader } from "../options.ts";
import { styleOf } from "../style.ts";
import { writeChunks, writeText } from "../world.ts";

export const info: CommandModule = {
  declare(command) {
    modelOptions(command.argument("<model>", MODEL_HELP))
      .option("--json", "print one JSON object")
      .addHelpText("after", `\nBuilt-in models:\n${indented(builtInHelp())}`)
      .addHelpText(
        "after",
        examples([
          ["mdpkit info taxi", "a built-in"],
          ["mdpkit info model.npz --json", "a file, for a script"],
        ]),
      );
  },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, world } = invocation;
  const read = new OptionReader(options);
  const json = read.flag("json");
  const settings = readModelOptions(read);
  read.done();
  const model = await loadModel(world, argumentOf(invocation, 0), settings);
  const facts = modelFacts(model.mdp);
  if (json) {
    const { mdp } = model;
    await writeChunks(
      world.stdout,
      jsonLine({
        name: model.name,
        format: model.format,
        objective: mdp.objective,
        discount: mdp.discount ?? null,
        seconds: { load: model.seconds },
        ...facts,
        reachable: facts.reachable ?? null,
      }),
    );
    return EXIT.ok;
  }
  const style = styleOf(world.stdout, world.env);
  await writeText(world.stdout, `${style.bold(model.name)}\n${describe(model, facts)}\n`);
  return EXIT.ok;
}

function describe(model: LoadedModel, facts: ReturnType<typeof modelFacts>): string {
  const { mdp } = model;
  const shared = facts.storedBranches < facts.branches ? `, ${count(facts.storedBranches)} stored: equal rows are shared` : "";
  return textTable([
    ["  kind", `${model.format}, loaded in ${seconds(model.seconds)}, ${bytes(facts.bytes)} in memory`],
    ["  objective", `${mdp.objective}, discount ${mdp.discount ?? "not given"}`],
    ["  states", `${count(facts.states)}, ${count(facts.terminal)} of them terminal`],
    ["  reachable", facts.reachable === undefined ? "unknown: the model names no initial state" : `${plural(facts.reachable, "state")} from the initial one`],
    ["  actions", `${count(facts.actions)}, feasible in a state that is not terminal: ${spread(facts.feasibleActions)}`],
    ["  choices", `${count(facts.choices)}; ${count(facts.selfLoops)} may stay in their state, ${count(facts.blocked)} surely do`],
    [
      "  branches",
      `${count(facts.branches)}${shared}; of one choice: ${spread(facts.branchesPerChoice)}${facts.endingBranches > 0 ? `; ${count(facts.endingBranches)} end the episode` : ""}`,
    ],
    ["  row sums", facts.choices === 0 ? "none" : `${facts.rowSums.min} to ${facts.rowSums.max}`],
    ["  rewards", facts.choices === 0 ? "none" : `${short(facts.rewards.min)} to ${short(facts.rewards.max)}, expected, of one choice`],
  ]);
}

function spread({ min, mean, max }: Spread): string {
  return min === max ? count(min) : `${count(min)} to ${count(max)}, ${short(mean, 3)} on average`;
}
