// JSON written in pieces: a million states never make one giant string.

/** Pieces are about this long, in characters. */
const PIECE = 65536;

/** What can be written: plain data, typed arrays, and iterables of such items in place of arrays. */
export type JsonSource = unknown;

/**
 * The JSON text of a value, in pieces.
 *
 * Arrays, typed arrays and other iterables become arrays, walked once; infinities become the strings "Infinity" and "-Infinity",
 * NaN null; entries that are undefined are left out of objects.
 *
 * @example
 * [...jsonPieces({ value: Float64Array.of(1, Infinity) })].join(""); // '{"value":[1,"Infinity"]}'
 */
export function* jsonPieces(source: JsonSource): Generator<string> {
  yield* gather(tokens(source));
}

/** Joins small texts into pieces. */
export function* gather(texts: Iterable<string>): Generator<string> {
  let piece = "";
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/** A number as JSON: the shortest text that reads back the same; infinities as strings, NaN as null. */
export function jsonNumber(x: number): string {
  if (Number.isFinite(x)) return Object.is(x, -0) ? "0" : String(x);
  return Number.isNaN(x) ? "null" : x > 0 ? '"Infinity"' : '"-Infinity"';
}

function* tokens(source: JsonSource): Generator<string> {
  if (typeof source === "number") {
    yield jsonNumber(source);
  } else if (typeof source !== "object" || source === null) {
    yield JSON.stringify(source) ?? "null";
  } else if (ArrayBuffer.isView(source) || Array.isArray(source) || Symbol.iterator in source) {
    let separator = "[";
    for (const item of source as Iterable<unknown>) {
      // Numbers stand in long arrays: no generator of their own.
      if (typeof item === "number") {
        yield separator + jsonNumber(item);
      } else {
        yield separator;
        yield* tokens(item);
      }
      separator = ",";
    }
    yield separator === "[" ? "[]" : "]";
  } else {
    let separator = "{";
    for (const [key, entry] of Object.entries(source)) {
      if (entry === undefined) continue;
      yield `${separator}${JSON.stringify(key)}:`;
      yield* tokens(entry);
      separator = ",";
    }
    yield separator === "{" ? "{}" : "}";
  }
}
