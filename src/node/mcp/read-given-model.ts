// A model as a client gives it: the name of a built-in, or JSON as an object. Sizes are looked at before anything is built.
import { isBuiltIn, makeBuiltIn } from "../../envs/index.ts";
import { FormatError } from "../../errors.ts";
import { readModel } from "../../formats/index.ts";
import type { Label, Mdp } from "../../mdp/index.ts";
import { LimitError, type McpLimits } from "./limits.ts";

/** What a client may pass for a model. */
export type GivenModel = string | Readonly<Record<string, unknown>>;

const SMALLER = "make the model smaller, or start the server with a higher limit.";

/**
 * Reads a model within limits.
 *
 * @throws LimitError; FormatError, InvalidModelError, OptionError for what is wrong with it; the signal's reason.
 */
export async function readGivenModel(given: GivenModel, discount: number | undefined, limits: McpLimits, signal: AbortSignal): Promise<Mdp<Label, Label>> {
  const mdp = typeof given === "string" ? builtIn(given, limits) : await fromJson(given, limits, signal);
  if (mdp.stateCount > limits.states) throw new LimitError("the number of states", mdp.stateCount, limits.states, SMALLER);
  if (mdp.branchCount > limits.branches) throw new LimitError("the number of branches", mdp.branchCount, limits.branches, SMALLER);
  return discount === undefined ? mdp : mdp.with({ discount });
}

function builtIn(spec: string, limits: McpLimits): Mdp<Label, Label> {
  if (!isBuiltIn(spec))
    throw new FormatError(
      `model is ${JSON.stringify(spec.slice(0, 80))}, expected the name of a built-in such as "maze" or "grid:8x8,slip=0.1", or a model as a JSON object.`,
    );
  const least = leastSize(spec);
  if (least > limits.branches) throw new LimitError("the size that the built-in's arguments ask for", least, limits.branches, SMALLER);
  return makeBuiltIn(spec).mdp;
}

/** A size from a specification alone: its whole numbers multiplied, the seed aside; maps by their characters. */
function leastSize(spec: string): number {
  const [, args = ""] = spec.split(/:(.*)/s);
  let size = 1;
  for (const arg of args.split(",")) {
    if (arg.startsWith("seed=")) continue;
    if (arg.includes("/")) size *= arg.length;
    else for (const [number] of arg.matchAll(/(?<![\d.])\d+(?![\d.])/g)) size *= Math.max(1, Number(number));
  }
  return size;
}

async function fromJson(given: Readonly<Record<string, unknown>>, limits: McpLimits, signal: AbortSignal): Promise<Mdp<Label, Label>> {
  for (const key of ["states", "actions"] as const) {
    const value = given[key];
    const count = Array.isArray(value) ? value.length : value;
    if (typeof count === "number" && count > limits.states) throw new LimitError(`the number of ${key}`, count, limits.states, SMALLER);
  }
  // format and version may be left out: what has transitions is mdpkit JSON.
  const text = JSON.stringify("transitions" in given ? { format: "mdpkit", version: 1, ...given } : given);
  if (text.length > limits.characters) throw new LimitError("the model's JSON, in characters,", text.length, limits.characters, SMALLER);
  return readModel("model.json", new TextEncoder().encode(text), { signal });
}
