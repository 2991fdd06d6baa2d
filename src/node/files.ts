// Model and result files by path, for programs that run in Node.
import { readFile } from "node:fs/promises";
import { formatOfName, type ModelFormat, modelPieces, type ReadModelOptions, readModel, type SavedSolution } from "../formats/index.ts";
import type { Label, Mdp } from "../mdp/index.ts";
import type { Solution } from "../solvers/index.ts";
import { UsageError } from "./exit.ts";
import { readResult, resultContent, resultFormatOf } from "./result-file.ts";
import { type SaveOptions, savedSolution } from "./saved-result.ts";
import { writeFileAtomically } from "./write-file.ts";

/**
 * Reads a model file; its name and content tell the format.
 *
 * @throws FormatError, InvalidModelError, ShapeError, OptionError for what is in it; the file system's error for what is not there.
 * @example
 * const mdp = await readModelFile("model.npz", { discount: 0.95 });
 */
export async function readModelFile(path: string, options: ReadModelOptions = {}): Promise<Mdp<Label, Label>> {
  return readModel(path, await readFile(path), options);
}

/**
 * Writes a model file, whole or not at all. The name tells the format: .npz, .gym.json for Gymnasium's table, .json for mdpkit JSON.
 *
 * @throws MdpkitError for a name of no known format, and where the file system refuses.
 * @example
 * await writeModelFile("robot.json", robot);
 */
export async function writeModelFile<S, A>(path: string, mdp: Mdp<S, A>, options: { readonly format?: ModelFormat | undefined } = {}): Promise<void> {
  const format = options.format ?? formatOfName(path);
  if (format === undefined)
    throw new UsageError(`${path} tells no model format, expected a name that ends in .npz, .gym.json or .json.`, { hint: "or pass format." });
  await writeFileAtomically(path, modelPieces(mdp, format));
}

/**
 * Saves a solution as JSON (what `mdpkit solve --json` prints) or npz, by the name's ending; whole or not at all.
 *
 * @remarks Q is left out above 10,000 states unless `q` is true.
 * @throws MdpkitError for another ending, and where the file system refuses.
 * @example
 * await saveSolution("best.npz", await solve(robot));
 * // Python: best = numpy.load("best.npz"); best["value"], best["policy"]
 */
export async function saveSolution<S extends Label, A extends Label>(path: string, solution: Solution<S, A>, options: SaveOptions = {}): Promise<void> {
  const format = resultFormatOf(path);
  if (format === undefined) throw new UsageError(`${path} tells no result format, expected a name that ends in .json or .npz.`);
  await writeFileAtomically(path, resultContent(savedSolution(solution, options), solution.mdp.actions, format));
}

/**
 * Loads what `saveSolution`, `solve --json` or `solve --out` wrote, as plain data.
 *
 * @throws FormatError, ShapeError, InvalidModelError for what is in it; the file system's error for what is not there.
 * @example
 * const saved = await loadSolution("best.npz");
 * saved.value[0];
 */
export async function loadSolution(path: string): Promise<SavedSolution> {
  return readResult(await readFile(path));
}
