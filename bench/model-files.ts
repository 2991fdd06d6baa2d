// A problem as files that every party reads: scipy's CSR arrays of shape (S·A, S) as raw .npy, and meta.json.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Label, Mdp } from "../src/mdp/index.ts";
import { writeNpyFile } from "./npy.ts";
import type { Problem } from "./problems.ts";

export const BENCH = dirname(fileURLToPath(import.meta.url));
const CACHE = join(BENCH, ".cache");

/** Raised whenever a generator changes: older files are made anew. */
const VERSION = 1;

export interface Meta {
  readonly version: number;
  readonly name: string;
  readonly family: string;
  readonly about: string;
  readonly states: number;
  readonly actions: number;
  readonly choices: number;
  readonly branches: number;
  readonly terminals: number;
  readonly discount: number;
  readonly objective: "maximize" | "minimize";
}

/** The folder of a problem's files, made if they are not there. */
export function filesOf(problem: Problem): { readonly folder: string; readonly meta: Meta } {
  const folder = join(CACHE, problem.name);
  const metaFile = join(folder, "meta.json");
  if (existsSync(metaFile)) {
    const meta: Meta = JSON.parse(readFileSync(metaFile, "utf8"));
    if (meta.version === VERSION && meta.about === problem.about) return { folder, meta };
  }
  console.log(`making ${problem.name}: ${problem.about}`);
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const meta = write(part, problem);
  renameSync(part, folder);
  return { folder, meta };
}

function write(folder: string, problem: Problem): Meta {
  const mdp = problem.make();
  const { storage } = mdp;
  const { discount } = mdp;
  if (discount === undefined || storage.arrival !== undefined) throw new Error(`${problem.name}: expected a discount, and endings by terminal states only`);
  const meta: Meta = {
    version: VERSION,
    name: problem.name,
    family: problem.family,
    about: problem.about,
    states: mdp.stateCount,
    actions: mdp.actionCount,
    choices: mdp.choiceCount,
    branches: mdp.branchCount,
    terminals: storage.terminal.reduce((n, t) => n + t, 0),
    discount,
    objective: mdp.objective,
  };
  for (const [name, data] of Object.entries(csrArrays(mdp))) writeNpyFile(join(folder, `${name}.npy`), data);
  writeFileSync(join(folder, "meta.json"), `${JSON.stringify(meta, null, 2)}\n`);
  return meta;
}

/** Row s·A + a; an empty row is an infeasible choice; rows that are shared in memory are written out. */
function csrArrays(mdp: Mdp<Label, Label>): Record<string, Int32Array | Float64Array> {
  const { stateCount, stateChoices, choiceAction, choiceRow, rowBranches, target, probability, reward, terminal, branchCount } = mdp.storage;
  const actions = mdp.actionCount;
  const indptr = new Int32Array(stateCount * actions + 1);
  const indices = choiceRow === undefined ? target : new Int32Array(branchCount);
  const data = choiceRow === undefined ? probability : new Float64Array(branchCount);
  const rewards = new Float64Array(stateCount * actions);
  let at = 0;
  for (let s = 0; s < stateCount; s++) {
    let c = stateChoices[s]!;
    for (let a = 0; a < actions; a++) {
      if (c < stateChoices[s + 1]! && choiceAction[c] === a) {
        const row = choiceRow === undefined ? c : choiceRow[c]!;
        const from = rowBranches[row]!;
        const to = rowBranches[row + 1]!;
        if (choiceRow !== undefined) {
          indices.set(target.subarray(from, to), at);
          data.set(probability.subarray(from, to), at);
        }
        rewards[s * actions + a] = reward[c]!;
        at += to - from;
        c++;
      }
      indptr[s * actions + a + 1] = at;
    }
  }
  const terminals = Int32Array.from(Array.from(terminal.keys()).filter((s) => terminal[s] === 1));
  return { indptr, indices, data, reward: rewards, terminal: terminals };
}
