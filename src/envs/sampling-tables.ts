// What sampling a compiled model needs beside its storage: integer thresholds, start states, and each action's choice.
import { UnsupportedModelError } from "../errors.ts";
import { arrivalOf, type InitialDistribution, type Mdp, type Storage } from "../mdp/index.ts";

/** One 32-bit draw decides: probabilities are multiples of this. */
const DRAWS = 4294967296;

/** A table of all (state, action) pairs is kept while it has at most this many entries a choice. */
const LOOKUP_PER_CHOICE = 4;

/** A model's branch probabilities as cumulative integers, shared by all environments over its storage. */
export interface SamplingTables {
  /**
   * Two a stored branch, side by side as a step reads them. First its threshold, unsigned: the branch is taken where the draw is
   * below it and not below the one before; a row's last branch takes the rest. Then the state entered, or ~state where the episode ends there.
   */
  readonly branches: Int32Array;
  /** choice = actionChoice[state * actions + action], -1 where infeasible; undefined where a state's few choices are looked through instead. */
  readonly actionChoice: Int32Array | undefined;
}

const known = new WeakMap<Storage, SamplingTables>();

/** The tables of a model, made once for each storage. */
export function samplingTables<S, A>(mdp: Mdp<S, A>): SamplingTables {
  const { storage } = mdp;
  let tables = known.get(storage);
  if (tables === undefined) {
    tables = { branches: branchPairs(storage), actionChoice: actionLookup(storage, mdp.actionCount) };
    known.set(storage, tables);
  }
  return tables;
}

/** Cumulative sums of `probability` over from .. to, in units of 2^-32, the last clamped to what fits. */
function accumulate(probability: Float64Array, threshold: Uint32Array, from: number, to: number): void {
  let total = 0;
  for (let b = from; b < to; b++) {
    total += probability[b]!;
    threshold[b] = Math.min(DRAWS - 1, Math.round(total * DRAWS));
  }
}

function branchPairs(storage: Storage): Int32Array {
  const { probability, rowBranches, rowCount, stateCount, target, terminal } = storage;
  const threshold = new Uint32Array(probability.length);
  for (let row = 0; row < rowCount; row++) accumulate(probability, threshold, rowBranches[row]!, rowBranches[row + 1]!);
  const pairs = new Int32Array(2 * probability.length);
  for (let b = 0; b < threshold.length; b++) {
    const ends = target[b] === stateCount || terminal[target[b]!] === 1;
    pairs[2 * b] = threshold[b]!;
    pairs[2 * b + 1] = ends ? ~arrivalOf(storage, b) : target[b]!;
  }
  return pairs;
}

/** Needed only where some state leaves actions out: elsewhere an action's choice is the state's first plus the action. */
function actionLookup(storage: Storage, actions: number): Int32Array | undefined {
  const { stateCount, stateChoices, choiceAction, choiceCount } = storage;
  if (stateCount * actions > LOOKUP_PER_CHOICE * choiceCount + 1024 || isComplete(storage)) return undefined;
  const table = new Int32Array(stateCount * actions).fill(-1);
  for (let s = 0; s < stateCount; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) table[s * actions + choiceAction[c]!] = c;
  }
  return table;
}

/** Whether every choice stands where its action says. */
function isComplete(storage: Storage): boolean {
  const { stateCount, stateChoices, choiceAction } = storage;
  for (let s = 0; s < stateCount; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (choiceAction[c] !== c - stateChoices[s]!) return false;
  }
  return true;
}

/** Where a draw falls among the thresholds from .. to: a position in that range. */
export function drawFrom(threshold: Uint32Array, from: number, to: number, draw: number): number {
  let low = from;
  let last = to - 1;
  while (last - low > 8) {
    const middle = (low + last) >>> 1;
    if (draw < threshold[middle]!) last = middle;
    else low = middle + 1;
  }
  while (low < last && draw >= threshold[low]!) low++;
  return low;
}

/** Where a draw falls among the branches from .. to of a row: a branch. */
export function drawBranch(branches: Int32Array, from: number, to: number, draw: number): number {
  let low = from;
  let last = to - 1;
  while (last - low > 8) {
    const middle = (low + last) >>> 1;
    if (draw < branches[2 * middle]! >>> 0) last = middle;
    else low = middle + 1;
  }
  while (low < last && draw >= branches[2 * low]! >>> 0) low++;
  return low;
}

/** Where episodes start: states, with thresholds unless all are equally likely. */
export interface StartTable {
  readonly state: Int32Array;
  readonly threshold: Uint32Array | undefined;
}

/**
 * The start states of a model: its initial distribution, or every non-terminal state alike.
 *
 * @throws UnsupportedModelError where all states are terminal, or episodes could start in a terminal one.
 */
export function startTable<S, A>(mdp: Mdp<S, A>): StartTable {
  return mdp.initial === undefined ? uniformStart(mdp) : givenStart(mdp, mdp.initial);
}

function uniformStart<S, A>(mdp: Mdp<S, A>): StartTable {
  const { terminal, stateCount } = mdp.storage;
  const state = Int32Array.from({ length: stateCount }, (_, s) => s).filter((s) => terminal[s] === 0);
  if (state.length === 0) throw new UnsupportedModelError(`all ${stateCount} states are terminal, expected one that episodes can start in.`);
  return { state, threshold: undefined };
}

function givenStart<S, A>(mdp: Mdp<S, A>, initial: InitialDistribution): StartTable {
  const ended = initial.state.find((s) => mdp.storage.terminal[s] === 1);
  if (ended !== undefined) {
    throw new UnsupportedModelError(`episodes start in state ${mdp.states.quote(ended)}, which is terminal, expected a state with choices.`, {
      hint: "leave `initial` out to start in any non-terminal state.",
    });
  }
  const threshold = new Uint32Array(initial.state.length);
  accumulate(initial.probability, threshold, 0, threshold.length);
  return { state: initial.state, threshold };
}
