// A model as integers: what a batched learner needs of it, on the CPU or on a device.
import { aliasRoom, fillAlias } from "../../../envs/index.ts";
import { startTable } from "../../../envs/sampling-tables.ts";
import { arrivalOf, type Mdp, rowOf } from "../../../mdp/index.ts";
import { toUnits } from "./fixed-point.ts";

/** Says in `branchReward` that the choice's reward holds. */
export const AS_CHOICE: number = -(2 ** 31);

export interface SamplingModel {
  readonly stateCount: number;
  readonly choiceCount: number;
  /** S+1 offsets into the choices. */
  readonly stateChoices: Int32Array;
  /** C: each choice's first branch, how many it has, and its reward in units. */
  readonly firstBranch: Int32Array;
  readonly branchCount: Int32Array;
  readonly reward: Int32Array;
  /** B: alias tables row by row (`alias` holds branches), and where each leads: a state, or -1 where the episode ends. */
  readonly threshold: Uint32Array;
  readonly alias: Int32Array;
  readonly next: Int32Array;
  /** B rewards in units, `AS_CHOICE` where the choice's holds; undefined where it always does. */
  readonly branchReward: Int32Array | undefined;
  /** Start states with their alias table. */
  readonly start: { readonly state: Int32Array; readonly threshold: Uint32Array; readonly alias: Int32Array };
}

/** @param sign -1 where rewards are costs: the learner maximises. */
export function samplingModel<S, A>(mdp: Mdp<S, A>, unit: number, sign: 1 | -1): SamplingModel {
  const { storage } = mdp;
  const { choiceCount, rowCount, rowBranches, probability, target, terminal, stateCount, branchReward } = storage;
  const table = aliasRoom(probability.length);
  for (let row = 0; row < rowCount; row++) fillAlias(probability, table, rowBranches[row]!, rowBranches[row + 1]!);
  const ends = (t: number): boolean => t === stateCount || terminal[t] === 1;
  const rowAt = (c: number): number => rowBranches[rowOf(storage, c)]!;
  const { state } = startTable(mdp);
  const start = aliasRoom(state.length);
  fillAlias(mdp.initial?.probability ?? new Float64Array(state.length).fill(1), start, 0, state.length);
  return {
    stateCount,
    choiceCount,
    stateChoices: storage.stateChoices,
    firstBranch: Int32Array.from({ length: choiceCount }, (_, c) => rowAt(c)),
    branchCount: Int32Array.from({ length: choiceCount }, (_, c) => rowBranches[rowOf(storage, c) + 1]! - rowAt(c)),
    reward: Int32Array.from(storage.reward, (r) => toUnits(sign * r, unit)),
    ...table,
    next: Int32Array.from(target, (t, b) => (ends(t) ? -1 : arrivalOf(storage, b))),
    branchReward: branchReward === undefined ? undefined : Int32Array.from(branchReward, (r) => (Number.isNaN(r) ? AS_CHOICE : toUnits(sign * r, unit))),
    start: { state, ...start },
  };
}
