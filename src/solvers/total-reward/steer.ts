// Moving inside an end component: choices that lead every member to one of them for certain, and so a merged node's choice turned back into its states'.
import { rowOf, type Storage, stateOfChoice } from "../../mdp/index.ts";
import type { Breathe } from "./breathe.ts";
import type { EndComponents } from "./end-components.ts";
import { canReach, predecessors } from "./reachability.ts";

/** Up to this many members passes over the component are cheaper than lists of predecessors of the whole model. */
const FEW = 64;

/** Inside a component: choices by which every member reaches choice `goal`'s state with probability 1, and `goal` there. */
export async function steerTo(
  storage: Storage,
  inside: Uint8Array,
  members: readonly number[],
  goal: number,
  choice: Int32Array,
  breathe: Breathe,
): Promise<void> {
  if (members.length > FEW) {
    await steerFar(storage, inside, goal, choice, breathe);
    return;
  }
  const done = new Set<number>();
  for (const s of members) {
    if (goal >= storage.stateChoices[s]! && goal < storage.stateChoices[s + 1]!) {
      choice[s] = goal;
      done.add(s);
    }
  }
  // The component is strongly connected: every pass brings in at least one more member.
  while (done.size < members.length) {
    const layer: number[] = [];
    for (const s of members) {
      if (done.has(s)) continue;
      for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
        if (inside[c] === 0 || !leadsInto(storage, c, done)) continue;
        choice[s] = c;
        layer.push(s);
        break;
      }
    }
    if (layer.length === 0) return;
    for (const s of layer) done.add(s);
  }
}

function leadsInto(storage: Storage, c: number, states: ReadonlySet<number>): boolean {
  const row = rowOf(storage, c);
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) if (states.has(storage.target[b]!)) return true;
  return false;
}

/** The same through predecessor lists. */
async function steerFar(storage: Storage, inside: Uint8Array, goal: number, choice: Int32Array, breathe: Breathe): Promise<void> {
  const home = stateOfChoice(storage, goal);
  const target = new Uint8Array(storage.stateCount + 1);
  target[home] = 1;
  const reach = await canReach(storage, await predecessors(storage, breathe), target, inside, breathe);
  for (let s = 0; s < storage.stateCount; s++) if (reach.choice[s]! >= 0) choice[s] = reach.choice[s]!;
  choice[home] = goal;
}

/**
 * A node's choice as choices of its member states: the member that owns `goal` takes it, the others go there free of charge; -1 (stop) keeps all inside.
 */
export async function expandChoice(
  storage: Storage,
  free: EndComponents,
  members: readonly number[],
  goal: number,
  policy: Int32Array,
  breathe: Breathe,
): Promise<void> {
  if (goal >= 0) {
    await steerTo(storage, free.inside, members, goal, policy, breathe);
    return;
  }
  for (const s of members) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      if (free.inside[c] === 1) {
        policy[s] = c;
        break;
      }
    }
  }
}
