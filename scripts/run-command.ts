// Running another program from a check: its output is kept, a non-zero exit is an error that shows it.
import { type SpawnSyncReturns, spawnSync } from "node:child_process";

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds until it is ended. Default 300. */
  readonly seconds?: number;
}

/**
 * Runs a program to its end and returns what it wrote to standard output.
 *
 * @throws Error with everything it wrote, where it does not exit with 0.
 */
export function runCommand(program: string, args: readonly string[], options: CommandOptions): string {
  const seconds = options.seconds ?? 300;
  const result: SpawnSyncReturns<string> = spawnSync(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: seconds * 1000,
    killSignal: "SIGKILL",
  });
  if (result.error !== undefined && result.status === null && result.signal === null) throw result.error;
  if (result.status !== 0) {
    const end = result.signal === null ? `exit ${result.status}` : `ended by ${result.signal} (limit ${seconds} s)`;
    throw new Error(`${[program, ...args].join(" ")}: ${end}\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}
