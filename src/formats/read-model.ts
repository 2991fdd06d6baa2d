// Any model file to a model, and a model to any format: the way in and out for all that does not care which it is.
import type { Label, Mdp } from "../mdp/index.ts";
import { detectFormat, type ModelFormat } from "./detect.ts";
import { gymnasiumJsonPieces, readGymnasiumJson } from "./gymnasium-json.ts";
import { mdpkitJsonPieces, readMdpkitJson } from "./mdpkit-json.ts";
import { readNpzModel } from "./npz-model.ts";
import { writeNpzModel } from "./npz-model-write.ts";
import type { ReadOptions } from "./read-options.ts";

export interface ReadModelOptions extends ReadOptions {
  /** The format, where name and content do not tell. */
  readonly format?: ModelFormat | undefined;
}

/**
 * Reads a model file of any known format.
 *
 * @param name the file's name; its ending and the content tell the format.
 * @throws FormatError, InvalidModelError, ShapeError, OptionError; the signal's reason when aborted.
 * @example
 * const mdp = await readModel("robot.json", await readFile("robot.json"), { discount: 0.95 });
 */
export async function readModel(name: string, bytes: Uint8Array, options: ReadModelOptions = {}): Promise<Mdp<Label, Label>> {
  switch (options.format ?? detectFormat(name, bytes)) {
    case "mdpkit":
      return readMdpkitJson(bytes, options);
    case "gymnasium":
      return readGymnasiumJson(bytes, options);
    case "npz":
      return readNpzModel(bytes, options);
  }
}

/**
 * A model in a format, in pieces to be written one after the other: text, or the bytes of npz.
 *
 * @throws ShapeError where the format cannot hold a model of this size.
 * @example
 * for (const piece of modelPieces(robot, "gymnasium")) stream.write(piece);
 */
export function modelPieces<S, A>(mdp: Mdp<S, A>, format: ModelFormat): Iterable<string | Uint8Array> {
  switch (format) {
    case "mdpkit":
      return mdpkitJsonPieces(mdp);
    case "gymnasium":
      return gymnasiumJsonPieces(mdp);
    case "npz":
      return [writeNpzModel(mdp)];
  }
}
