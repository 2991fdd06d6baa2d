// A prior as `mdpkit prior --json` prints it: probabilities by state and action, and where they came from.
import { describeValue, FormatError } from "../errors.ts";
import { IssueList } from "../mdp/issues.ts";
import { writeLabels } from "./json-labels.ts";
import { jsonPieces } from "./json-pieces.ts";
import { JsonReader } from "./json-reader.ts";
import { type JsonTable, readTable } from "./json-tables.ts";
import { checkProbabilities } from "./probability-rows.ts";
import { checkTableShape, labelFinder, probabilityRows, type TableSpace } from "./table-space.ts";

/** A prior policy over a model's choices. */
export interface SavedPrior {
  /** C probabilities in choice order. */
  readonly probability: Float64Array;
  /** How the probabilities were had: "exact", "logprobs", "samples", ... */
  readonly method?: string | undefined;
  /** The share of states that an answer was had for. */
  readonly coverage?: number | undefined;
  /** Calls made to the model, and answers taken from the cache. */
  readonly calls?: number | undefined;
  readonly cached?: number | undefined;
  readonly model?: string | undefined;
  /** The date of a recording. */
  readonly recordedAt?: string | undefined;
  /** What was done to the scores, step by step; written for whoever reads the file, not read again. */
  readonly processing?: Readonly<Record<string, unknown>> | undefined;
}

const TEXTS = ["method", "model", "recordedAt"] as const;
const NUMBERS = ["coverage", "calls", "cached"] as const;

/**
 * Writes `{"actions":[labels],"prior":[[p an action] or null (terminal) by state],"method","coverage","calls","cached"}` in pieces.
 *
 * @example
 * for (const piece of priorJsonPieces(policySpace(robot), prior)) stream.write(piece);
 */
export function priorJsonPieces<S, A>(space: TableSpace<S, A>, prior: SavedPrior): Generator<string> {
  const { probability, method, coverage, calls, cached, model, recordedAt, processing } = prior;
  const labels = writeLabels(space.actions);
  const actions = typeof labels === "number" ? Array.from({ length: labels }, (_, a) => a) : labels;
  return jsonPieces({ actions, prior: probabilityRows(space, probability), method, coverage, calls, cached, model, recordedAt, processing });
}

/**
 * Reads a prior for a model. `actions` and `prior` are required; the actions may come in another order than the model's.
 *
 * @throws FormatError where the text is not JSON; InvalidModelError with everything that does not fit: rows that do not sum to 1, mass on
 *   infeasible actions, a row for a terminal state or none for another, unknown actions.
 * @example
 * const { probability } = readPriorJson(await readFile("prior.json"), policySpace(robot));
 */
export function readPriorJson<S, A>(input: string | Uint8Array, space: TableSpace<S, A>): SavedPrior {
  const json = new JsonReader(input);
  const issues = new IssueList();
  const facts = new Map<string, unknown>();
  let table: JsonTable | undefined;
  for (const key of json.keys()) {
    if (key === "prior") table = readTable(json, key, issues);
    facts.set(key, key === "prior" ? true : json.value());
  }
  json.end();
  for (const key of ["actions", "prior"])
    if (!facts.has(key)) throw new FormatError(`the file has no ${describeValue(key)}, expected a prior: {"actions":[...],"prior":[...]}.`);
  const columnOf = matchActions(space, facts.get("actions"), issues);
  const origin = readFacts(facts, issues);
  if (table !== undefined && columnOf !== undefined && checkTableShape(space, table, "prior", issues)) {
    const probability = checkProbabilities(space, permuted(table, columnOf), table.absent, "prior", issues);
    issues.throwIfAny();
    return { probability, ...origin };
  }
  issues.throwIfAny();
  throw new TypeError("a prior that cannot be read left no issue");
}

function readFacts(facts: ReadonlyMap<string, unknown>, issues: IssueList): Omit<SavedPrior, "probability"> {
  const taken: Record<string, unknown> = {};
  for (const [keys, type] of [
    [TEXTS, "string"],
    [NUMBERS, "number"],
  ] as const) {
    for (const key of keys) {
      const value = facts.get(key);
      if (value === undefined || value === null) continue;
      if (typeof value === type) taken[key] = value;
      else issues.add(key, `is ${describeValue(value)}`, `a ${type}`);
    }
  }
  return taken;
}

/** The column of each of the model's actions. */
function matchActions<S, A>(space: TableSpace<S, A>, value: unknown, issues: IssueList): Int32Array | undefined {
  const before = issues.total;
  if (!Array.isArray(value)) {
    issues.add("actions", `is ${describeValue(value)}`, "a list of action labels");
    return undefined;
  }
  const given: readonly unknown[] = value;
  const columnOf = new Int32Array(space.actions.size).fill(-1);
  const find = labelFinder(space.actions);
  for (const [k, label] of given.entries()) {
    const a = find(label);
    if (a < 0) issues.add(`actions[${k}]`, `is ${describeValue(label)}`, "an action of the model");
    else if (columnOf[a]! >= 0) issues.add(`actions[${k}]`, `is ${describeValue(label)} a second time`, "each action once");
    else columnOf[a] = k;
  }
  for (let a = 0; a < columnOf.length; a++) if (columnOf[a]! < 0) issues.add("actions", `lacks ${space.actions.quote(a)}`, "every action of the model");
  return issues.total > before ? undefined : columnOf;
}

/** The table with its columns in the model's order. */
function permuted({ data, rows, columns }: JsonTable, columnOf: Int32Array): Float64Array {
  if (columnOf.every((column, a) => column === a)) return data;
  const out = new Float64Array(data.length);
  for (let s = 0; s < rows; s++) for (let a = 0; a < columns; a++) out[s * columns + a] = data[s * columns + columnOf[a]!]!;
  return out;
}
