// The first half of reading a Gymnasium table: its entries as flat arrays; everything wrong is collected, naming P[s][a][i].
import { describeValue } from "../errors.ts";
import { MAX_COUNT } from "../mdp/growable.ts";
import { IssueList } from "../mdp/issues.ts";
import type { Pacer } from "../platform/pacer.ts";
import type { JsonReader } from "./json-reader.ts";
import { TransitionList } from "./transition-list.ts";

const SHAPE = "[probability, next, reward, terminated]";
const INDEX = /^(?:0|[1-9]\d{0,9})$/;

export interface GymnasiumTable {
  readonly list: TransitionList;
  readonly stateCount: number;
  readonly actionCount: number;
  readonly terminal: ReadonlySet<number>;
  readonly issues: IssueList;
  /** Whether the states are 0, 1, ... without a gap, so that the table can be compiled. */
  readonly complete: boolean;
}

/** Reads one table. */
export class GymnasiumTableReader {
  readonly #json: JsonReader;
  readonly #issues = new IssueList();
  readonly #list = new TransitionList();
  readonly #states = new Set<number>();
  readonly #terminal = new Set<number>();
  #actionCount = 1;
  #lost = false;

  constructor(json: JsonReader) {
    this.#json = json;
  }

  /** @throws FormatError where the text is not JSON or not a table at all; the signal's reason when aborted. */
  async read(pacer: Pacer): Promise<GymnasiumTable> {
    const json = this.#json;
    if (json.kind() === "array") await this.#readStates(pacer);
    else if (json.kind() === "object") await this.#readTop(pacer);
    else json.fail('an object {"P": ...} or the table itself');
    json.end();
    this.#checkStates();
    const issues = this.#issues;
    const complete = !this.#lost && this.#states.size > 0;
    if (complete) this.#checkSuccessors();
    else if (issues.total === 0) issues.add("P", "has no states", "at least one state");
    return { list: this.#list, stateCount: this.#states.size, actionCount: this.#actionCount, terminal: this.#terminal, issues, complete };
  }

  /** An object: with the key P, or the table itself. */
  async #readTop(pacer: Pacer): Promise<void> {
    const json = this.#json;
    let table = false;
    for (let key = json.firstKey(); key !== undefined; key = json.nextKey()) {
      if (key === "P" && !table) {
        table = true;
        if (json.kind() === "array" || json.kind() === "object") await this.#readStates(pacer);
        else this.#wrong(`P (${json.place(json.offset)})`, `is ${describeValue(json.value())}`, "an object or array by state");
      } else if (table || !INDEX.test(key)) {
        this.#wrong(`key ${describeValue(key)} (${json.place(json.offset)})`, "is not part of a Gymnasium table", '"P", or states 0, 1, ... alone');
        json.skip();
      } else {
        await pacer.tick();
        this.#readState(Number(key));
      }
    }
  }

