// Every error mdpkit throws: one subclass a cause, each message saying where, got, expected, hint.

/** What an error knows besides its message. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface MdpkitErrorOptions {
  readonly details?: ErrorDetails;
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The base of every error thrown on purpose.
 *
 * @example
 * try { defineMdp(spec) } catch (error) { if (error instanceof MdpkitError) console.error(error.code, error.message) }
 */
export class MdpkitError extends Error {
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, options: MdpkitErrorOptions = {}) {
    super(options.hint === undefined ? message : `${message} Hint: ${options.hint}`, "cause" in options ? { cause: options.cause } : {});
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** One thing wrong with a model: `where got, expected expected. Hint: hint`. */
export interface ModelIssue {
  /** The place, naming states and actions: `transition("low","search")`. */
  readonly where: string;
  /** What was found there: `sums to 0.9`. */
  readonly got: string;
  /** What should be there: `1 within 1e-9`. */
  readonly expected: string;
  readonly hint?: string;
}

/** One line for one issue. */
export function formatIssue(issue: ModelIssue): string {
  const hint = issue.hint === undefined ? "" : ` Hint: ${issue.hint}`;
  return `${issue.where} ${issue.got}, expected ${issue.expected}.${hint}`;
}

/** At most `limit` lines, then `and N more`. */
export function formatIssues(issues: readonly ModelIssue[], total: number = issues.length, limit = 10): string {
  const lines = issues.slice(0, limit).map(formatIssue);
  if (total > lines.length) lines.push(`and ${total - lines.length} more`);
  return lines.join("\n");
}

/** The model is not a Markov decision process; `issues` lists what is wrong (the first 1,000; `total` counts all). */
export class InvalidModelError extends MdpkitError {
  readonly issues: readonly ModelIssue[];
  readonly total: number;

  constructor(issues: readonly ModelIssue[], total: number = issues.length) {
    super("invalid-model", formatIssues(issues, total), { details: { issues, total } });
    this.issues = issues;
    this.total = total;
  }
}

/** A state or action label that the model does not have. */
export class UnknownLabelError extends MdpkitError {
  constructor(message: string, options?: MdpkitErrorOptions) {
    super("unknown-label", message, options);
  }
}

/** An array whose length or nesting does not fit the model. */
export class ShapeError extends MdpkitError {
  constructor(message: string, options?: MdpkitErrorOptions) {
    super("shape", message, options);
  }
}

/** Bytes or text that do not follow their format; the message says at which line and column, or byte. */
export class FormatError extends MdpkitError {
  constructor(message: string, options?: MdpkitErrorOptions) {
    super("format", message, options);
  }
}

/** A valid model that the method asked for cannot treat; the message names the states. */
export class UnsupportedModelError extends MdpkitError {
  constructor(message: string, options?: MdpkitErrorOptions) {
    super("unsupported-model", message, options);
  }
}

/** Thrown by `assertConverged` alone: solvers themselves return a status. */
export class NotConvergedError extends MdpkitError {
  constructor(message: string, options?: MdpkitErrorOptions) {
    super("not-converged", message, options);
  }
}

/** An environment used against its protocol, such as `step` before `reset`. */
export class EnvProtocolError extends MdpkitError {
  constructor(message: string, options?: MdpkitErrorOptions) {
    super("env-protocol", message, options);
  }
}

/** A device, kernel or runtime feature that is missing or failed. */
export class BackendError extends MdpkitError {
  constructor(message: string, options?: MdpkitErrorOptions) {
    super("backend", message, options);
  }
}

/** A prior that could not be had or does not fit: server, answer, recording. */
export class PriorError extends MdpkitError {
  constructor(message: string, options?: MdpkitErrorOptions) {
    super("prior", message, options);
  }
}

/** An option outside its range: where, got, expected. */
export class OptionError extends MdpkitError {
  constructor(where: string, got: unknown, expected: string, hint?: string) {
    super("option", `${where} is ${describeValue(got)}, expected ${expected}.`, hint === undefined ? {} : { hint });
  }
}

/** A short rendering of any value for a message. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const name = value.constructor?.name ?? "value";
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}
