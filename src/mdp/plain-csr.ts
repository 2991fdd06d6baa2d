// Sparse rows that are already in order, as storage: the arrays themselves where nothing has to be merged or left out.
import { sum } from "../numeric/index.ts";
import type { CsrModel } from "./csr-model.ts";
import { SUM_TOLERANCE } from "./given-branches.ts";
import type { Label } from "./labels.ts";
import { ARENA_RULE, modelRegions } from "./model-arena.ts";
import { SeenTargets } from "./seen-targets.ts";
import type { Storage } from "./storage.ts";

/** The arrays themselves as storage (large ones copied into an arena, as a kernel would have to copy them for every solve), if the model is valid and no branch has to be merged or left out; undefined where one has to be, or something is wrong. */
export function takeAsIs(model: CsrModel<Label, Label>, terminal: Uint8Array, actions: number): Storage | undefined {
  const { indptr, indices, data, reward } = model;
  if (model.normalize === true || model.rewardPer === "branch") return undefined;
  if (!(indices instanceof Int32Array && data instanceof Float64Array)) return undefined;
  const states = terminal.length;
  const seen = new SeenTargets(states);
  const stateChoices = new Int32Array(states + 1);
  const choiceAction = new Int32Array(states * actions);
  const choiceReward = new Float64Array(states * actions);
  const rowBranches = new Int32Array(states * actions + 1);
  let choices = 0;
  for (let s = 0; s < states; s++) {
    for (let a = 0; a < actions; a++) {
      const row = s * actions + a;
      const from = indptr[row]!;
      const to = indptr[row + 1]!;
      if (from === to) continue;
      if (terminal[s] === 1 || !Number.isFinite(reward[row]) || !isPlainRow(indices, data, from, to, row, seen)) return undefined;
      choiceAction[choices] = a;
      choiceReward[choices] = reward[row]!;
      rowBranches[++choices] = to;
    }
    stateChoices[s + 1] = choices;
    if (terminal[s] === 0 && stateChoices[s] === choices) return undefined;
  }
  const full = choices === states * actions;
  return inArena({
    stateCount: states,
    choiceCount: choices,
    rowCount: choices,
    branchCount: data.length,
    stateChoices,
    choiceAction: choiceAction.subarray(0, choices),
    choiceRow: undefined,
    rowBranches: full && indptr instanceof Int32Array ? indptr : rowBranches.subarray(0, choices + 1),
    target: indices,
    probability: data,
    reward: full && reward instanceof Float64Array ? reward : choiceReward.subarray(0, choices),
    branchReward: undefined,
    arrival: undefined,
    terminal,
    rounding: { reward: 0, probability: 0 },
  });
}

/** A large model in memory that kernels sweep in place; a small one as it is. */
function inArena(storage: Storage): Storage {
  const { stateCount, choiceCount, branchCount } = storage;
  if (branchCount < ARENA_RULE.from) return storage;
  const regions = modelRegions({ states: stateCount, choices: choiceCount, branches: branchCount }, branchCount);
  if (regions === undefined) return storage;
  const copy = <T extends Int32Array | Float64Array | Uint8Array>(array: T, region: T): T => {
    region.set(array);
    return region.subarray(0, array.length) as T;
  };
  return {
    ...storage,
    arena: regions.arena,
    stateChoices: copy(storage.stateChoices, regions.stateChoices),
    choiceAction: copy(storage.choiceAction, regions.choiceAction),
    rowBranches: copy(storage.rowBranches, regions.rowBranches),
    target: copy(storage.target, regions.target),
    probability: copy(storage.probability, regions.probability),
    reward: copy(storage.reward, regions.reward),
    terminal: copy(storage.terminal, regions.terminal),
  };
}

/** Whether a row's branches are valid, positive and distinct. */
function isPlainRow(indices: Int32Array, data: Float64Array, from: number, to: number, row: number, seen: SeenTargets): boolean {
  let mass = 0;
  for (let b = from; b < to; b++) {
    const next = indices[b]!;
    const p = data[b]!;
    if (!(next >= 0 && next < seen.size && p > 0) || seen.find(next, row + 1) >= 0) return false;
    seen.set(next, row + 1, b);
    mass += p;
  }
  // The plain sum decides where it clearly can; its own error is below 1e-10 for rows of up to 450,000 branches.
  if (to - from < 450_000 && Math.abs(mass - 1) <= SUM_TOLERANCE / 2) return true;
  return Math.abs(sum(data.subarray(from, to)) - 1) <= SUM_TOLERANCE;
}
