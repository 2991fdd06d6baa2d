// A pull reader of JSON: the strict grammar, line and column in every message, and no objects in between for arrays of millions.
import { describeValue, FormatError } from "../errors.ts";
import { decodeText, TextPositions } from "./text.ts";

export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

/** How deep values may nest. No format here goes beyond six. */
const DEEPEST = 100;

/** A number, at one place of a text. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const BACKSLASH = 92;

/**
 * Reads a JSON text piece by piece, in order.
 *
 * Objects: `for (const key of json.keys()) { read one value }`;
 * arrays: `for (let more = json.firstItem(); more; more = json.nextItem()) { read one value }`.
 * Every method throws FormatError where the text is not JSON or the value is of another kind.
 *
 * @example
 * const json = new JsonReader("[1, 2]");
 * const numbers = [];
 * for (let more = json.firstItem(); more; more = json.nextItem()) numbers.push(json.number());
 * json.end();
 */
export class JsonReader {
  readonly #text: string;
  readonly #positions: TextPositions;
  #at = 0;
  /** Where the latest key began. */
  #keyAt = 0;

  constructor(input: string | Uint8Array) {
    this.#text = decodeText(input);
    this.#positions = new TextPositions(this.#text);
  }

  /** Where the next value or sign begins; `seek` returns to it. */
  get offset(): number {
    this.#skipSpace();
    return this.#at;
  }

  seek(offset: number): void {
    this.#at = offset;
  }

  /** `line 3, column 7`. */
  place(offset: number): string {
    const { line, column } = this.#positions.at(offset);
    return `line ${line}, column ${column}`;
  }

  /** The kind of the next value. */
  kind(): JsonKind {
    this.#skipSpace();
    const c = this.#text.charCodeAt(this.#at);
    if (c === MINUS || isDigit(c)) return "number";
    switch (this.#text[this.#at]) {
      case "{":
        return "object";
      case "[":
        return "array";
      case '"':
        return "string";
      case "t":
      case "f":
        return "boolean";
      case "n":
        return "null";
      default:
        return this.fail("a value");
    }
  }

