// A solution as plain data: the object that `mdpkit solve --json` prints, read back and written.
import { describeValue } from "../errors.ts";
import type { Label, Objective } from "../mdp/index.ts";
import { IssueList } from "../mdp/issues.ts";
import { isLabel } from "./json-labels.ts";
import { jsonPieces } from "./json-pieces.ts";
import { JsonReader } from "./json-reader.ts";
import { asNumber, readNumbers, readTable } from "./json-tables.ts";

/** Value, policy and q of one stage of a finite horizon, or of a whole solution. */
export interface SavedStage {
  /** S values in state order. */
  readonly value: Float64Array;
  /** S action labels, null in terminal states. */
  readonly policy: readonly (Label | null)[];
  /** S x A numbers, row by state, NaN where infeasible. */
  readonly q?: Float64Array | undefined;
}

/** A solution without its model; states in index order. */
export interface SavedSolution extends SavedStage {
  /** Of the mdpkit that solved it. */
  readonly version: string;
  readonly status: string;
  readonly objective: Objective;
  readonly method: string;
  readonly device: string;
  readonly discount: number;
  readonly epsilon: number;
  readonly gap: number;
  readonly residual: number;
  readonly sweeps: number;
  readonly seconds: { readonly load: number; readonly solve: number };
  readonly states: number;
  readonly choices: number;
  readonly branches: number;
  /** S bounds each. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** How many decisions, and each of them, stage 0 first: finite horizons only. */
  readonly horizon?: number | undefined;
  readonly stages?: readonly SavedStage[] | undefined;
}

/**
 * Reads what `solve --json` printed. Keys that this release does not know are passed over.
 *
 * @throws FormatError where the text is not JSON; InvalidModelError with everything that is missing, misfit or no number.
 * @example
 * const saved = readSolutionJson(await readFile("result.json"));
 * saved.lower[0];
 */
export function readSolutionJson(input: string | Uint8Array): SavedSolution {
  const json = new JsonReader(input);
  const issues = new IssueList();
  if (json.kind() !== "object") json.fail("a result: an object with value, policy, lower and upper");
  const parts = readParts(json, "", issues);
  json.end();
  const saved = checkParts(parts, issues);
  issues.throwIfAny();
  return saved;
}

/**
 * Writes the object of `solve --json` in pieces of about 64 kB, keys in its order; infinities become strings.
 *
 * @example
 * for (const piece of solutionJsonPieces(saved)) stream.write(piece);
 */
export function solutionJsonPieces(saved: SavedSolution): Generator<string> {
  const {
    states,
    version,
    status,
    objective,
    method,
    device,
    discount,
    epsilon,
    gap,
    residual,
    sweeps,
    seconds,
    choices,
    branches,
    lower,
    upper,
    horizon,
    stages,
  } = saved;
  const head = { version, status, objective, method, device, discount, epsilon, gap, residual, sweeps, seconds, states, choices, branches, horizon };
  return jsonPieces({ ...head, ...stageParts(saved, states), lower, upper, stages: stages?.map((stage) => stageParts(stage, states)) });
}

function stageParts({ value, policy, q }: SavedStage, states: number): Record<string, unknown> {
  return { value, policy, q: q === undefined ? undefined : rowsOf(q, states) };
}

function* rowsOf(table: Float64Array, rows: number): Generator<Float64Array> {
  const columns = rows === 0 ? 0 : table.length / rows;
  for (let s = 0; s < rows; s++) yield table.subarray(s * columns, (s + 1) * columns);
}

/** What stands in an object, arrays already as numbers. */
type Parts = Map<string, unknown>;

function readParts(json: JsonReader, prefix: string, issues: IssueList): Parts {
  const parts: Parts = new Map();
  for (const key of json.keys()) {
    parts.set(key, readPart(json, key, prefix + key, issues));
  }
  return parts;
}

function readPart(json: JsonReader, key: string, where: string, issues: IssueList): unknown {
  switch (key) {
    case "value":
    case "lower":
    case "upper":
      return readNumbers(json, where, issues);
    case "q":
      return readTable(json, where, issues);
    case "stages":
      return json.kind() === "array" ? readStages(json, where, issues) : json.value();
    default:
      return json.value();
  }
}

function readStages(json: JsonReader, where: string, issues: IssueList): Parts[] {
  const stages: Parts[] = [];
  for (let more = json.firstItem(); more; more = json.nextItem()) {
    if (json.kind() !== "object") json.fail("a stage: an object with value and policy");
    stages.push(readParts(json, `${where}[${stages.length}].`, issues));
  }
  return stages;
}

