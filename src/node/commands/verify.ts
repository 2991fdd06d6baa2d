// mdpkit verify: the certificate of a saved result checked against its model, independently of the solver that made it.
import { verify } from "../../solvers/index.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { EXIT, type ExitCode, UsageError } from "../exit.ts";
import { plural, seconds, short } from "../format-number.ts";
import { jsonLine } from "../json-line.ts";
import { inFile, loadModel, readModelOptions } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { readBytes } from "../read-file.ts";
import { readResult } from "../result-file.ts";
import { claimOf } from "../saved-result.ts";
import { styleOf } from "../style.ts";
import { type World, writeChunks, writeText } from "../world.ts";

export const verifyCommand: CommandModule = {
  declare(command) {
    modelOptions(command.argument("<model>", MODEL_HELP))
      .argument("<result>", "what `mdpkit solve --json` printed or --out wrote, JSON or npz")
      .option("--json", "print one JSON object where the certificate holds")
      .addHelpText(
        "after",
        examples([
          ["mdpkit solve maze --json > result.json", "a result"],
          ["mdpkit verify maze result.json", "exit code 0 where the certificate holds, 1 where not"],
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
  const name = argumentOf(invocation, 1);
  const { mdp } = await loadModel(world, argumentOf(invocation, 0), settings);
  const saved = await readSaved(world, name);
  if (saved.stages !== undefined)
    throw new UsageError(`${name} is the result of a finite horizon, expected one without --horizon: its certificate is what can be checked.`);
  const { claim, faults } = claimOf(mdp, saved);
  const reasons = [...mismatches(settings, saved), ...faults];
  const started = performance.now();
  const { holds, reasons: found, gap, slack } = await verify(mdp, { ...claim, signal: world.signal });
  world.signal.throwIfAborted();
  reasons.push(...found);
  const spent = (performance.now() - started) / 1000;
  if (!holds || reasons.length > 0) {
    const shown = reasons.slice(0, 10).map((reason) => `${name}: ${reason}`);
    if (reasons.length > shown.length) shown.push(`and ${reasons.length - shown.length} more`);
    await writeText(world.stderr, `${shown.join("\n")}\n`);
    return EXIT.notConverged;
  }
  if (json) {
    await writeChunks(world.stdout, jsonLine({ holds: true, gap, slack, states: mdp.stateCount, seconds: spent }));
    return EXIT.ok;
  }
  const style = styleOf(world.stdout, world.env);
  await writeText(
    world.stdout,
    `${style.green("the certificate holds")}: ${plural(mdp.stateCount, "state")}, gap ${short(gap, 3)}, rounding slack ${short(slack, 3)}, checked in ${seconds(spent)}\n`,
  );
  return EXIT.ok;
}

async function readSaved(world: World, name: string) {
  const bytes = await readBytes(world, name);
  try {
    return readResult(bytes);
  } catch (error) {
    throw inFile(name, error);
  }
}

/** A result may be for another discount or objective than the one asked for. */
function mismatches(
  asked: { readonly discount: number | undefined; readonly objective: string | undefined },
  saved: { readonly discount: number; readonly objective: string },
): string[] {
  return [
    ...(asked.discount === undefined || asked.discount === saved.discount ? [] : [`discount is ${saved.discount}, expected ${asked.discount} as asked for`]),
    ...(asked.objective === undefined || asked.objective === saved.objective
      ? []
      : [`objective is ${saved.objective}, expected ${asked.objective} as asked for`]),
  ];
}
