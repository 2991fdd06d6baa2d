// The commands and their order in the help. A command's module is loaded only when it is asked for: start-up stays short.
import { Command, CommanderError } from "commander";
import { nearest } from "../mdp/labels.ts";
import type { CommandModule } from "./command.ts";
import { EXIT, type ExitCode, UsageError } from "./exit.ts";
import { packageVersion } from "./version.ts";
import { type World, writeText } from "./world.ts";

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  demo: {
    summary: "solve, learn and compare with a language model on the seed maze, in under a minute",
    load: async () => (await import("./commands/demo.ts")).demo,
  },
  solve: { summary: "solve a model exactly, with bounds that hold", load: async () => (await import("./commands/solve.ts")).solveCommand },
  learn: { summary: "learn a model from samples, and measure how far from the optimum", load: async () => (await import("./commands/learn.ts")).learn },
  prior: { summary: "ask a language model for a prior over the actions of every state", load: async () => (await import("./commands/prior.ts")).prior },
  compare: { summary: "set a prior beside the optimal policy: agreement, regret", load: async () => (await import("./commands/compare.ts")).compare },
  agent: { summary: "run the agent loop: perceive, prompt, plan, parse, execute, feed back", load: async () => (await import("./commands/agent.ts")).agent },
  verify: {
    summary: "check the certificate of a saved result, independently of the solver",
    load: async () => (await import("./commands/verify.ts")).verifyCommand,
  },
  info: { summary: "counts, memory and structure of a model", load: async () => (await import("./commands/info.ts")).info },
  check: { summary: "everything wrong with a model, and what is worth knowing", load: async () => (await import("./commands/check.ts")).check },
  convert: { summary: "write a model in another format", load: async () => (await import("./commands/convert.ts")).convert },
  mcp: {
    summary: "serve these tools to language-model agents, by the Model Context Protocol over standard input and output",
    load: async () => (await import("./commands/mcp.ts")).mcp,
  },
  doctor: { summary: "what this machine offers mdpkit, and what is missing", load: async () => (await import("./commands/doctor.ts")).doctor },
};

/**
 * Parses and runs one command line. Help and version are written to standard output.
 *
 * @throws CommanderError for bad usage, and whatever the command throws.
 */
export async function runProgram(argv: readonly string[], world: World): Promise<ExitCode> {
  refuseUnknownCommand(argv);
  const help: string[] = [];
  let exit: ExitCode = EXIT.ok;
  const program = new Command("mdpkit");
  const output = { writeOut: (text: string) => void help.push(text), writeErr: () => undefined, outputError: () => undefined };
  program
    .description("Markov decision processes: every answer certified by float64 bounds, learners beside solvers, a language model's advice measured.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help, with examples")
    .option("--debug", "print the stack trace of an error")
    .exitOverride()
    .configureOutput(output)
    .addHelpText("after", "\nStart with:\n  $ mdpkit demo\n  $ mdpkit solve frozen-lake:4x4\n  $ mdpkit COMMAND --help");
  const asked = new Set(argv.filter((argument) => !argument.startsWith("-")).slice(0, 2));
  for (const [name, entry] of Object.entries(COMMANDS)) {
    const command = program
      .command(name)
      .summary(entry.summary)
      .description(entry.summary)
      .helpOption("-h, --help", "print help, with examples")
      .exitOverride()
      .configureOutput(output);
    // "mdpkit solve ..." and "mdpkit help solve" need the options of solve alone.
    if (!asked.has(name)) continue;
    const module = await entry.load();
    module.declare(command);
    command.option("--debug", "print the stack trace of an error");
    command.action(async () => {
      exit = await module.run({ args: command.args, options: command.opts(), world });
    });
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.code === "commander.help" && error.exitCode !== 0) throw missingCommand();
    if (!isHelp(error)) throw error;
    await writeText(world.stdout, help.join(""));
  }
  return exit;
}

/** Said here and not by the parser, which would answer `mdpkit solv --help` with the help of no command. */
function refuseUnknownCommand(argv: readonly string[]): void {
  const words = argv.filter((argument) => !argument.startsWith("-"));
  const name = words[0] === "help" ? words[1] : words[0];
  if (name === undefined || name in COMMANDS || name === "help") return;
  const near = nearest(name, Object.keys(COMMANDS));
  throw new UsageError(
    `the command is ${JSON.stringify(name)}, expected one of ${Object.keys(COMMANDS).join(", ")}.`,
    near === undefined ? {} : { hint: `did you mean ${near}?` },
  );
}

/** What is said where no command is named. */
export function missingCommand(): UsageError {
  return new UsageError("the command is missing, expected one such as demo or solve.", {
    hint: "`mdpkit demo` shows a first result, `mdpkit --help` all commands.",
  });
}

function isHelp(error: unknown): boolean {
  return error instanceof Error && "exitCode" in error && error.exitCode === 0;
}
