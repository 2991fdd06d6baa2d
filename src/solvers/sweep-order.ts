// An order for Gauss-Seidel sweeps: from where the process ends, or is paid best, outwards, so that one sweep carries values all the way.
import { rowOf, type Storage } from "../mdp/index.ts";
import { type Breathe, STEPS } from "./total-reward/breathe.ts";
import { predecessors } from "./total-reward/reachability.ts";

/**
 * The states breadth first against the branches, from the states next to an end of the process, or where nothing ends from the best paid ones.
 *
 * @returns S states; those that reach no start come last.
 */
export async function orderOutwards(storage: Storage, breathe: Breathe): Promise<Int32Array> {
  const { stateCount } = storage;
  const back = await predecessors(storage, breathe);
  const order = new Int32Array(stateCount);
  const seen = new Uint8Array(stateCount);
  let length = 0;
  const visit = (s: number) => {
    if (seen[s] === 1) return;
    seen[s] = 1;
    order[length++] = s;
  };
  const visitPredecessors = (t: number) => {
    for (let i = back.offsets[t]!; i < back.offsets[t + 1]!; i++) visit(back.stateOf[back.choices[i]!]!);
  };
  for (let s = 0; s < stateCount; s++) if (storage.terminal[s] === 1) visit(s);
  visitPredecessors(stateCount);
  if (length === 0) for (const s of bestPaid(storage)) visit(s);
  for (let head = 0; head < length; head++) {
    visitPredecessors(order[head]!);
    if (head % STEPS === 0) await breathe();
  }
  for (let s = 0; s < stateCount; s++) visit(s);
  return order;
}

/** The states whose best immediate reward is the largest of all. */
function bestPaid(storage: Storage): number[] {
  const best = new Float64Array(storage.stateCount).fill(-Infinity);
  let most = -Infinity;
  for (let s = 0; s < storage.stateCount; s++) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) best[s] = Math.max(best[s]!, storage.reward[c]!);
    most = Math.max(most, best[s]!);
  }
  const paid: number[] = [];
  for (let s = 0; s < storage.stateCount; s++) if (best[s] === most) paid.push(s);
  return paid;
}

/** The model with its states renumbered: new state i is old state `order[i]`. Neighbours in the sweep become neighbours in memory. */
export async function renumber(storage: Storage, order: Int32Array, breathe: Breathe): Promise<{ readonly storage: Storage; readonly oldChoice: Int32Array }> {
  const { stateCount, choiceCount, stateChoices } = storage;
  const position = new Int32Array(stateCount + 1);
  const terminal = new Uint8Array(stateCount);
  const offsets = new Int32Array(stateCount + 1);
  const oldChoice = new Int32Array(choiceCount);
  const choiceAction = new Int32Array(choiceCount);
  const reward = new Float64Array(choiceCount);
  let length = 0;
  // Plain loops: an iterator a state or choice would take longer than all the rest.
  for (let i = 0; i < stateCount; i++) {
    const s = order[i]!;
    position[s] = i;
    terminal[i] = storage.terminal[s]!;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      oldChoice[length] = c;
      choiceAction[length] = storage.choiceAction[c]!;
      reward[length++] = storage.reward[c]!;
    }
    offsets[i + 1] = length;
  }
  position[stateCount] = stateCount;
  const rows = storage.choiceRow === undefined ? await ownRows(storage, oldChoice, position, breathe) : sharedRows(storage, oldChoice, position);
  return {
    oldChoice,
    storage: { ...storage, ...rows, stateChoices: offsets, choiceAction, reward, terminal, branchReward: undefined, arrival: undefined, arena: undefined },
  };
}

type Rows = Pick<Storage, "choiceRow" | "rowBranches" | "target" | "probability">;

/** Rows in the order of their new choices. */
async function ownRows(storage: Storage, oldChoice: Int32Array, position: Int32Array, breathe: Breathe): Promise<Rows> {
  const rowBranches = new Int32Array(storage.rowCount + 1);
  const target = new Int32Array(storage.target.length);
  const probability = new Float64Array(storage.probability.length);
  let length = 0;
  for (let i = 0; i < oldChoice.length; i++) {
    const row = oldChoice[i]!;
    for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
      target[length] = position[storage.target[b]!]!;
      probability[length++] = storage.probability[b]!;
    }
    rowBranches[i + 1] = length;
    if (i % STEPS === 0) await breathe();
  }
  return { choiceRow: undefined, rowBranches, target, probability };
}

/**
 * Solves the self-loops of a renumbered model out, in its own arrays: (R + γ Σ_{s'≠s} p v) / (1 - γ p(s|s,a)) as rewards and probabilities. Where rows are shared
 * between states they stay.
 */
export function solveOutLoops(storage: Storage, discount: number): void {
  const { stateCount, stateChoices, choiceRow, rowBranches, target, probability, reward } = storage;
  if (choiceRow !== undefined) return;
  for (let s = 0; s < stateCount; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      let loop = 0;
      for (let b = rowBranches[c]!; b < rowBranches[c + 1]!; b++) if (target[b] === s) loop += probability[b]!;
      const rest = 1 - discount * loop;
      if (loop === 0 || !(rest > 0)) continue;
      reward[c]! /= rest;
      for (let b = rowBranches[c]!; b < rowBranches[c + 1]!; b++) {
        probability[b] = target[b] === s ? 0 : probability[b]! / rest;
        // Rows keep their length: what is left of the loop pays nothing.
        if (target[b] === s) target[b] = stateCount;
      }
    }
  }
}

/** Shared rows stay where they are; only their successors are renamed. */
function sharedRows(storage: Storage, oldChoice: Int32Array, position: Int32Array): Rows {
  return {
    choiceRow: oldChoice.map((c) => rowOf(storage, c)),
    rowBranches: storage.rowBranches,
    target: storage.target.map((t) => position[t]!),
    probability: storage.probability,
  };
}
