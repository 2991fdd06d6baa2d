// Gymnasium's tables as JSON: P[state][action] = [[probability, next, reward, terminated], ...], as `env.unwrapped.P` holds them.
import { InvalidModelError } from "../errors.ts";
import { arrivalOf, type Label, LabelIndex, Mdp, rewardOf, rowOf } from "../mdp/index.ts";
import { Pacer } from "../platform/pacer.ts";
import { GymnasiumTableReader } from "./gymnasium-table-reader.ts";
import { gather, jsonNumber } from "./json-pieces.ts";
import { JsonReader } from "./json-reader.ts";
import { checkReadOptions, type ReadOptions } from "./read-options.ts";
import { compileTransitions } from "./transition-list.ts";

/**
 * Reads a Gymnasium table: `{"P": {"0": {"0": [[p, next, reward, terminated], ...]}}}` or the inner object alone; arrays may stand for
 * objects with integer keys.
 *
 * A terminated branch pays its reward and continues with value 0, also where the state it enters has choices of its own. A state keeps
 * the choices of its table; a state whose table is empty or null is terminal, an action without entries infeasible.
 *
 * @remarks The format has no discount: pass it as an option, or to the solver.
 * @throws FormatError where the text is not JSON (NaN and Infinity are not); InvalidModelError with everything wrong, naming P[s][a][i];
 *   OptionError; the signal's reason when aborted.
 * @example
 * // Python: json.dump({"P": gymnasium.make("FrozenLake-v1").unwrapped.P}, file)
 * const lake = await readGymnasiumJson(await readFile("lake.json", "utf8"), { discount: 0.99 });
 */
export async function readGymnasiumJson(input: string | Uint8Array, options: ReadOptions = {}): Promise<Mdp<Label, Label>> {
  checkReadOptions(options);
  const pacer = new Pacer({ signal: options.signal });
  const reader = new GymnasiumTableReader(new JsonReader(input));
  const { list, stateCount, actionCount, terminal, issues, complete } = await reader.read(pacer);
  if (!complete) throw new InvalidModelError(issues.issues, issues.total);
  const states = LabelIndex.range("state", stateCount) as LabelIndex<unknown> as LabelIndex<Label>;
  const actions = LabelIndex.range("action", actionCount) as LabelIndex<unknown> as LabelIndex<Label>;
  const order = list.order(stateCount);
  const storage = await compileTransitions(list, order, { states, actions, terminal, normalize: options.normalize, issues, pacer });
  return new Mdp<Label, Label>({ states, actions, storage, discount: options.discount, objective: options.objective });
}

/**
 * Writes a Gymnasium table, a line a state. States and actions are written by index; a terminal state has an empty table, and branches
 * that enter one are terminated. Discount, objective and start have no place in the format.
 *
 * @example
 * await writeFile("robot.json", writeGymnasiumJson(robot)); // {"P":{"0":{"0":[[0.8,0,5,false],[0.2,1,5,false]],...
 */
export function writeGymnasiumJson<S, A>(mdp: Mdp<S, A>): string {
  return [...gymnasiumJsonPieces(mdp)].join("");
}

/** The text of `writeGymnasiumJson` in pieces of about 64 kB. */
export function gymnasiumJsonPieces<S, A>(mdp: Mdp<S, A>): Generator<string> {
  return gather(lines(mdp));
}

function* lines<S, A>(mdp: Mdp<S, A>): Generator<string> {
  const { storage } = mdp;
  yield '{"P":{';
  for (let s = 0; s < storage.stateCount; s++) {
    yield `${s === 0 ? "\n" : ",\n"}"${s}":{`;
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      yield `${c === storage.stateChoices[s] ? "" : ","}"${storage.choiceAction[c]}":[`;
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        const to = storage.target[b]!;
        const terminated = to === storage.stateCount || storage.terminal[to] === 1;
        yield `${b === storage.rowBranches[row] ? "" : ","}[${jsonNumber(storage.probability[b]!)},${arrivalOf(storage, b)},${jsonNumber(rewardOf(storage, c, b))},${terminated}]`;
      }
      yield "]";
    }
    yield "}";
  }
  yield "\n}}\n";
}
