// A policy as a file: actions by state where it is deterministic, probabilities by state and action where it is not; JSON and npz.
import { describeValue, FormatError } from "../errors.ts";
import { IssueList } from "../mdp/issues.ts";
import { writeLabels } from "./json-labels.ts";
import { jsonPieces } from "./json-pieces.ts";
import { JsonReader } from "./json-reader.ts";
import { readTable } from "./json-tables.ts";
import { Npz, writeNpz } from "./npz.ts";
import { labelArray, labelNames, type NpzWriteOptions } from "./npz-labels.ts";
import { checkProbabilities } from "./probability-rows.ts";
import { checkLabels, checkTableShape, choiceAt, denseOf, isTerminal, labelFinder, probabilityRows, type TableSpace } from "./table-space.ts";
import { isZip } from "./zip.ts";

/** A deterministic policy by its choice a state (-1 in terminal ones), or any by its probability a choice. */
export type SavedPolicy = { readonly choice: Int32Array } | { readonly probability: Float64Array };

const FORMAT = "mdpkit-policy";

/**
 * Writes a policy as JSON in pieces: `{"format":"mdpkit-policy","version":1,"states","actions","policy":[action or null by state]}`, or
 * with `"probability":[[p an action] or null by state]` in place of `policy`.
 *
 * @example
 * const { space, choice } = best.policy;
 * await writeFile("policy.json", policyJsonPieces(space, choice ? { choice } : { probability: best.policy.probabilities() }));
 */
export function policyJsonPieces<S, A>(space: TableSpace<S, A>, policy: SavedPolicy): Generator<string> {
  const head = { format: FORMAT, version: 1, states: writeLabels(space.states), actions: writeLabels(space.actions) };
  return jsonPieces(
    "choice" in policy ? { ...head, policy: actionsOf(space, policy.choice) } : { ...head, probability: probabilityRows(space, policy.probability) },
  );
}

/** Writes a policy as npz: `policy` (S,), action indices with -1 in terminal states, or `probability` (S, A), 0 where infeasible. */
export function writePolicyNpz<S, A>(space: TableSpace<S, A>, policy: SavedPolicy, options: NpzWriteOptions = {}): Uint8Array {
  const labels = { state_labels: labelArray(space.states), action_labels: labelArray(space.actions) };
  if ("choice" in policy) return writeNpz({ policy: policy.choice.map((c) => (c < 0 ? -1 : space.choices.choiceAction[c]!)), ...labels }, options);
  const shape = [space.states.size, space.actions.size];
  return writeNpz({ probability: { data: denseOf(space, policy.probability, 0), shape }, ...labels }, options);
}

/**
 * Reads a policy for a model from JSON or npz; what `solve --json` or `writeSolutionNpz` wrote is read too, as its policy.
 *
 * @throws FormatError where the file cannot be read; InvalidModelError with everything that does not fit the model.
 * @example
 * const saved = readPolicy(await readFile("policy.json"), policySpace(robot));
 */
export function readPolicy<S, A>(input: string | Uint8Array, space: TableSpace<S, A>): SavedPolicy {
  const issues = new IssueList();
  const policy = typeof input !== "string" && isZip(input) ? readFromNpz(new Npz(input), space, issues) : readFromJson(input, space, issues);
  issues.throwIfAny();
  return policy;
}

function readFromJson<S, A>(input: string | Uint8Array, space: TableSpace<S, A>, issues: IssueList): SavedPolicy {
  const json = new JsonReader(input);
  let found: SavedPolicy | undefined;
  for (const key of json.keys()) {
    if (key === "policy") found = { choice: choicesOf(space, json.value(), issues) };
    else if (key === "probability") {
      const table = readTable(json, key, issues);
      if (table === undefined) found = { probability: new Float64Array(0) };
      else if (checkTableShape(space, table, key, issues)) found = { probability: checkProbabilities(space, table.data, table.absent, key, issues) };
      else found = { probability: table.data };
    } else if (key === "states") checkLabels(space.states, json.value(), key, issues);
    else if (key === "actions") checkLabels(space.actions, json.value(), key, issues);
    else json.skip();
  }
  json.end();
  if (found === undefined) throw new FormatError('the file has neither "policy" nor "probability", expected one of them.');
  return found;
}

function readFromNpz<S, A>(npz: Npz, space: TableSpace<S, A>, issues: IssueList): SavedPolicy {
  if (npz.has("state_labels")) checkLabels(space.states, [...labelNames(npz, "state_labels")], "state_labels", issues);
  if (npz.has("action_labels")) checkLabels(space.actions, [...labelNames(npz, "action_labels")], "action_labels", issues);
  if (npz.has("probability")) {
    const { shape, data } = npz.floats("probability");
    const fits = checkTableShape(space, { rows: shape[0], columns: shape[1] }, "probability", issues);
    return { probability: fits ? checkProbabilities(space, data, undefined, "probability", issues) : data };
  }
  const actions = Array.from(npz.integers("policy"), (a) => (a === -1 ? null : a));
  return { choice: choicesOf(space, actions, issues, (a) => (typeof a === "number" && a >= 0 && a < space.actions.size ? a : -1)) };
}

function* actionsOf<S, A>(space: TableSpace<S, A>, choice: Int32Array): Generator<unknown> {
  const labels = [writeLabels(space.actions)].flat();
  const byIndex = space.actions.isRange;
  for (const c of choice) {
    const a = c < 0 ? -1 : space.choices.choiceAction[c]!;
    yield a < 0 ? null : byIndex ? a : labels[a];
  }
}

/** The choice a state of action labels, each checked to be feasible. `indexOf` turns one into an action index, -1 where unknown. */
export function choicesOf<S, A>(
  space: TableSpace<S, A>,
  actions: unknown,
  issues: IssueList,
  indexOf: (action: unknown) => number = labelFinder(space.actions),
): Int32Array {
  const choice = new Int32Array(space.states.size).fill(-1);
  if (!Array.isArray(actions) || actions.length !== space.states.size) {
    issues.add(
      "policy",
      Array.isArray(actions) ? `has ${actions.length} entries` : `is ${describeValue(actions)}`,
      `${space.states.size} actions, one a state`,
    );
    return choice;
  }
  for (let s = 0; s < choice.length; s++) {
    const action: unknown = actions[s];
    const where = `policy(${space.states.quote(s)})`;
    const terminal = isTerminal(space, s);
    if (action === null) {
      if (!terminal) issues.add(where, "is null", "an action: the state is not terminal");
      continue;
    }
    const a = indexOf(action);
    choice[s] = a < 0 ? -1 : choiceAt(space, s, a);
    if (choice[s]! >= 0) continue;
    const expected = terminal ? "null: the state is terminal" : "an action feasible there";
    issues.add(where, `is ${describeValue(action)}`, expected);
  }
  return choice;
}
