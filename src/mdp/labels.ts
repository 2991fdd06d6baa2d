// Labels <-> indices: what users call states and actions, and where they stand in the arrays.
import { describeValue, OptionError, UnknownLabelError } from "../errors.ts";

/** What names a state or an action unless a model is explored from values of another type. */
export type Label = string | number;

/** A method's parameter types are compared both ways, so that a model of narrower labels passes where wider ones are taken. */
interface KeyOf<T> {
  key(label: T): string | number;
}

/** How a label of any type becomes a map key. */
export type LabelKey<T> = KeyOf<T>["key"];

/**
 * A key for any plain value: itself for strings and numbers, its JSON otherwise.
 *
 * @throws OptionError for what JSON does not keep apart: Map, Set, undefined, NaN within an object, functions.
 */
export function defaultKey(label: unknown): string | number {
  if (typeof label === "string" || typeof label === "number") return label;
  requirePlain(label);
  return JSON.stringify(label);
}

function requirePlain(value: unknown): void {
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value) || ArrayBuffer.isView(value)) return;
  if (typeof value === "object") {
    const entries: unknown[] = Array.isArray(value) ? value : Object.values(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (entries.length > 0 || Array.isArray(value) || prototype === Object.prototype || prototype === null || "toJSON" in value) {
      // A property that is undefined is as good as absent; an array entry is not.
      for (const entry of entries) if (entry !== undefined || Array.isArray(value)) requirePlain(entry);
      return;
    }
  }
  throw new OptionError(
    "a label, or a part of it,",
    value,
    "what JSON keeps apart: strings, finite numbers, booleans, null, arrays, plain objects",
    "pass key, a function from label to string or number.",
  );
}

/** Labels of any type, as text. */
export interface LabelNames {
  readonly size: number;
  name(index: number): string;
  quote(index: number): string;
}

/**
 * An ordered set of labels. A range 0..n-1 takes no memory.
 *
 * @example
 * const states = LabelIndex.list("state", ["high", "low"]);
 * states.indexOf("low"); // 1
 */
export class LabelIndex<T = Label> implements Iterable<T>, LabelNames {
  /** What the labels name, for messages: "state" or "action". */
  readonly kind: string;
  readonly size: number;
  readonly #labels: readonly T[] | undefined;
  readonly #key: LabelKey<T>;
  readonly #index: Map<string | number, number> | undefined;

  private constructor(kind: string, size: number, labels: readonly T[] | undefined, key: LabelKey<T>, index: Map<string | number, number> | undefined) {
    this.kind = kind;
    this.size = size;
    this.#labels = labels;
    this.#key = key;
    this.#index = index;
  }

  /** The labels 0, 1, ..., size - 1. */
  static range(kind: string, size: number): LabelIndex<number> {
    return new LabelIndex<number>(kind, size, undefined, defaultKey, undefined);
  }

  /**
   * The given labels in their order. `key` tells labels apart; by default a string or number is its own key.
   *
   * @throws OptionError if a label stands twice.
   */
  static list<const T>(kind: string, labels: readonly T[], key: LabelKey<T> = defaultKey): LabelIndex<T> {
    const index = new Map<string | number, number>();
    for (const [i, label] of labels.entries()) {
      const k = key(label);
      const first = index.get(k);
      if (first !== undefined) {
        throw new OptionError(`${kind}s[${i}]`, k, `each label once, and ${kind}s[${first}] is the same`);
      }
      index.set(k, i);
    }
    return new LabelIndex<T>(kind, labels.length, labels.slice(), key, index);
  }

  /** Whether labels are just the indices 0..size-1. */
  get isRange(): boolean {
    return this.#labels === undefined;
  }

  has(label: T): boolean {
    return this.find(label) >= 0;
  }

  /** The index of a label, or -1. */
  find(label: T): number {
    if (this.#index !== undefined) return this.#index.get(this.#key(label)) ?? -1;
    return typeof label === "number" && Number.isInteger(label) && label >= 0 && label < this.size ? label : -1;
  }

  /**
   * The index of a label.
   *
   * @throws UnknownLabelError naming the nearest labels.
   */
  indexOf(label: T): number {
    const i = this.find(label);
    if (i < 0) throw unknownLabel(this, label);
    return i;
  }

  /** The label at an index. */
  at(index: number): T {
    if (!(Number.isInteger(index) && index >= 0 && index < this.size)) {
      throw new UnknownLabelError(`${this.kind} index ${index} does not exist, expected an integer from 0 to ${this.size - 1}.`);
    }
    // A range's labels are its indices: T is number there.
    return this.#labels === undefined ? (index as T) : this.#labels[index]!;
  }

  /** The label as text for messages and reports, strings without quotes. */
  name(index: number): string {
    const label = this.at(index);
    return typeof label === "string" ? label : String(this.#key(label));
  }

  /** The label as it stands in messages: strings in quotes. */
  quote(index: number): string {
    const label = this.at(index);
    return typeof label === "string" ? JSON.stringify(label) : String(this.#key(label));
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = 0; i < this.size; i++) yield this.at(i);
  }

  toArray(): T[] {
    return [...this];
  }
}

function unknownLabel<T>(labels: LabelIndex<T>, label: T): UnknownLabelError {
  const got = typeof label === "object" ? JSON.stringify(label) : describeValue(label);
  if (labels.isRange) return new UnknownLabelError(`${labels.kind} ${got} does not exist, expected an integer from 0 to ${labels.size - 1}.`);
  const names = Array.from({ length: Math.min(labels.size, 1000) }, (_, i) => labels.name(i));
  const near = typeof label === "string" ? nearest(label, names) : undefined;
  const known = names.slice(0, 8).join(", ") + (labels.size > 8 ? ", ..." : "");
  return new UnknownLabelError(
    `${labels.kind} ${got} does not exist, expected one of ${known}.`,
    near === undefined ? {} : { hint: `did you mean ${JSON.stringify(near)}?` },
  );
}

/** The name at the smallest edit distance, if at most a third of the word has to change. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
