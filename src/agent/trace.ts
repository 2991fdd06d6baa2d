// The trace: everything that happened in a run as plain JSON, one line a record.
import { FormatError } from "../errors.ts";
import { estimateTokens } from "../llm-prior/prompt.ts";
import type { BudgetStatus, Spending } from "./budget.ts";
import type { StepExplanation } from "./explain-step.ts";
import type { ShieldDecision } from "./shield.ts";

/**
 * How a run ended. `terminated`, `truncated`: the episode did. `no-safe-action`: the shield blocks every action.
 * `aborted`: the signal. `planner-failed`, `environment-failed`: one of them threw, such as for a dead server or process; see `failure`.
 * `cut-off`: the trace has no end, since whatever wrote it was ended. The others name the budget that was met.
 */
export type AgentStatus = "terminated" | "truncated" | "no-safe-action" | "aborted" | "planner-failed" | "environment-failed" | "cut-off" | BudgetStatus;

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
  readonly outcome: "action" | "plan" | "impossible" | "unparsable" | "tool" | "tool-error";
  /** What the tool said, or why a plan is impossible or an answer unusable. */
  readonly result?: string;
}

/** A step's place in a plan of several. */
export interface TracePlan {
  /** All its steps, as text. */
  readonly actions: readonly string[];
  /** Which of them this step is, from 0. */
  readonly at: number;
  /** The name of the state that the plan claims to end in. */
  readonly reach?: string;
}

/** Why a run ended that something outside ended. */
export interface TraceFailure {
  /** The error's code, such as `prior` or `backend`; `unknown` for one that is not mdpkit's. */
  readonly code: string;
  readonly message: string;
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
  /** Set where the step is part of a plan of several. */
  readonly plan?: TracePlan;
  /** Why an earlier plan was given up here. */
  readonly replanned?: string;
  /** What happened although the model says it cannot. */
  readonly surprise?: string;
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
  /** The state index the episode started in; -1 where the environment failed before. */
  readonly start: number;
  /** After how many steps a run was resumed. */
  readonly resumed?: number;
}

/** A step that was begun and not taken: what was said and what the shield did when the run ended. */
export interface UnfinishedStep {
  readonly state: number;
  readonly observation: string;
  readonly calls: readonly TraceCall[];
  readonly shield?: ShieldDecision;
  /** Set where the action was sent to the environment, whose answer never came. */
  readonly action?: string;
}

export interface TraceEnd {
  readonly status: AgentStatus;
  readonly totalReward: number;
  readonly spent: Spending;
  /** Answers that were no action, fallbacks after too many of them, and blocked actions. */
  readonly unparsable: number;
  readonly fallbacks: number;
  readonly blocked: number;
  /** Plans that the model declared impossible, and plans given up on the way. */
  readonly impossible?: number;
  readonly replans?: number;
  readonly failure?: TraceFailure;
  readonly unfinished?: UnfinishedStep;
}

/** One line of a trace. */
export type TraceRecord = TraceHeader | TraceStep | TraceEnd;

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
  return [trace.header, ...trace.steps, trace.end].map(traceLine).join("");
}

/** One record as a line: what `onRecord` can append to a file while the run is under way. */
export function traceLine(record: TraceRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export interface ReadTraceOptions {
  /** Take a trace without an end, as a process that was ended leaves behind: its status is then `cut-off`. Default false. */
  readonly cutOff?: boolean | undefined;
}

/**
 * Reads what `writeTrace` wrote.
 *
 * @throws FormatError naming the line.
 * @example
 * const trace = readTrace(text, { cutOff: true });
 * await runAgent({ env, planner, resume: trace });
 */
export function readTrace(text: string, options: ReadTraceOptions = {}): Trace {
  const lines = text.split(/\r?\n/);
  // Only a line with its break is whole.
  const rest = lines.pop();
  if (rest !== "" && rest !== undefined && options.cutOff !== true) lines.push(rest);
  const records = lines.map(readRecord);
  const [header] = records;
  if (!isHeader(header)) throw new FormatError('line 1 is not the header of a trace, expected {"format":"mdpkit-trace","version":1,...}.');
  const last = records.at(-1);
  const end = records.length > 1 && isEnd(last) ? last : undefined;
  if (end === undefined && options.cutOff !== true)
    throw new FormatError(`line ${lines.length} is not the end of a trace, expected {"status":...}.`, {
      hint: "was the file cut off? Then pass cutOff: true.",
    });
  const steps = records.slice(1, end === undefined ? undefined : -1).map((record, i) => {
    if (!isStep(record))
      throw new FormatError(`line ${i + 2} is not a step of a trace, expected {"step":...,"state":...,"actionIndex":...,"reward":...,"next":...}.`);
    return record;
  });
  return { header, steps, end: end ?? cutOffEnd(steps) };
}

/** What the steps alone tell of a run that has no end. Prompts are counted as the budget counts them; the clock is not known. */
function cutOffEnd(steps: readonly TraceStep[]): TraceEnd {
  const calls = steps.flatMap((step) => step.calls);
  const count = (holds: (call: TraceCall) => boolean): number => calls.filter(holds).length;
  return {
    status: "cut-off",
    totalReward: steps.reduce((sum, step) => sum + step.reward, 0),
    spent: {
      steps: steps.length,
      modelCalls: calls.length,
      promptCharacters: calls.reduce((sum, { prompt }) => sum + prompt.length, 0),
      promptTokens: calls.reduce((sum, { prompt }) => sum + estimateTokens(prompt), 0),
      answerTokens: calls.reduce((sum, { answer = "" }) => sum + estimateTokens(answer), 0),
      seconds: 0,
    },
    unparsable: count(({ outcome }) => outcome === "unparsable"),
    fallbacks: steps.filter((step) => step.replaced === "unparsable").length,
    blocked: steps.filter((step) => step.shield !== undefined).length,
    impossible: count(({ outcome }) => outcome === "impossible"),
    replans: steps.filter((step) => step.replanned !== undefined).length,
  };
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
