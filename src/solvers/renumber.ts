// A model with its states in another order: neighbours in the sweep become neighbours in memory.
import { rowOf, type Storage } from "../mdp/index.ts";
import { type Breathe, STEPS } from "./total-reward/breathe.ts";

/** The model with its states renumbered: new state i is old state `order[i]`. */
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
  for (let i = 0; i < oldChoice.length; i += STEPS) {
    length = moveRows(storage, oldChoice, position, i, Math.min(oldChoice.length, i + STEPS), { rowBranches, target, probability }, length);
    await breathe();
  }
  return { choiceRow: undefined, rowBranches, target, probability };
}

/** Copies the rows of the new choices from .. to; the number of branches copied so far. */
function moveRows(
  storage: Storage,
  oldChoice: Int32Array,
  position: Int32Array,
  from: number,
  to: number,
  { rowBranches, target, probability }: Pick<Rows, "rowBranches" | "target" | "probability">,
  begin: number,
): number {
  let length = begin;
  for (let i = from; i < to; i++) {
    const row = oldChoice[i]!;
    for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
      target[length] = position[storage.target[b]!]!;
      probability[length++] = storage.probability[b]!;
    }
    rowBranches[i + 1] = length;
  }
  return length;
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
