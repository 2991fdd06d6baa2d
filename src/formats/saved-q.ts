// A Q-table as a file: a number a state and action, null (NaN in npz) where the action is infeasible; JSON and npz.
import { FormatError } from "../errors.ts";
import { IssueList } from "../mdp/issues.ts";
import { writeLabels } from "./json-labels.ts";
import { jsonPieces } from "./json-pieces.ts";
import { JsonReader } from "./json-reader.ts";
import { readTable } from "./json-tables.ts";
import { Npz, writeNpz } from "./npz.ts";
import { labelArray, labelNames, type NpzWriteOptions } from "./npz-labels.ts";
import { byChoiceOf, checkLabels, checkTableShape, choiceRows, denseOf, type TableSpace } from "./table-space.ts";
import { isZip } from "./zip.ts";

const FORMAT = "mdpkit-q";

/**
 * Writes a Q-table as JSON in pieces: `{"format":"mdpkit-q","version":1,"states","actions","q":[[number or null by action] by state]}`.
 *
 * @param q C numbers in choice order, as `ChoiceTable.array` holds them.
 * @example
 * await writeFile("q.json", qJsonPieces(policySpace(robot), learned.q.array));
 */
export function qJsonPieces<S, A>(space: TableSpace<S, A>, q: Float64Array): Generator<string> {
  return jsonPieces({ format: FORMAT, version: 1, states: writeLabels(space.states), actions: writeLabels(space.actions), q: choiceRows(space, q) });
}

/** Writes a Q-table as npz: `q` (S, A), NaN where infeasible. */
export function writeQNpz<S, A>(space: TableSpace<S, A>, q: Float64Array, options: NpzWriteOptions = {}): Uint8Array {
  const table = { data: denseOf(space, q, Number.NaN), shape: [space.states.size, space.actions.size] };
  return writeNpz({ q: table, state_labels: labelArray(space.states), action_labels: labelArray(space.actions) }, options);
}

/**
 * Reads a Q-table for a model from JSON or npz, as C numbers in choice order; what `solve` or `learn` wrote is read too, as its q.
 *
 * @throws FormatError where the file cannot be read; InvalidModelError with everything that does not fit the model.
 * @example
 * const q = readQ(await readFile("q.npz"), policySpace(robot));
 */
export function readQ<S, A>(input: string | Uint8Array, space: TableSpace<S, A>): Float64Array {
  const issues = new IssueList();
  const table = typeof input !== "string" && isZip(input) ? readFromNpz(new Npz(input), space, issues) : readFromJson(input, space, issues);
  issues.throwIfAny();
  const q = byChoiceOf(space, table, {
    missing: (place) => issues.add(`q of ${place}`, "is missing", "a number: the action is feasible there"),
    misplaced: (place, number) => issues.add(`q of ${place}`, `is ${number}`, "null: the action is not feasible there"),
  });
  issues.throwIfAny();
  return q;
}

function readFromJson<S, A>(input: string | Uint8Array, space: TableSpace<S, A>, issues: IssueList): Float64Array {
  const json = new JsonReader(input);
  let found: Float64Array | undefined;
  for (const key of json.keys()) {
    if (key === "q") {
      const table = readTable(json, key, issues);
      if (table !== undefined) checkTableShape(space, table, key, issues);
      found = table?.data ?? new Float64Array(0);
    } else if (key === "states") checkLabels(space.states, json.value(), key, issues);
    else if (key === "actions") checkLabels(space.actions, json.value(), key, issues);
    else json.skip();
  }
  json.end();
  if (found === undefined) throw new FormatError('the file has no "q", expected a Q-table.');
  return found;
}

function readFromNpz<S, A>(npz: Npz, space: TableSpace<S, A>, issues: IssueList): Float64Array {
  if (npz.has("state_labels")) checkLabels(space.states, [...labelNames(npz, "state_labels")], "state_labels", issues);
  if (npz.has("action_labels")) checkLabels(space.actions, [...labelNames(npz, "action_labels")], "action_labels", issues);
  const { shape, data } = npz.floats("q");
  checkTableShape(space, { rows: shape[0], columns: shape[1] }, "q", issues);
  return data;
}
