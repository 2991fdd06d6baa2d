// A JSON value as one line, in pieces: what commands print with --json.
import { jsonPieces } from "../formats/json-pieces.ts";

/**
 * The JSON text of a value and a line break. Iterables and typed arrays become arrays, infinities the strings "Infinity" and "-Infinity".
 *
 * @example
 * await writeChunks(world.stdout, jsonLine({ value: Float64Array.of(1, Infinity) })); // {"value":[1,"Infinity"]}
 */
export function* jsonLine(value: unknown): Generator<string> {
  yield* jsonPieces(value);
  yield "\n";
}
