// mdpkit's own JSON: labels or counts, transitions as [state, action, next, probability, reward], arithmetic in numbers.
import { describeValue } from "../errors.ts";
import { type Label, type LabelIndex, Mdp, rewardOf, rowOf } from "../mdp/index.ts";
import { IssueList } from "../mdp/issues.ts";
import { Pacer } from "../platform/pacer.ts";
import { writeLabels } from "./json-labels.ts";
import { gather, jsonNumber } from "./json-pieces.ts";
import { JsonReader } from "./json-reader.ts";
import { FORMAT, Header, VERSION } from "./mdpkit-json-header.ts";
import { TransitionReader } from "./mdpkit-json-transitions.ts";
import { checkReadOptions, type ReadOptions } from "./read-options.ts";
import { compileTransitions, refuseEmptyStates, TransitionList } from "./transition-list.ts";
import { withoutEndings } from "./without-endings.ts";

/**
 * Reads mdpkit JSON.
 *
 * ```json
 * {"format":"mdpkit","version":1,"discount":0.9,"objective":"maximize","states":["high","low"],"actions":2,"initial":"high",
 *  "terminal":[],"transitions":[["high",0,"low","1/3",2], ...]}
 * ```
 * States and actions are counts or lists of labels; wherever one is meant, a number is an index and a string a label.
 * `initial` is a state or pairs [state, probability]. Probabilities and rewards are numbers or arithmetic in strings ("1/3").
 * Keys come in any order, transitions too; format, version, states, actions and transitions are required.
 *
 * @throws FormatError where the text is not JSON, with line and column; InvalidModelError with everything wrong with the model,
 *   each fault naming its transition; OptionError; the signal's reason when aborted.
 * @example
 * const mdp = await readMdpkitJson(await readFile("robot.json", "utf8"));
 */
export async function readMdpkitJson(input: string | Uint8Array, options: ReadOptions = {}): Promise<Mdp<Label, Label>> {
  checkReadOptions(options);
  const pacer = new Pacer({ signal: options.signal });
  const json = new JsonReader(input);
  const issues = new IssueList();
  const header = new Header(json, issues);
  const { reader, list, hasTransitions } = await readBody(json, header, issues, pacer);
  header.checkKeys(hasTransitions);
  const { states, actions } = header.labels();
  const discount = header.discount();
  const objective = header.objective();
  const terminal = states === undefined ? new Set<number>() : header.terminal(states);
  const initial = states === undefined ? undefined : await header.initial(states);
  if (states === undefined || actions === undefined || reader === undefined || reader.lost) issues.throwIfAny();
  // Every way to have none of these has left an issue.
  if (states === undefined || actions === undefined) throw new TypeError("states and actions are missing without an issue");

  refuseEmptyStates(list, states, terminal, issues);
  const order = list.order(states.size);
  for (const [first, second] of list.takeDuplicates(order, states.size)) {
    issues.add(
      reader?.where(second) ?? `transitions[${second}]`,
      `repeats the state, action and next of transitions[${first}]`,
      "each (state, action, next) once",
      "add their probabilities up.",
    );
  }
  const storage = await compileTransitions(list, order, { states, actions, terminal, normalize: options.normalize, issues, pacer });
  return new Mdp<Label, Label>({ states, actions, storage, discount: options.discount ?? discount, objective: options.objective ?? objective, initial });
}

interface Body {
  readonly reader: TransitionReader | undefined;
  readonly list: TransitionList;
  readonly hasTransitions: boolean;
}

/** Reads the whole text. Transitions that come before the states and actions wait until those are known. */
async function readBody(json: JsonReader, header: Header, issues: IssueList, pacer: Pacer): Promise<Body> {
  let reader: TransitionReader | undefined;
  let list = new TransitionList();
  let later: number | undefined;
  let hasTransitions = false;
  const readTransitions = async () => {
    const { states, actions } = header.labels();
    if (states === undefined || actions === undefined) return json.skip();
    if (json.kind() !== "array") {
      const where = `transitions (${json.place(json.offset)})`;
      issues.add(where, `is ${describeValue(json.value())}`, "a list of [state, action, next, probability, reward]");
      return;
    }
    reader = new TransitionReader(json, states, actions, issues);
    list = await reader.read(pacer);
  };
  if (json.kind() !== "object") json.fail('an object with "format":"mdpkit"');
  for (const key of json.keys()) {
    if (key !== "transitions") {
      header.read(key);
      continue;
    }
    hasTransitions = true;
    if (header.hasLabels) await readTransitions();
    else {
      later = json.offset;
      json.skip();
    }
  }
  json.end();
  if (later !== undefined && header.hasLabels) {
    json.seek(later);
    await readTransitions();
  }
  return { reader, list, hasTransitions };
}

/**
 * Writes mdpkit JSON, a line a transition.
 *
 * @remarks Labels that are neither strings nor numbers are written as their names. Terminated branches are written as branches to a
 *   terminal state (`withoutEndings`). Use `mdpkitJsonPieces` where the text may be longer than a string can be.
 * @example
 * await writeFile("robot.json", writeMdpkitJson(robot));
 */
export function writeMdpkitJson<S, A>(mdp: Mdp<S, A>): string {
  return [...mdpkitJsonPieces(mdp)].join("");
}

/** The text of `writeMdpkitJson` in pieces of about 64 kB. */
export function mdpkitJsonPieces<S, A>(mdp: Mdp<S, A>): Generator<string> {
  return gather(lines(withoutEndings(mdp)));
}

function* lines<S, A>(mdp: Mdp<S, A>): Generator<string> {
  const { storage } = mdp;
  const [state, action] = [references(mdp.states), references(mdp.actions)];
  yield `{"format":${JSON.stringify(FORMAT)},"version":${VERSION},`;
  if (mdp.discount !== undefined) yield `"discount":${jsonNumber(mdp.discount)},`;
  yield `"objective":${JSON.stringify(mdp.objective)},\n`;
  yield `"states":${JSON.stringify(writeLabels(mdp.states))},\n"actions":${JSON.stringify(writeLabels(mdp.actions))},\n`;
  if (mdp.initial !== undefined) yield `"initial":${initialText(mdp.initial, state)},\n`;
  const terminal: string[] = [];
  for (let s = 0; s < storage.stateCount; s++) if (storage.terminal[s] === 1) terminal.push(state(s));
  if (terminal.length > 0) yield `"terminal":[${terminal.join(",")}],\n`;
  let separator = '"transitions":[\n';
  for (let s = 0; s < storage.stateCount; s++) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      const choice = `${state(s)},${action(storage.choiceAction[c]!)}`;
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        yield `${separator}[${choice},${state(storage.target[b]!)},${jsonNumber(storage.probability[b]!)},${jsonNumber(rewardOf(storage, c, b))}]`;
        separator = ",\n";
      }
    }
  }
  yield separator === ",\n" ? "\n]}\n" : '"transitions":[]}\n';
}

/** How an index is written: strings as labels, all else as the index. */
function references<T>(labels: LabelIndex<T>): (index: number) => string {
  if (labels.isRange) return String;
  return (index) => {
    const label = labels.at(index);
    return typeof label === "number" ? String(index) : JSON.stringify(labels.name(index));
  };
}

function initialText(initial: NonNullable<Mdp["initial"]>, state: (index: number) => string): string {
  if (initial.state.length === 1) return state(initial.state[0]!);
  return `[${Array.from(initial.state, (s, i) => `[${state(s)},${jsonNumber(initial.probability[i]!)}]`).join(",")}]`;
}
