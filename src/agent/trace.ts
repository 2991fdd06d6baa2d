// The trace: everything that happened in a run as plain JSON, one line a record.
import { FormatError } from "../errors.ts";
import type { BudgetStatus, Spending } from "./budget.ts";
import type { StepExplanation } from "./explain-step.ts";
import type { ShieldDecision } from "./shield.ts";

/**
 * How a run ended. `terminated`, `truncated`: the episode did. `no-safe-action`: the shield blocks every action.
 * `aborted`: the signal. The others name the budget that was met.
 */
export type AgentStatus = "terminated" | "truncated" | "no-safe-action" | "aborted" | BudgetStatus;

/** Why the action taken is not the one the planner named. */
export type Replacement = "unparsable" | "shield";

/** One question to the planner and what became of its answer. */
export interface TraceCall {
  readonly prompt: string;
  /** The raw text, where the planner answers text. */
  readonly answer?: string;
  /** Log-probabilities in the order of `actions`, where it answers those; null is minus infinity. */
  readonly scores?: readonly (number | null)[];
  /** What the answer was taken for. */
  readonly outcome: "action" | "unparsable" | "tool" | "tool-error";
  /** What the tool said. */
  readonly result?: string;
}

/** One step. States and actions as indices and as text. */
export interface TraceStep {
  readonly step: number;
  readonly state: number;
  readonly stateName: string;
  readonly observation: string;
  /** The feasible actions as text, in choice order. */
  readonly actions: readonly string[];
  readonly calls: readonly TraceCall[];
  /** The last raw answer. */
  readonly answer?: string;
  /** The action the answer was parsed as; null where it was none. */
  readonly parsed: string | null;
  /** Set where the action taken is not the parsed one. */
  readonly replaced?: Replacement;
  /** What the shield decided against, if it did. */
  readonly shield?: ShieldDecision;
  /** Why this action, by the exact solution; where `runAgent` was told to explain, or `explainTrace` has. */
  readonly explanation?: StepExplanation;
  /** The action taken, as text and index. */
  readonly action: string;
  readonly actionIndex: number;
  readonly reward: number;
  readonly next: number;
  readonly nextName: string;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly feedback: string;
}

export interface TraceHeader {
  readonly format: "mdpkit-trace";
  readonly version: 1;
  readonly planner: string;
  readonly shield?: string;
  /** The seed the environment was reset with, if any. */
  readonly seed?: string | number;
  /** The state index the episode started in. */
  readonly start: number;
}

/** A step that was begun and not taken: what was said and what the shield did when the run ended. */
export interface UnfinishedStep {
  readonly state: number;
  readonly observation: string;
  readonly calls: readonly TraceCall[];
  readonly shield?: ShieldDecision;
}

export interface TraceEnd {
  readonly status: AgentStatus;
  readonly totalReward: number;
  readonly spent: Spending;
  /** Answers that were no action, fallbacks after too many of them, and blocked actions. */
  readonly unparsable: number;
  readonly fallbacks: number;
  readonly blocked: number;
  readonly unfinished?: UnfinishedStep;
}

/** A whole run. */
export interface Trace {
  readonly header: TraceHeader;
  readonly steps: readonly TraceStep[];
  readonly end: TraceEnd;
}

/**
 * A trace as JSON lines: the header, a line a step, the end.
 *
 * @example
 * const lines = writeTrace(result.trace); // append to a file, then readTrace(text) brings it back
 */
export function writeTrace(trace: Trace): string {
  return [trace.header, ...trace.steps, trace.end].map((record) => `${JSON.stringify(record)}\n`).join("");
}

/**
 * Reads what `writeTrace` wrote.
 *
 * @throws FormatError naming the line.
 */
export function readTrace(text: string): Trace {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  const records = lines.map(readRecord);
  const [header, end] = [records[0], records.at(-1)];
  if (!isHeader(header)) throw new FormatError('line 1 is not the header of a trace, expected {"format":"mdpkit-trace","version":1,...}.');
  if (records.length < 2 || !isEnd(end))
    throw new FormatError(`line ${lines.length} is not the end of a trace, expected {"status":...}.`, { hint: "was the file cut off?" });
  const steps = records.slice(1, -1).map((record, i) => {
    if (!isStep(record))
      throw new FormatError(`line ${i + 2} is not a step of a trace, expected {"step":...,"state":...,"actionIndex":...,"reward":...,"next":...}.`);
    return record;
  });
  return { header, steps, end };
}

function readRecord(line: string, i: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new FormatError(`line ${i + 1} is not JSON.`, { cause });
  }
}

function isHeader(record: unknown): record is TraceHeader {
  return has(record, { format: "string", version: "number", planner: "string", start: "number" }) && record.format === "mdpkit-trace" && record.version === 1;
}

function isStep(record: unknown): record is TraceStep {
  return has(record, {
    step: "number",
    state: "number",
    observation: "string",
    action: "string",
    actionIndex: "number",
    reward: "number",
    next: "number",
    terminated: "boolean",
    truncated: "boolean",
    feedback: "string",
  });
}

function isEnd(record: unknown): record is TraceEnd {
  return has(record, { status: "string", totalReward: "number", spent: "object" });
}

function has(record: unknown, fields: Readonly<Record<string, string>>): record is Record<string, unknown> {
  if (typeof record !== "object" || record === null) return false;
  return Object.entries(fields).every(([field, type]) => typeof Object.getOwnPropertyDescriptor(record, field)?.value === type);
}
