// What the graph alone says of harm: where it cannot be reached at all, and where it can be avoided for certain.
import { arrivalOf, rowOf, type Storage } from "../../mdp/index.ts";
import type { Breathe } from "../../solvers/total-reward/breathe.ts";
import { canReach, predecessors } from "../../solvers/total-reward/reachability.ts";

/** S flags each. */
export interface HarmGraph {
  /** 1 where some way of acting can reach harm. */
  readonly exposed: Uint8Array;
  /** 1 where some way of acting surely never reaches harm. */
  readonly avoidable: Uint8Array;
  /** S choices: one that keeps to the avoidable states, -1 elsewhere and in states without choices. */
  readonly haven: Int32Array;
}

/**
 * Finds both sets; harmful states are exposed and not avoidable. Only choices flagged in `allowed` (C flags; default all) can be taken.
 *
 * @remarks Baier and Katoen, Principles of Model Checking (2008), section 10.6.1: the states of Prob0A and Prob0E. A choice that may enter what is lost is lost,
 *   a state whose choices are all lost is lost.
 */
export async function harmGraph(storage: Storage, harmful: Uint8Array, breathe: Breathe, allowed?: Uint8Array): Promise<HarmGraph> {
  const { stateCount, choiceCount, stateChoices } = storage;
  const open = allowed === undefined ? new Uint8Array(choiceCount).fill(1) : allowed.slice();
  for (let s = 0; s < stateCount; s++) if (harmful[s] === 1) open.fill(0, stateChoices[s]!, stateChoices[s + 1]!);
  const direct = endsInHarm(storage, harmful);
  const back = await predecessors(storage, breathe);

  const goal = new Uint8Array(stateCount + 1);
  for (let s = 0; s < stateCount; s++) {
    goal[s] = harmful[s]!;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (open[c] === 1 && direct[c] === 1) goal[s] = 1;
  }
  const { reached } = await canReach(storage, back, goal, open, breathe);

  const left = new Int32Array(stateCount);
  const keeps = open;
  const queue: number[] = [];
  const lost = harmful.slice();
  for (let s = 0; s < stateCount; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      if (direct[c] === 1) keeps[c] = 0;
      left[s]! += keeps[c]!;
    }
    if (lost[s] === 0 && left[s] === 0 && stateChoices[s] !== stateChoices[s + 1]) lost[s] = 1;
    if (lost[s] === 1) queue.push(s);
  }
  for (let t = queue.pop(); t !== undefined; t = queue.pop()) {
    for (let i = back.offsets[t]!; i < back.offsets[t + 1]!; i++) {
      const c = back.choices[i]!;
      const s = back.stateOf[c]!;
      if (keeps[c] === 0) continue;
      keeps[c] = 0;
      left[s]!--;
      if (left[s] === 0 && lost[s] === 0) {
        lost[s] = 1;
        queue.push(s);
      }
    }
  }
  const haven = new Int32Array(stateCount).fill(-1);
  for (let s = 0; s < stateCount; s++) {
    if (lost[s] === 1) continue;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      if (keeps[c] !== 1) continue;
      haven[s] = c;
      break;
    }
  }
  return { exposed: reached.slice(0, stateCount), avoidable: lost.map((flag) => 1 - flag), haven };
}

/** C flags: 1 where a branch ends the episode in a harmful state. */
function endsInHarm(storage: Storage, harmful: Uint8Array): Uint8Array {
  const direct = new Uint8Array(storage.choiceCount);
  if (storage.arrival === undefined) return direct;
  for (let c = 0; c < storage.choiceCount; c++) {
    const row = rowOf(storage, c);
    for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
      if (storage.target[b] === storage.stateCount && harmful[arrivalOf(storage, b)] === 1) direct[c] = 1;
    }
  }
  return direct;
}
