// From an error to what the user sees of it: an exit code and at most ten lines, and the stack trace only on demand.
import { CommanderError } from "commander";
import { BackendError, formatIssue, InvalidModelError, MdpkitError, NotConvergedError, PriorError } from "../errors.ts";
import { EXIT, type ExitCode, OutsideError } from "./exit.ts";

export interface Failure {
  readonly exit: ExitCode;
  /** One line a fault. */
  readonly lines: readonly string[];
}

/** The most lines written for one error. */
const MOST_LINES = 10;

/** What an error means to the user of the command line. */
export function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted && (error === signal.reason || isAbort(error))) return { exit: EXIT.interrupted, lines: ["interrupted"] };
  if (error instanceof CommanderError) return { exit: error.exitCode === 0 ? EXIT.ok : EXIT.usage, lines: [usageLine(error)] };
  if (error instanceof InvalidModelError) return { exit: EXIT.usage, lines: issueLines(error) };
  if (error instanceof MdpkitError) return { exit: exitOf(error), lines: limited(error.message.split("\n")) };
  if (isSystemError(error)) return { exit: EXIT.outside, lines: [systemLine(error)] };
  if (error instanceof RangeError && /allocation|array length|string longer|invalid array buffer/i.test(error.message)) {
    return {
      exit: EXIT.outside,
      lines: [
        `memory is not enough (${error.message}), expected room for the whole model. Hint: raise it with NODE_OPTIONS=--max-old-space-size=8192, or make the model smaller.`,
      ],
    };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { exit: EXIT.outside, lines: [`mdpkit failed in a way it should not: ${oneLine(message)}. Hint: run again with --debug and report the stack trace.`] };
}

function exitOf(error: MdpkitError): ExitCode {
  if (error instanceof NotConvergedError) return EXIT.notConverged;
  if (error instanceof BackendError || error instanceof PriorError || error instanceof OutsideError) return EXIT.outside;
  return EXIT.usage;
}

/** Every issue a line of its own, also where a label holds a line break. */
export function issueLines(error: InvalidModelError): string[] {
  const lines = error.issues.slice(0, MOST_LINES).map((issue) => oneLine(formatIssue(issue)));
  if (error.total > lines.length) lines.push(`and ${error.total - lines.length} more`);
  return lines;
}

function limited(lines: readonly string[]): string[] {
  const last = lines.at(-1) ?? "";
  if (lines.length <= MOST_LINES || (lines.length === MOST_LINES + 1 && /^and \d+ more$/.test(last))) return [...lines];
  return [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more`];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ");
}

/** Commander's words in the form of ours: what is wrong, then a hint. */
function usageLine(error: CommanderError): string {
  const text = error.message.replace(/^error: /, "");
  const suggestion = /\n?\(Did you mean (?:one of )?([^?]+)\?\)/.exec(text);
  const said = oneLine(suggestion === null ? text : text.slice(0, suggestion.index));
  const hint = suggestion === null ? "mdpkit COMMAND --help lists commands, options and examples." : `did you mean ${suggestion[1]}?`;
  return `${said.endsWith(".") ? said : `${said}.`} Hint: ${hint}`;
}

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

/** An error of the operating system, as Node's fs and net throw them. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error;
}

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EPERM: "the operation is not permitted",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its symbolic links run in a circle",
  EFBIG: "the file would be too large",
};

/** The reason of a system error in words. */
export function systemReason(error: SystemError): string {
  return `${SYSTEM_WORDS[error.code] ?? oneLine(error.message)} (${error.code})`;
}

function systemLine(error: SystemError): string {
  return `${error.path ?? "the operating system"} failed: ${systemReason(error)}.`;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
