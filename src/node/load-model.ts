// MODEL on the command line: a file or a built-in, made into a model, with errors that say which of the two was tried.
import { stat } from "node:fs/promises";
import { type BuiltIn, isBuiltIn, makeBuiltIn } from "../envs/index.ts";
import { describeValue, InvalidModelError, MdpkitError } from "../errors.ts";
import { detectFormat, type ModelFormat, readModel } from "../formats/index.ts";
import type { Label, Mdp, Objective } from "../mdp/index.ts";
import { OutsideError, UsageError } from "./exit.ts";
import { isSystemError, issueLines, systemReason } from "./failure.ts";
import type { OptionReader } from "./options.ts";
import { readBytes, STDIN } from "./read-file.ts";
import { pathIn, type World } from "./world.ts";

/** What a command asks of its MODEL. */
export interface ModelSettings {
  readonly discount: number | undefined;
  readonly objective: Objective | undefined;
  readonly format: ModelFormat | undefined;
  /** Divide each row by its sum, for counts. */
  readonly normalize: boolean;
}

export interface LoadedModel {
  /** As the user named it. */
  readonly name: string;
  readonly mdp: Mdp<Label, Label>;
  /** "built-in", or the format of the file. */
  readonly format: string;
  /** Layout and descriptions, where the model is a built-in. */
  readonly builtIn: BuiltIn | undefined;
  /** Seconds from the first byte to the compiled, valid model. */
  readonly seconds: number;
}

/** The options of MODEL, as `modelOptions` declares them. */
export function readModelOptions(read: OptionReader): ModelSettings {
  return {
    discount: read.number("discount", { min: 0, max: 1 }),
    objective: read.oneOf("objective", ["maximize", "minimize"]),
    format: read.oneOf("format", ["mdpkit", "gymnasium", "npz"]),
    normalize: read.flag("normalize"),
  };
}

/**
 * Loads MODEL. A file that exists wins over a built-in of the same name.
 *
 * @throws UsageError (2) for an unknown name or bad content, one line an issue; OutsideError (3) where a file cannot be read.
 */
export async function loadModel(world: World, name: string, settings: ModelSettings): Promise<LoadedModel> {
  const started = performance.now();
  const kind = await kindOf(world, name, settings.format !== undefined);
  if (kind === "built-in") {
    const builtIn = makeBuiltIn(name);
    return { name, mdp: adjusted(builtIn.mdp, settings), format: "built-in", builtIn, seconds: secondsSince(started) };
  }
  const bytes = await readBytes(world, name);
  try {
    const { format = detectFormat(name, bytes), ...rest } = settings;
    const mdp = await readModel(name, bytes, { format, ...rest, signal: world.signal });
    return { name, mdp, format, builtIn: undefined, seconds: secondsSince(started) };
  } catch (error) {
    throw inFile(name, error);
  }
}

/** The same, for commands that cannot do without a discount. @throws UsageError where neither model nor options have one. */
export async function loadDiscountedModel(world: World, name: string, settings: ModelSettings): Promise<LoadedModel & { readonly discount: number }> {
  const model = await loadModel(world, name, settings);
  if (model.mdp.discount === undefined) {
    throw new UsageError(`${name} carries no discount, expected a number from 0 to 1.`, { hint: "pass --discount, such as --discount 0.99." });
  }
  return { ...model, discount: model.mdp.discount };
}

/** An error about a file's content, each line led by the file's name. */
export function inFile(name: string, error: unknown): unknown {
  if (!(error instanceof MdpkitError) || error instanceof OutsideError) return error;
  const shown = name === STDIN ? "standard input" : name;
  const lines = error instanceof InvalidModelError ? issueLines(error) : error.message.split("\n");
  return new UsageError(
    lines.map((line) => (/^and \d+ more$/.test(line) ? line : `${shown}: ${line}`)),
    { cause: error },
  );
}

async function kindOf(world: World, name: string, formatGiven: boolean): Promise<"file" | "built-in"> {
  if (name === STDIN) return "file";
  if (name === "") throw new UsageError("MODEL is empty, expected a file or a built-in.");
  const known = isBuiltIn(name);
  try {
    const found = await stat(pathIn(world, name));
    if (!found.isDirectory()) return "file";
    if (!known) throw new OutsideError(`${name} is a folder, expected a model file.`);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR" && !known)
      throw new OutsideError(`${name} cannot be read: ${systemReason(error)}.`, { cause: error });
    if (!known && (formatGiven || looksLikeFile(name))) {
      throw new OutsideError(`${name} does not exist, expected a model file.`, {
        cause: error,
        hint: `look at the path; it was sought from ${describeValue(world.cwd)}.`,
      });
    }
  }
  return "built-in";
}

/** Whether a name can only be meant as a path. */
function looksLikeFile(name: string): boolean {
  return /[\\/]/.test(name) || /\.[a-z][a-z0-9]*$/i.test(name);
}

/** The model under the discount and objective of the options. */
function adjusted(mdp: Mdp<Label, Label>, { discount, objective }: ModelSettings): Mdp<Label, Label> {
  return discount === undefined && objective === undefined
    ? mdp
    : mdp.with({ ...(discount === undefined ? {} : { discount }), ...(objective === undefined ? {} : { objective }) });
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
