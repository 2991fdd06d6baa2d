// The bounds that true errors are measured against: mdpkit's certificate, much tighter than what is asked of anyone, checked by the independent check.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastLine } from "./best-setting.ts";
import { runChild } from "./child.ts";
import { checkCommand, mdpkitCommand } from "./environment.ts";

export interface Reference {
  readonly halfGap: number;
  readonly errorByResidual: number;
}

const LIMIT = 1800;

/** Kept beside the problem's files. */
export async function referenceOf(python: string, folder: string): Promise<Reference> {
  const kept = join(folder, "reference.json");
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8"));
  const values = join(folder, "reference.npy");
  const solved = await runChild(mdpkitCommand(folder, values, JSON.stringify({ epsilon: 1e-9, boundsTo: folder, once: true })), () => LIMIT);
  const halfGap = Number(solved.lines[0]?.claimedError);
  // Where 1e-9 cannot be proven, what was proven still has to be below the goal: errors measured against it are too large by up to its width.
  if (!(halfGap <= 5e-7)) throw new Error(`no reference for ${folder}: ${solved.end}, half gap ${halfGap} ${lastLine(solved.complaint)}`);
  const checked = await runChild(checkCommand(python, folder, values, folder), () => LIMIT);
  const errorByResidual = Number(checked.lines[0]?.errorByResidual);
  if (!(errorByResidual <= 1e-6))
    throw new Error(`the reference for ${folder} has error ${errorByResidual} by the independent check ${lastLine(checked.complaint)}`);
  rmSync(values);
  const reference = { halfGap, errorByResidual };
  writeFileSync(kept, `${JSON.stringify(reference)}\n`);
  return reference;
}
