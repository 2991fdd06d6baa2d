// Bytes to text, and offsets in a text to lines and columns.
import { FormatError } from "../errors.ts";

/** Where something stands in a text; both count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * UTF-8 bytes as text, without a byte order mark; a text is taken as it is.
 *
 * @throws FormatError if the bytes are not UTF-8, or more than a string can hold.
 */
export function decodeText(input: string | Uint8Array): string {
  if (typeof input === "string") return input.charCodeAt(0) === 0xfeff ? input.slice(1) : input;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
  } catch (cause) {
    const utf16 = (input[0] === 0xff && input[1] === 0xfe) || (input[0] === 0xfe && input[1] === 0xff);
    if (input.length > 2 ** 29 - 64) {
      throw new FormatError(`text has ${input.length} bytes, expected at most ${2 ** 29 - 64}.`, { cause, hint: "large models are read from npz." });
    }
    throw new FormatError(`text is ${utf16 ? "UTF-16" : "not UTF-8"}, expected UTF-8.`, { cause });
  }
}

/** Finds lines and columns of offsets; quick where they ascend. */
export class TextPositions {
  readonly #text: string;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): TextPosition {
    if (offset < this.#lineStart) {
      this.#line = 1;
      this.#lineStart = 0;
    }
    for (let end = this.#text.indexOf("\n", this.#lineStart); end >= 0 && end < offset; end = this.#text.indexOf("\n", this.#lineStart)) {
      this.#line++;
      this.#lineStart = end + 1;
    }
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }
}
