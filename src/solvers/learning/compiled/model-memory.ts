// A model copied into WebAssembly memory as the compiled learner reads it, with room for the tables that it learns.
import { type StartTable, samplingTables, startTable } from "../../../envs/sampling-tables.ts";
import type { Mdp, Storage } from "../../../mdp/index.ts";
import { Q_LEARNING_WASM } from "./q-learning-module.ts";

/** What the module exports; pointers are byte offsets. */
export interface LearnerExports {
  setModel(choices: number, rows: number, offsets: number, pairs: number, pay: number, ownPay: number, table: number, counts: number): void;
  setStarts(states: number, thresholds: number, count: number): void;
  setRule(gamma: number, orientation: number, limit: number, harmonic: number, epsilon: boolean, random: boolean): void;
  run(registers: number, steps: number, episodesLeft: number, cuts: number, cutStride: number, rates: number, rateStride: number): number;
}

/** Schedules are written out for so many steps at a time. */
export const SCHEDULED_STEPS = 1024;

/** One bit a choice marks the best of a row. */
const MOST_CHOICES = 64;

/** Up to here a start drawn with equal chances is the same number by integers as `Rng.below` finds it by floats. */
const MOST_STARTS = 2 ** 21;

/** Rewards and starting values up to this size cannot lead to an infinite or undefined value in 2^53 steps. */
const LARGEST = 1e280;

/** Larger copies would take too long to make without giving way (some 40 ms), and much memory beside the model's own. */
const MOST_BYTES = 2 ** 26;
const PAGE = 65536;

export interface ModelMemory {
  readonly exports: LearnerExports;
  /** C entries each, in the memory. */
  readonly q: Float64Array;
  readonly visits: Float64Array;
  /** Addresses: the registers of `run` (10 int32, then 6 float64), and two numbers a scheduled step. */
  readonly registers: number;
  readonly cuts: number;
  readonly rates: number;
  readonly buffer: ArrayBuffer;
  /** Whether a run uses it now. */
  busy: boolean;
}

let compiled: WebAssembly.Module | undefined;
/** The memory of a model's last run; null for a model that does not fit. */
const kept = new WeakMap<object, ModelMemory | null>();

/** The memory of a model, to be marked busy; undefined where the model cannot be had in it, or WebAssembly with SIMD cannot. */
export function modelMemory<S, A>(mdp: Mdp<S, A>): ModelMemory | undefined {
  const found = kept.get(mdp);
  if (found === null) return undefined;
  if (found !== undefined && !found.busy) return found;
  const start = startTable(mdp);
  const layout = fits(mdp.storage, start) ? layoutOf(mdp.storage, start) : undefined;
  const made = layout === undefined || layout.bytes > MOST_BYTES ? null : make(mdp, start, layout);
  if (made !== undefined && found === undefined) kept.set(mdp, made);
  return made ?? undefined;
}

function fits(storage: Storage, start: StartTable): boolean {
  const { stateChoices, stateCount, terminal, reward, branchReward } = storage;
  if (start.state.length > MOST_STARTS) return false;
  for (let s = 0; s < stateCount; s++) {
    const n = stateChoices[s + 1]! - stateChoices[s]!;
    if (n > MOST_CHOICES || (n === 0) !== (terminal[s] === 1)) return false;
  }
  // A branch without a reward of its own has NaN.
  return noneBeyond(reward) && (branchReward === undefined || noneBeyond(branchReward));
}

/** Whether no number is larger than `LARGEST`, or less than its negative. */
export function noneBeyond(numbers: Float64Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (Math.abs(numbers[i]!) > LARGEST) return false;
  return true;
}

/** Whether all numbers are at least 0. */
export function noneNegative(numbers: Float64Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (!(numbers[i]! >= 0)) return false;
  return true;
}

/** Whether no number is undefined. */
export function noneUndefined(numbers: Float64Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (Number.isNaN(numbers[i]!)) return false;
  return true;
}

/** Byte offsets of everything in memory; 0 means "not there". */
interface Layout {
  readonly registers: number;
  readonly cuts: number;
  readonly rates: number;
  readonly startState: number;
  readonly startThreshold: number;
  readonly stateChoices: number;
  readonly choiceRow: number;
  readonly rowBranches: number;
  readonly branches: number;
  readonly reward: number;
  readonly branchReward: number;
  readonly q: number;
  readonly visits: number;
  readonly bytes: number;
}

function layoutOf(storage: Storage, start: StartTable): Layout {
  let at = 64;
  const take = (bytes: number): number => {
    const here = at;
    // 16 bytes apart at least: rows of Q are read two choices at a time.
    at += Math.ceil(bytes / 64 + 1) * 64;
    return here;
  };
  const parts = {
    registers: take(88),
    cuts: take((SCHEDULED_STEPS + 1) * 8),
    rates: take((SCHEDULED_STEPS + 1) * 8),
    startState: take(start.state.length * 4),
    startThreshold: start.threshold === undefined ? 0 : take(start.threshold.length * 4),
    stateChoices: take(storage.stateChoices.length * 4),
    choiceRow: storage.choiceRow === undefined ? 0 : take(storage.choiceCount * 4),
    rowBranches: take(storage.rowBranches.length * 4),
    branches: take(storage.target.length * 8),
    reward: take(storage.choiceCount * 8),
    branchReward: storage.branchReward === undefined ? 0 : take(storage.branchReward.length * 8),
    q: take(storage.choiceCount * 8),
    visits: take(storage.choiceCount * 8),
  };
  return { ...parts, bytes: at };
}

/** Undefined where WebAssembly refuses: not there, without SIMD, or out of memory. */
function make<S, A>(mdp: Mdp<S, A>, start: StartTable, layout: Layout): ModelMemory | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  const { storage } = mdp;
  const pages = Math.ceil(layout.bytes / PAGE);
  let memory: WebAssembly.Memory;
  let instance: WebAssembly.Instance;
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(Q_LEARNING_WASM), (c) => c.charCodeAt(0)));
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    instance = new WebAssembly.Instance(compiled, { env: { memory } });
  } catch {
    return undefined;
  }
  const { buffer } = memory;
  const exports = instance.exports as unknown as LearnerExports;
  const copy = (source: Int32Array, to: number): void => new Int32Array(buffer, to, source.length).set(source);
  copy(start.state, layout.startState);
  if (start.threshold !== undefined) new Uint32Array(buffer, layout.startThreshold, start.threshold.length).set(start.threshold);
  copy(storage.stateChoices, layout.stateChoices);
  if (storage.choiceRow !== undefined) copy(storage.choiceRow, layout.choiceRow);
  copy(storage.rowBranches, layout.rowBranches);
  copy(samplingTables(mdp).branches, layout.branches);
  new Float64Array(buffer, layout.reward, storage.choiceCount).set(storage.reward);
  if (storage.branchReward !== undefined) new Float64Array(buffer, layout.branchReward, storage.branchReward.length).set(storage.branchReward);
  const { stateChoices, choiceRow, rowBranches, branches, reward, branchReward, q, visits } = layout;
  exports.setModel(stateChoices, choiceRow, rowBranches, branches, reward, branchReward, q, visits);
  exports.setStarts(layout.startState, layout.startThreshold, start.state.length);
  return {
    exports,
    q: new Float64Array(buffer, q, storage.choiceCount),
    visits: new Float64Array(buffer, visits, storage.choiceCount),
    registers: layout.registers,
    cuts: layout.cuts,
    rates: layout.rates,
    buffer,
    busy: false,
  };
}
