// Option values checked strictly, all of them before anything starts: every bad one is a line of the same error.
import { describeValue } from "../errors.ts";
import { nearest } from "../mdp/labels.ts";
import { UsageError } from "./exit.ts";

/** Values as the parser hands them over: text, or true for a flag. */
export type RawOptions = Readonly<Record<string, unknown>>;

export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  /** The number must be greater than `min`, not equal. */
  readonly above?: boolean;
  readonly integer?: boolean;
}

/** Decimal numbers only: no hexadecimal, no "Infinity", no trailing text, no blanks. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads the options of one command and remembers what is wrong with them.
 *
 * @example
 * const read = new OptionReader(options);
 * const epsilon = read.number("epsilon", { min: 0, above: true });
 * read.done(); // throws with one line a bad option
 */
export class OptionReader {
  readonly #options: RawOptions;
  readonly #faults: string[] = [];

  constructor(options: RawOptions) {
    this.#options = options;
  }

  /** Whether a flag is set. */
  flag(name: string): boolean {
    return this.#options[name] === true;
  }

  /** A text, or undefined where the option is not given. An empty one is a fault. */
  text(name: string): string | undefined {
    const given = this.#options[name];
    if (typeof given !== "string") return undefined;
    if (given === "") this.#fault(name, given, "a text that is not empty");
    return given;
  }

  /** An option that may be given several times (`collected` gathers it): its texts in their order. */
  texts(name: string): readonly string[] {
    const given = this.#options[name];
    if (!Array.isArray(given)) return [];
    const texts = given.filter((text): text is string => typeof text === "string");
    for (const text of texts) if (text === "") this.#fault(name, text, "a text that is not empty");
    return texts;
  }

  /** A number in decimal notation within a range. */
  number(name: string, range: NumberRange): number | undefined {
    const given = this.#options[name];
    if (typeof given !== "string") return undefined;
    const number = DECIMAL.test(given) ? Number(given) : Number.NaN;
    const low = range.min ?? -Infinity;
    const high = range.max ?? Infinity;
    const inRange = (range.above === true ? number > low : number >= low) && number <= high && Number.isFinite(number);
    if (!inRange || (range.integer === true && !Number.isSafeInteger(number))) this.#fault(name, given, rangeInWords(range));
    return number;
  }

  /** One of the given words. */
  oneOf<const W extends string>(name: string, words: readonly W[]): W | undefined {
    const given = this.#options[name];
    if (typeof given !== "string") return undefined;
    const word = words.find((candidate) => candidate === given);
    if (word === undefined) {
      const near = nearest(given, words);
      this.#fault(name, given, `one of ${words.join(", ")}`, near === undefined ? undefined : `did you mean ${near}?`);
    }
    return word;
  }

  /** Records a fault that only the command can see. */
  fault(line: string): void {
    this.#faults.push(line);
  }

  /** @throws UsageError if anything was wrong. */
  done(): void {
    if (this.#faults.length > 0) throw new UsageError(this.#faults);
  }

  #fault(name: string, got: string, expected: string, hint?: string): void {
    this.#faults.push(`${optionFlag(name)} is ${describeValue(got)}, expected ${expected}.${hint === undefined ? "" : ` Hint: ${hint}`}`);
  }
}

/** How the parser gathers an option that may be given several times, for `texts` to read. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** `maxSweeps` as the user writes it: `--max-sweeps`. */
export function optionFlag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function rangeInWords(range: NumberRange): string {
  const kind = range.integer === true ? "an integer" : "a number";
  if (range.min !== undefined && range.max !== undefined) return `${kind} from ${range.min} to ${range.max}`;
  if (range.min === undefined) return kind;
  return range.above === true ? `${kind} > ${range.min}` : `${kind} >= ${range.min}`;
}
