// One run of the command line inside any Node program: arguments in, an exit code out, nothing of the process touched.
import { CommanderError } from "commander";
import { EXIT, type ExitCode } from "./exit.ts";
import { failureOf } from "./failure.ts";
import { runProgram } from "./program.ts";
import { processWorld, type World, writeText } from "./world.ts";

/**
 * Runs one mdpkit command.
 *
 * @param argv What follows `mdpkit` on the command line.
 * @param parts What to replace of the process's streams, environment, folder and interruption signal.
 * @returns 0 done and converged, 1 not converged, 2 bad usage or model, 3 something outside failed, 130 interrupted.
 * @example
 * const code = await run(["solve", "maze", "--json"]);
 */
export async function run(argv: readonly string[], parts: Partial<World> = {}): Promise<ExitCode> {
  const world = processWorld(parts);
  try {
    const exit = await runProgram(argv, world);
    return world.signal.aborted ? EXIT.interrupted : exit;
  } catch (error) {
    const { exit, lines } = failureOf(error, world.signal);
    for (const line of lines) await writeText(world.stderr, `${line}\n`);
    if (argv.includes("--debug") && error instanceof Error && !(error instanceof CommanderError)) await writeText(world.stderr, `${stackOf(error)}\n`);
    return exit;
  }
}

function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}
