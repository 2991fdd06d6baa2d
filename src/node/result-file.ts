// Result files by extension: JSON as `solve --json` prints it, or npz for numpy.
import { readSolutionJson, readSolutionNpz, type SavedSolution, solutionJsonPieces, writeSolutionNpz } from "../formats/index.ts";
import { isZip } from "../formats/zip.ts";
import type { LabelIndex } from "../mdp/index.ts";
import type { Content } from "./write-file.ts";

export type ResultFormat = "json" | "npz";

/** The format of a result file by its name, undefined for another ending. */
export function resultFormatOf(name: string): ResultFormat | undefined {
  if (/\.npz$/i.test(name)) return "npz";
  return /\.json$/i.test(name) ? "json" : undefined;
}

/** What stands in a result file. */
export function resultContent<A>(saved: SavedSolution, actions: LabelIndex<A>, format: ResultFormat): Content {
  return format === "npz" ? writeSolutionNpz(saved, actions) : solutionJsonPieces(saved);
}

/**
 * Reads a result file; its content tells which of the two it is.
 *
 * @throws FormatError, ShapeError, InvalidModelError naming what does not fit.
 */
export function readResult(bytes: Uint8Array): SavedSolution {
  return isZip(bytes) ? readSolutionNpz(bytes) : readSolutionJson(bytes);
}
