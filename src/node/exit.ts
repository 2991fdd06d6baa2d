// The exit codes of the command line, and the two errors that carry one.
import { MdpkitError, type MdpkitErrorOptions } from "../errors.ts";

export const EXIT = {
  /** Solved to the accuracy asked for; a certificate that holds. */
  ok: 0,
  /** Not converged, or a certificate that does not hold; the result is still printed. */
  notConverged: 1,
  /** Bad usage or a bad model. */
  usage: 2,
  /** Something outside failed: a server, a device asked for, the file system. */
  outside: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Bad usage or bad input: one line a fault, exit code 2. */
export class UsageError extends MdpkitError {
  constructor(lines: string | readonly string[], options?: MdpkitErrorOptions) {
    super("usage", typeof lines === "string" ? lines : lines.join("\n"), options);
  }
}

/** Something outside mdpkit failed, such as the file system: exit code 3. */
export class OutsideError extends MdpkitError {
  constructor(message: string, options?: MdpkitErrorOptions) {
    super("outside", message, options);
  }
}
