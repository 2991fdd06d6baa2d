// What a command is to the program that runs it: its arguments and options, and the work.
import type { Command } from "commander";
import type { ExitCode } from "./exit.ts";
import type { RawOptions } from "./options.ts";
import type { World } from "./world.ts";

/** One invocation of a command, as parsed. */
export interface Invocation {
  /** The arguments; the parser has seen to it that the required ones are there. */
  readonly args: readonly string[];
  readonly options: RawOptions;
  readonly world: World;
}

export interface CommandModule {
  /** Declares arguments, options and help. */
  readonly declare: (command: Command) => void;
  /** Does the work. Throws what went wrong; nothing is on standard output then. */
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
}

/** A required argument: the parser refuses an invocation without it. */
export function argumentOf(invocation: Invocation, position: number): string {
  const argument = invocation.args[position];
  if (argument === undefined) throw new RangeError(`the command declares no argument ${position}`);
  return argument;
}

/** Examples under a command's help. */
export function examples(lines: readonly (readonly [command: string, what: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, what]) => `  $ ${command.padEnd(width)}  # ${what}`).join("\n")}`;
}

/** What MODEL can be, for every help that has one. */
export const MODEL_HELP =
  "a model file (mdpkit JSON, Gymnasium table JSON, npz), or a built-in such as maze, grid:30x30,slip=0.2, frozen-lake:4x4, taxi, gambler:p=0.4 (all of them: mdpkit info --help)";

/** The options every command with a MODEL has. */
export function modelOptions(command: Command): Command {
  return command
    .option("--discount <number>", "the discount, 0 to 1; needed where the model carries none")
    .option("--objective <word>", "maximize or minimize")
    .option("--format <word>", "read the file as mdpkit, gymnasium or npz, whatever its name")
    .option("--normalize", "divide each row of a file by its sum, for counts");
}