  /** Enters an object: its first key, or undefined if it has none. */
  firstKey(): string | undefined {
    this.#expect("{", "an object");
    this.#skipSpace();
    if (this.#text[this.#at] !== "}") return this.#key();
    this.#at++;
    return undefined;
  }

  /** After a value in an object: the next key, or undefined at its end. */
  nextKey(): string | undefined {
    if (!this.#goesOn("}")) return undefined;
    return this.#key();
  }

  /** The keys of an object, each with the reader at its value, which must be read. @throws FormatError where a key stands twice. */
  *keys(): Generator<string> {
    const seen = new Set<string>();
    for (let key = this.firstKey(); key !== undefined; key = this.nextKey()) {
      if (seen.has(key)) this.failTwice(key);
      seen.add(key);
      yield key;
    }
  }

  /** Enters an array: whether it has an item. */
  firstItem(): boolean {
    this.#expect("[", "an array");
    this.#skipSpace();
    if (this.#text[this.#at] !== "]") return true;
    this.#at++;
    return false;
  }

  /** After an item: whether there is another. */
  nextItem(): boolean {
    return this.#goesOn("]");
  }

  /** A number; beyond the range of float64 it is an infinity. */
  number(): number {
    this.#skipSpace();
    // Up to nine digits and nothing else is an index, summed by hand at a quarter of the cost.
    const from = this.#at;
    let n = 0;
    let i = from;
    for (; i < from + 9; i++) {
      const digit = this.#text.charCodeAt(i) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      n = n * 10 + digit;
    }
    if (i > from && !goesOnAsNumber(this.#text.charCodeAt(i)) && (i === from + 1 || this.#text[from] !== "0")) {
      this.#at = i;
      return n;
    }
    this.#passNumber();
    return Number(this.#text.slice(from, this.#at));
  }

  string(): string {
    this.#skipSpace();
    const from = this.#at;
    if (this.#text.charCodeAt(from) !== QUOTE) this.fail("a string");
    const plain = this.#passString();
    if (plain) return this.#text.slice(from + 1, this.#at - 1);
    try {
      return JSON.parse(this.#text.slice(from, this.#at)) as string;
    } catch {
      this.#at = from;
      return this.fail("a string whose escapes are valid");
    }
  }

  /** The next value whole, as JSON.parse makes it; a key that stands twice in an object is an error. */
  value(depth = 0): unknown {
    switch (this.kind()) {
      case "number":
        return this.number();
      case "string":
        return this.string();
      case "array": {
        this.#checkDepth(depth);
        const items: unknown[] = [];
        for (let more = this.firstItem(); more; more = this.nextItem()) items.push(this.value(depth + 1));
        return items;
      }
      case "object": {
        this.#checkDepth(depth);
        const entries: [string, unknown][] = [];
        for (const key of this.keys()) entries.push([key, this.value(depth + 1)]);
        return Object.fromEntries(entries);
      }
      default:
        return this.#word();
    }
  }

  /** Passes the next value, which must be JSON all the same. */
  skip(depth = 0): void {
    switch (this.kind()) {
      case "number":
        this.#passNumber();
        return;
      case "string":
        this.string();
        return;
      case "array":
        this.#checkDepth(depth);
        for (let more = this.firstItem(); more; more = this.nextItem()) this.skip(depth + 1);
        return;
      case "object":
        this.#checkDepth(depth);
        for (const _key of this.keys()) this.skip(depth + 1);
        return;
      default:
        this.#word();
    }
  }

  /** Nothing may follow. */
  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) this.fail("the end of the text");
  }

  /** @throws FormatError at the present place. */
  fail(expected: string): never {
    this.#skipSpace();
    const rest = this.#text.slice(this.#at, this.#at + 40);
    const word = /^[-+\w.]+/.exec(rest)?.[0];
    const got = rest === "" ? "ends" : `has ${describeValue(word ?? [...rest][0])}`;
    const python = word !== undefined && /^-?(NaN|Infinity|inf|nan|None|True|False)$/.test(word);
    throw new FormatError(`JSON ${this.place(this.#at)} ${got}, expected ${expected}.`, {
      details: { ...this.#positions.at(this.#at), offset: this.#at },
      ...(python ? { hint: `${word} is not JSON; Python's json.dumps writes only JSON with allow_nan=False.` } : {}),
    });
  }

  /** @throws FormatError at the latest key, which stands there a second time. */
  failTwice(key: string): never {
    throw new FormatError(`JSON ${this.place(this.#keyAt)} has the key ${describeValue(key)} a second time, expected each key once.`, {
      details: { ...this.#positions.at(this.#keyAt), offset: this.#keyAt },
    });
  }

  #checkDepth(depth: number): void {
    if (depth >= DEEPEST) this.fail(`at most ${DEEPEST} nested arrays and objects`);
  }

  #skipSpace(): void {
    for (;;) {
      const c = this.#text.charCodeAt(this.#at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
      this.#at++;
    }
  }

  #expect(sign: string, what: string): void {
    this.#skipSpace();
    if (this.#text[this.#at] !== sign) this.fail(what);
    this.#at++;
  }

  #key(): string {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== QUOTE) this.fail("a key in double quotes");
    this.#keyAt = this.#at;
    const key = this.string();
    this.#expect(":", `":" after the key ${describeValue(key)}`);
    return key;
  }

  #goesOn(close: "}" | "]"): boolean {
    this.#skipSpace();
    const c = this.#text.charCodeAt(this.#at);
    if (c === COMMA) {
      this.#at++;
      return true;
    }
    if (c !== close.charCodeAt(0)) this.fail(`"," or "${close}"`);
    this.#at++;
    return false;
  }

  #word(): boolean | null {
    const word = /^(?:true|false|null)(?!\w)/.exec(this.#text.slice(this.#at, this.#at + 6))?.[0];
    if (word === undefined) return this.fail("a value");
    this.#at += word.length;
    return word === "null" ? null : word === "true";
  }

  #passNumber(): void {
    NUMBER.lastIndex = this.#at;
    const end = NUMBER.test(this.#text) ? NUMBER.lastIndex : this.#at;
    if (end === this.#at || goesOnAsNumber(this.#text.charCodeAt(end))) this.fail("a number");
    this.#at = end;
  }

  /** Passes a string; answers whether it has no escapes. */
  #passString(): boolean {
    const from = this.#at;
    let plain = true;
    for (let i = from + 1; ; i++) {
      const c = this.#text.charCodeAt(i);
      if (c === QUOTE) {
        this.#at = i + 1;
        return plain;
      }
      if (c === BACKSLASH) {
        plain = false;
        i++;
      } else if (!(c >= 32)) {
        this.#at = i;
        return this.fail(Number.isNaN(c) ? `the end of the string that begins at ${this.place(from)}` : "no control character within a string");
      }
    }
  }
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

/** Letters, digits, the point and signs: what no number is followed by. */
function goesOnAsNumber(c: number): boolean {
  return isDigit(c) || c === 43 || c === MINUS || c === 46 || (c >= 65 && c <= 90) || c === 95 || (c >= 97 && c <= 122);
}

/** A whole JSON text as a value. @throws FormatError naming line and column. */
export function parseJson(input: string | Uint8Array): unknown {
  const json = new JsonReader(input);
  const value = json.value();
  json.end();
  return value;
}
