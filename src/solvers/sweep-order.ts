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
  return [...best.keys()].filter((s) => best[s] === most);
}

/** The model with its states renumbered: new state i is old state `order[i]`. Neighbours in the sweep become neighbours in memory. */
export async function renumber(storage: Storage, order: Int32Array, breathe: Breathe): Promise<{ readonly storage: Storage; readonly oldChoice: Int32Array }> {
  const { stateCount, choiceCount, stateChoices } = storage;
  const position = new Int32Array(stateCount + 1);
  for (const [i, s] of order.entries()) position[s] = i;
  position[stateCount] = stateCount;
  const offsets = new Int32Array(stateCount + 1);
  const oldChoice = new Int32Array(choiceCount);
  let length = 0;
  for (let i = 0; i < stateCount; i++) {
    for (let c = stateChoices[order[i]!]!; c < stateChoices[order[i]! + 1]!; c++) oldChoice[length++] = c;
    offsets[i + 1] = length;
  }
  const rows = storage.choiceRow === undefined ? await ownRows(storage, oldChoice, position, breathe) : sharedRows(storage, oldChoice, position);
  return {
    oldChoice,
    storage: {
      ...storage,
      ...rows,
      stateChoices: offsets,
      choiceAction: oldChoice.map((c) => storage.choiceAction[c]!),
      reward: Float64Array.from(oldChoice, (c) => storage.reward[c]!),
      terminal: Uint8Array.from(order, (s) => storage.terminal[s]!),
      branchReward: undefined,
      arrival: undefined,
    },
  };
}

type Rows = Pick<Storage, "choiceRow" | "rowBranches" | "target" | "probability">;

/** Rows in the order of their new choices. */
async function ownRows(storage: Storage, oldChoice: Int32Array, position: Int32Array, breathe: Breathe): Promise<Rows> {
  const rowBranches = new Int32Array(storage.rowCount + 1);
  const target = new Int32Array(storage.target.length);
  const probability = new Float64Array(storage.probability.length);
  let length = 0;
  for (const [i, c] of oldChoice.entries()) {
    const row = rowOf(storage, c);
    for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
      target[length] = position[storage.target[b]!]!;
      probability[length++] = storage.probability[b]!;
    }
    rowBranches[i + 1] = length;
    if (i % STEPS === 0) await breathe();
  }
  return { choiceRow: undefined, rowBranches, target, probability };
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