  async #readStates(pacer: Pacer): Promise<void> {
    for (const s of this.#indices("P")) {
      await pacer.tick();
      this.#readState(s);
    }
  }

  /** The integer keys of an object or the indices of an array, with the reader at each value. */
  *#indices(where: string): Generator<number> {
    const json = this.#json;
    if (json.kind() === "array") {
      let i = 0;
      for (let more = json.firstItem(); more; more = json.nextItem()) yield i++;
      return;
    }
    for (let key = json.firstKey(); key !== undefined; key = json.nextKey()) {
      if (INDEX.test(key)) {
        yield Number(key);
        continue;
      }
      this.#wrong(`${where} (${json.place(json.offset)})`, `has the key ${describeValue(key)}`, "integers 0, 1, ... as keys");
      json.skip();
    }
  }

  #readState(s: number): void {
    const json = this.#json;
    if (this.#states.has(s)) json.failTwice(String(s));
    this.#states.add(s);
    const kind = json.kind();
    if (kind !== "object" && kind !== "array") {
      const value = json.value();
      if (value === null) this.#terminal.add(s);
      else this.#wrong(`P[${s}]`, `is ${describeValue(value)}`, "an object or array by action");
      return;
    }
    const seen = new Set<number>();
    for (const a of this.#indices(`P[${s}]`)) {
      if (seen.has(a)) json.failTwice(String(a));
      seen.add(a);
      this.#readChoice(s, a);
    }
    if (seen.size === 0) this.#terminal.add(s);
  }

  #readChoice(s: number, a: number): void {
    const json = this.#json;
    if (s >= MAX_COUNT || a >= MAX_COUNT - 1) {
      this.#wrong(`P[${s}][${a}] (${json.place(json.offset)})`, "is beyond int32", `states and actions below ${MAX_COUNT - 1}`);
      json.skip();
      return;
    }
    if (a >= this.#actionCount) this.#actionCount = a + 1;
    if (json.kind() !== "array") {
      const place = json.place(json.offset);
      const value = json.value();
      if (value !== null) this.#wrong(`P[${s}][${a}] (${place})`, `is ${describeValue(value)}`, `a list of ${SHAPE}`);
      return;
    }
    let i = 0;
    for (let more = json.firstItem(); more; more = json.nextItem()) this.#readEntry(s, a, i++);
  }

  #readEntry(s: number, a: number, i: number): void {
    const json = this.#json;
    const offset = json.offset;
    const entry = json.value();
    const fault = faultOf(entry);
    if (fault === undefined) {
      const [probability, next, reward, ends] = entry as [number, number, number, boolean | number];
      this.#list.add(s, a, next, probability, reward, offset, ends === true || ends === 1);
      return;
    }
    this.#issues.add(`P[${s}][${a}][${i}] (${json.place(offset)})`, ...fault);
    this.#list.add(s, a, -1, 0, 0, offset);
  }

  /** The states must be 0 .. n-1. */
  #checkStates(): void {
    const count = this.#states.size;
    let largest = 0;
    for (const s of this.#states) if (s > largest) largest = s;
    if (largest < count || count === 0) return;
    for (let s = 0; s < count; s++) {
      if (!this.#states.has(s))
        this.#wrong(
          `P[${s}]`,
          `is missing, though there is P[${largest}]`,
          "states 0, 1, ... without a gap",
          "a terminal state is written with an empty table: {}.",
        );
    }
  }

  #checkSuccessors(): void {
    const list = this.#list;
    const [state, action, next] = [list.state.done(), list.action.done(), list.next.done()];
    let i = 0;
    for (let k = 0; k < next.length; k++) {
      i = k > 0 && state[k] === state[k - 1] && action[k] === action[k - 1] ? i + 1 : 0;
      if (next[k]! < this.#states.size) continue;
      const where = `P[${state[k]}][${action[k]}][${i}] (${this.#json.place(list.offset.array[k]!)})`;
      this.#issues.add(where, `has the next state ${next[k]}`, `a state from 0 to ${this.#states.size - 1}`);
      next[k] = -1;
    }
  }

  /** An issue after which the table cannot be compiled. */
  #wrong(where: string, got: string, expected: string, hint?: string): void {
    this.#issues.add(where, got, expected, hint);
    this.#lost = true;
  }
}

/** What is wrong with an entry, and what was expected. */
function faultOf(entry: unknown): [got: string, expected: string] | undefined {
  if (!Array.isArray(entry)) return [`is ${describeValue(entry)}`, SHAPE];
  if (entry.length !== 4) return [`has ${entry.length} entries`, SHAPE];
  const [probability, next, reward, ends]: readonly unknown[] = entry;
  const isNumber = (x: unknown): x is number => typeof x === "number" && Number.isFinite(x);
  if (!(isNumber(probability) && probability >= 0)) return [`has the probability ${describeValue(probability)}`, "a finite number >= 0"];
  if (!(isNumber(next) && Number.isInteger(next) && next >= 0 && next < MAX_COUNT))
    return [`has the next state ${describeValue(next)}`, "the index of a state"];
  if (!isNumber(reward)) return [`has the reward ${describeValue(reward)}`, "a finite number"];
  if (typeof ends !== "boolean" && ends !== 0 && ends !== 1) return [`has the flag ${describeValue(ends)}`, "true or false: whether the episode ends"];
  return undefined;
}
