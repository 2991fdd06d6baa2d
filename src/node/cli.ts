// The process around a run: interruption, broken pipes, the exit code.
import { EXIT } from "./exit.ts";
import { run } from "./run.ts";

/** Runs the command line of this process and ends it with the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const interrupt = new AbortController();
  process.on("SIGINT", () => {
    // The first asks the command to stop and show what there is; the second does not wait for it.
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort(new DOMException("interrupted", "AbortError"));
  });
  // A reader that went away is seen by whoever writes; without a listener it would end the process with a stack trace.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  const code = await run(argv, { signal: interrupt.signal });
  // Connections kept open to a server must not hold the process; everything written is out by now.
  process.exit(code);
}
