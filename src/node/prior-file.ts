// A prior from a file: what `mdpkit prior --json` printed, fitted to a model.
import { readPriorJson, type SavedPrior } from "../formats/index.ts";
import type { Label, Mdp } from "../mdp/index.ts";
import { Policy, policySpace } from "../policies/index.ts";
import { inFile } from "./load-model.ts";
import { readBytes } from "./read-file.ts";
import type { World } from "./world.ts";

/** @throws UsageError (2) with a line for everything that does not fit the model; OutsideError (3) where the file cannot be read. */
export async function readPriorFile(world: World, name: string, mdp: Mdp<Label, Label>): Promise<SavedPrior & { readonly policy: Policy<Label, Label> }> {
  const bytes = await readBytes(world, name);
  try {
    const space = policySpace(mdp);
    const saved = readPriorJson(bytes, space);
    return { ...saved, policy: Policy.stochastic(space, saved.probability) };
  } catch (error) {
    throw inFile(name, error);
  }
}
