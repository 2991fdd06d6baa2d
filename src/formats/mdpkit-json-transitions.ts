// The transitions of mdpkit JSON: a long array read item by item into flat arrays, expressions evaluated at the end.
import { describeValue, FormatError } from "../errors.ts";
import { GrowableInt32 } from "../mdp/growable.ts";
import type { Label, LabelIndex } from "../mdp/index.ts";
import type { IssueList } from "../mdp/issues.ts";
import type { Pacer } from "../platform/pacer.ts";
import { loadEvaluator } from "./expression.ts";
import { addUnknown, findByIndexOrLabel } from "./json-labels.ts";
import type { JsonReader } from "./json-reader.ts";
import { TransitionList } from "./transition-list.ts";

const SHAPE = "[state, action, next, probability, reward]";
const WIDTH = 5;
const PROBABILITY = 3;
const REWARD = 4;

/** A string that is just a number needs no parser. */
const PLAIN_NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

export class TransitionReader {
  readonly #json: JsonReader;
  readonly #issues: IssueList;
  /** What the first three fields are labels of. */
  readonly #labels: readonly [LabelIndex<Label>, LabelIndex<Label>, LabelIndex<Label>];
  readonly #list = new TransitionList();
  #lost = false;

  // The transition being read, and which texts its probability and reward are (-1: they are numbers).
  #index = 0;
  #offset = 0;
  readonly #fields: [number, number, number, number, number] = [-1, -1, -1, 0, 0];
  readonly #fieldText: Int32Array = new Int32Array(WIDTH);

  // Expressions wait until all is read: 2 · transition (+ 1 for a reward), and which text.
  readonly #texts = new Map<string, number>();
  readonly #waiting = new GrowableInt32(16);
  readonly #waitingText = new GrowableInt32(16);

  constructor(json: JsonReader, states: LabelIndex<Label>, actions: LabelIndex<Label>, issues: IssueList) {
    this.#json = json;
    this.#issues = issues;
    this.#labels = [states, actions, states];
  }

  /** Whether some transition names no state or no action, so that what is missing elsewhere means nothing. */
  get lost(): boolean {
    return this.#lost;
  }

  /**
   * Reads the array at the reader's place; what is wrong goes to the issues.
   *
   * @throws FormatError where the text is not JSON; the signal's reason when aborted.
   */
  async read(pacer: Pacer): Promise<TransitionList> {
    for (let more = this.#json.firstItem(); more; more = this.#json.nextItem()) {
      if (this.#index % 4096 === 0) await pacer.tick();
      this.#readOne();
      this.#index++;
    }
    if (this.#texts.size > 0) await this.#evaluate(pacer);
    return this.#list;
  }

  /** `transitions[17] (line 20, column 3)`. */
  where(index: number, offset: number = this.#list.offset.done()[index]!): string {
    return `transitions[${index}] (${this.#json.place(offset)})`;
  }

  #readOne(): void {
    const json = this.#json;
    this.#offset = json.offset;
    if (json.kind() !== "array") {
      this.#add(`is ${describeValue(json.value())}`, SHAPE);
      this.#lost = true;
      return;
    }
    const faultsBefore = this.#issues.total;
    this.#fields[0] = this.#fields[1] = -1;
    this.#fieldText[PROBABILITY] = this.#fieldText[REWARD] = -1;
    let count = 0;
    for (let more = json.firstItem(); more; more = json.nextItem(), count++) {
      if (count < PROBABILITY) this.#readIndex(count as 0 | 1 | 2);
      else if (count < WIDTH) this.#readNumber(count as 3 | 4);
      else json.skip();
    }
    if (count !== WIDTH) this.#add(`has ${count} entries`, `${WIDTH}: ${SHAPE}`);
    const [state, action, next, probability, reward] = this.#fields;
    if (state < 0 || action < 0) {
      this.#lost = true;
      return;
    }
    for (const field of [PROBABILITY, REWARD]) {
      if (this.#fieldText[field]! < 0) continue;
      this.#waiting.push(2 * this.#list.length + (field - PROBABILITY));
      this.#waitingText.push(this.#fieldText[field]!);
    }
    this.#list.add(state, action, this.#issues.total > faultsBefore ? -1 : next, probability, reward, this.#offset);
  }

  #readIndex(field: 0 | 1 | 2): void {
    const labels = this.#labels[field];
    const value = this.#json.kind() === "number" ? this.#json.number() : this.#json.value();
    const index = findByIndexOrLabel(labels, value);
    this.#fields[field] = index;
    if (index < 0) addUnknown(this.#issues, this.where(this.#index, this.#offset), labels, value);
  }

  #readNumber(field: 3 | 4): void {
    const json = this.#json;
    const kind = json.kind();
    let value = Number.NaN;
    if (kind === "number") value = json.number();
    else if (kind !== "string") {
      this.#add(`has the ${nameOf(field)} ${describeValue(json.value())}`, 'a number or arithmetic such as "1/3"');
      return;
    } else {
      const text = json.string();
      if (PLAIN_NUMBER.test(text)) value = Number(text);
      else {
        const known = this.#texts.get(text) ?? this.#texts.size;
        this.#texts.set(text, known);
        this.#fieldText[field] = known;
        return;
      }
    }
    this.#fields[field] = value;
    this.#checkNumber(field, value, this.#index, this.#offset);
  }

  #checkNumber(field: 3 | 4, value: number, index: number, offset: number): boolean {
    const fits = field === PROBABILITY ? value >= 0 && value < Infinity : Number.isFinite(value);
    if (!fits)
      this.#issues.add(this.where(index, offset), `has the ${nameOf(field)} ${value}`, field === PROBABILITY ? "a finite number >= 0" : "a finite number");
    return fits;
  }

  #add(got: string, expected: string): void {
    this.#issues.add(this.where(this.#index, this.#offset), got, expected);
  }

  async #evaluate(pacer: Pacer): Promise<void> {
    const evaluate = await loadEvaluator();
    const values: (number | FormatError)[] = [];
    for (const text of this.#texts.keys()) {
      await pacer.tick();
      values.push(valueOrError(() => evaluate(text)));
    }
    const list = this.#list;
    for (let k = 0; k < this.#waiting.length; k++) {
      const at = this.#waiting.array[k]!;
      const i = at >> 1;
      const field = at % 2 === 0 ? PROBABILITY : REWARD;
      const value = values[this.#waitingText.array[k]!]!;
      const offset = list.offset.array[i]!;
      if (typeof value !== "number") {
        this.#issues.add(this.where(i, offset), `has a ${nameOf(field)} that cannot be used`, 'a number or arithmetic such as "1/3"', value.message);
        list.next.array[i] = -1;
        continue;
      }
      if (!this.#checkNumber(field, value, i, offset)) list.next.array[i] = -1;
      (field === PROBABILITY ? list.probability : list.reward).array[i] = value;
    }
  }
}

function nameOf(field: 3 | 4): string {
  return field === PROBABILITY ? "probability" : "reward";
}

function valueOrError(work: () => number): number | FormatError {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}