function checkParts(parts: Parts, issues: IssueList): SavedSolution {
  const check = new PartChecker(parts, "", issues);
  const stage = check.stage(undefined);
  const states = stage.value.length;
  const seconds = parts.get("seconds");
  const secondParts: Parts = new Map(typeof seconds === "object" && seconds !== null ? Object.entries(seconds) : []);
  const secondCheck = new PartChecker(secondParts, "seconds.", issues);
  const objective = check.text("objective");
  if (objective !== "maximize" && objective !== "minimize") issues.add("objective", `is ${describeValue(objective)}`, '"maximize" or "minimize"');
  const claimed = check.number("states");
  if (claimed !== states) issues.add("states", `is ${claimed}`, `${states}, the length of value`);
  const stages = parts.get("stages");
  return {
    version: check.text("version"),
    status: check.text("status"),
    objective: objective === "minimize" ? "minimize" : "maximize",
    method: check.text("method"),
    device: check.text("device"),
    discount: check.number("discount"),
    epsilon: check.number("epsilon"),
    gap: check.number("gap"),
    residual: check.number("residual"),
    sweeps: check.number("sweeps"),
    seconds: { load: secondCheck.number("load"), solve: secondCheck.number("solve") },
    states,
    choices: check.number("choices"),
    branches: check.number("branches"),
    ...stage,
    lower: check.numbers("lower", states),
    upper: check.numbers("upper", states),
    ...(parts.has("horizon") ? { horizon: check.number("horizon") } : {}),
    ...(Array.isArray(stages) ? { stages: stages.map((one: Parts, k) => new PartChecker(one, `stages[${k}].`, issues).stage(states)) } : {}),
  };
}

/** Takes parts of one object. What is missing or misfit goes to the issues, and the empty values answered then are never seen. */
class PartChecker {
  readonly #parts: Parts;
  readonly #prefix: string;
  readonly #issues: IssueList;

  constructor(parts: Parts, prefix: string, issues: IssueList) {
    this.#parts = parts;
    this.#prefix = prefix;
    this.#issues = issues;
  }

  text(key: string): string {
    const value = this.#parts.get(key);
    if (typeof value === "string") return value;
    this.#wrong(key, value, "a string");
    return "";
  }

  number(key: string): number {
    const value = this.#parts.get(key);
    const number = asNumber(value);
    if (number !== undefined) return number;
    this.#wrong(key, value, "a number");
    return Number.NaN;
  }

  /** `length` numbers, or as many as there are. */
  numbers(key: string, length: number | undefined): Float64Array {
    const value = this.#parts.get(key);
    if (!(value instanceof Float64Array)) {
      // Where it is there but no array, reading has said so.
      if (!this.#parts.has(key)) this.#wrong(key, undefined, "a list of numbers");
      return new Float64Array(0);
    }
    if (length !== undefined && value.length !== length) this.#issues.add(this.#prefix + key, `has ${value.length} entries`, `${length}, one a state`);
    return value;
  }

  stage(length: number | undefined): SavedStage {
    const value = this.numbers("value", length);
    const policy = this.#parts.get("policy");
    const q = this.#parts.get("q");
    return { value, policy: this.#labels(policy, value.length), ...(isTable(q) ? { q: this.#table(q, value.length) } : {}) };
  }

  #labels(policy: unknown, length: number): (Label | null)[] {
    if (!Array.isArray(policy)) {
      this.#wrong("policy", policy, "a list of action labels");
      return [];
    }
    const where = `${this.#prefix}policy`;
    if (policy.length !== length) this.#issues.add(where, `has ${policy.length} entries`, `${length}, one a state`);
    return policy.map((label: unknown, s) => {
      if (label === null || isLabel(label)) return label;
      this.#issues.add(`${where}[${s}]`, `is ${describeValue(label)}`, "an action label, or null");
      return null;
    });
  }

  #table(q: { readonly rows: number; readonly data: Float64Array }, length: number): Float64Array {
    if (q.rows !== length) this.#issues.add(`${this.#prefix}q`, `has ${q.rows} rows`, `${length}, one a state`);
    return q.data;
  }

  #wrong(key: string, value: unknown, expected: string): void {
    this.#issues.add(this.#prefix + key, value === undefined ? "is missing" : `is ${describeValue(value)}`, expected);
  }
}

function isTable(value: unknown): value is { readonly rows: number; readonly data: Float64Array } {
  return typeof value === "object" && value !== null && "rows" in value && "data" in value;
}
