// The priors that `mdpkit compare` is told of: from files, or asked of a server now.
import type { Label } from "../../mdp/index.ts";
import type { Policy } from "../../policies/index.ts";
import type { PriorSource } from "../../report/index.ts";
import { askPrior } from "../ask-prior.ts";
import type { LlmSettings } from "../llm-options.ts";
import type { LoadedModel } from "../load-model.ts";
import { readPriorFile } from "../prior-file.ts";
import type { Progress } from "../progress.ts";
import { today } from "../solution-report.ts";
import type { World } from "../world.ts";

export interface GivenPrior {
  /** The model's name, or the file's; no two alike. */
  readonly name: string;
  /** One line: where it comes from. */
  readonly origin: string;
  readonly source: PriorSource;
  readonly policy: Policy<Label, Label>;
}

/** @throws what `readPriorFile` and `askPrior` throw. */
export async function givenPriors(
  world: World,
  model: LoadedModel,
  files: readonly string[],
  llm: LlmSettings,
  progress: Progress,
): Promise<readonly GivenPrior[]> {
  if (files.length === 0) {
    const prior = await askPrior(world, model, llm, { progress });
    const name = prior.model ?? "language model";
    return [{ name, origin: prior.provenance, source: { name, kind: "server", model: prior.model, date: today() }, policy: prior.policy }];
  }
  const priors: GivenPrior[] = [];
  for (const file of files) {
    const saved = await readPriorFile(world, file, model.mdp);
    const wished = saved.model ?? file;
    const taken = priors.filter((prior) => prior.name === wished || prior.name.startsWith(`${wished} (`)).length;
    const name = taken === 0 ? wished : `${wished} (${taken + 1})`;
    const date = saved.recordedAt?.slice(0, 10);
    // A file's answers were given when it was made: played back, unless it says that no model was asked.
    const kind = saved.method === "mask" ? "rule" : saved.method === "synthetic" ? "synthetic" : "recording";
    priors.push({
      name,
      origin: `${file}${saved.model === undefined ? "" : `, ${saved.model}`}`,
      source: { name, kind, model: saved.model, date },
      policy: saved.policy,
    });
  }
  return priors;
}
