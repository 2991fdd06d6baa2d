// The arguments of a built-in's specification, `name:first,key=value,...`, each read by type, none left over.
import { OptionError } from "../errors.ts";
import { nearest } from "../mdp/index.ts";
import type { Seed } from "../numeric/index.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** The parts of `name:arguments`. */
export function splitSpec(spec: string): { readonly name: string; readonly text: string | undefined } {
  const colon = spec.indexOf(":");
  return colon < 0 ? { name: spec.trim(), text: undefined } : { name: spec.slice(0, colon).trim(), text: spec.slice(colon + 1) };
}

/**
 * Arguments as a built-in reads them: one without a key, which comes first, and `key=value` ones.
 *
 * @throws OptionError for what is no argument list, a value of the wrong type, or (from `finish`) a key nobody read.
 */
export class SpecArgs {
  readonly name: string;
  readonly #usage: string;
  readonly #first: string | undefined;
  readonly #named = new Map<string, string>();
  readonly #read = new Set<string>();
  #readFirst = false;

  constructor(name: string, usage: string, text: string | undefined) {
    this.name = name;
    this.#usage = usage;
    if (text === undefined) return;
    for (const [i, item] of text.split(",").entries()) {
      const equals = item.indexOf("=");
      const key = equals < 0 ? "" : item.slice(0, equals).trim();
      const value = item.slice(equals + 1).trim();
      if (value === "" || (equals >= 0 && key === "")) throw new OptionError(`argument ${i + 1} of ${name}`, item, `${usage}`);
      if (equals < 0) {
        if (i > 0) throw new OptionError(`argument ${i + 1} of ${name}`, item, "key=value", usage);
        this.#first = value;
      } else {
        if (this.#named.has(key)) throw new OptionError(`argument ${i + 1} of ${name}`, item, `${key} once`);
        this.#named.set(key, value);
      }
    }
  }

  /** The argument without a key. */
  first(): string | undefined {
    this.#readFirst = true;
    return this.#first;
  }

  number(key: string): number | undefined {
    return this.#parse(key, (value) => this.#number(key, value));
  }

  /** The argument without a key, or the one called `key`, as a number. */
  firstNumber(key: string): number | undefined {
    const first = this.first();
    if (first === undefined) return this.number(key);
    if (this.#named.has(key)) throw new OptionError(`${this.name}: ${key}`, this.#named.get(key), `nothing: ${first} gives it already`);
    return this.#number(key, first);
  }

  /** `ROWSxCOLUMNS`, the argument without a key. */
  firstSize(): { readonly rows: number; readonly columns: number } | undefined {
    const first = this.first();
    if (first === undefined) return undefined;
    const match = /^(\d+)x(\d+)$/i.exec(first);
    if (match === null) throw new OptionError(`${this.name}: size`, first, "ROWSxCOLUMNS, such as 30x30");
    return { rows: Number(match[1]), columns: Number(match[2]) };
  }

  boolean(key: string): boolean | undefined {
    return this.#parse(key, (value) => {
      if (value === "true") return true;
      if (value === "false") return false;
      throw new OptionError(`${this.name}: ${key}`, value, "true or false");
    });
  }

  seed(key: string): Seed | undefined {
    return this.#parse(key, (value) => (/^\d+$/.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : value));
  }

  /** @throws OptionError for an argument that none of the calls before has asked for. */
  finish(): void {
    if (this.#first !== undefined && !this.#readFirst) throw new OptionError(`${this.name}: first argument`, this.#first, "key=value", this.#usage);
    for (const key of this.#named.keys()) {
      if (this.#read.has(key)) continue;
      const near = nearest(key, [...this.#read]);
      const known = this.#read.size === 0 ? "no arguments" : `one of ${[...this.#read].join(", ")}`;
      throw new OptionError(`an argument of ${this.name}`, key, known, near === undefined ? this.#usage : `did you mean ${near}?`);
    }
  }

  #parse<T>(key: string, convert: (value: string) => T): T | undefined {
    this.#read.add(key);
    const value = this.#named.get(key);
    return value === undefined ? undefined : convert(value);
  }

  #number(key: string, value: string): number {
    if (!NUMBER.test(value)) throw new OptionError(`${this.name}: ${key}`, value, "a number");
    return Number(value);
  }
}
