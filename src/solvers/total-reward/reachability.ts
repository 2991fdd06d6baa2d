// Which states can reach a goal, with positive probability or for certain, and choices that lead there.
import { rowOf, type Storage } from "../../mdp/index.ts";
import { type Breathe, STEPS } from "./breathe.ts";

/** For each state the choices with a branch into it; entry S is the end of the episode. */
export interface Predecessors {
  readonly offsets: Int32Array;
  readonly choices: Int32Array;
  /** C states: which one a choice belongs to. */
  readonly stateOf: Int32Array;
}

export async function predecessors(storage: Storage, breathe: Breathe): Promise<Predecessors> {
  const { stateCount, choiceCount, stateChoices, rowBranches, target } = storage;
  const offsets = new Int32Array(stateCount + 2);
  const stateOf = new Int32Array(choiceCount);
  for (let s = 0; s < stateCount; s++) for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) stateOf[c] = s;
  for (let c = 0; c < choiceCount; c++) {
    if (c % STEPS === 0) await breathe();
    const row = rowOf(storage, c);
    for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) offsets[target[b]! + 1]!++;
  }
  for (let t = 0; t <= stateCount; t++) offsets[t + 1]! += offsets[t]!;
  const fill = offsets.slice();
  const choices = new Int32Array(offsets[stateCount + 1]!);
  for (let c = 0; c < choiceCount; c++) {
    if (c % STEPS === 0) await breathe();
    const row = rowOf(storage, c);
    for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) choices[fill[target[b]!]!++] = c;
  }
  return { offsets, choices, stateOf };
}

/** The states that can reach a goal, breadth first, each with the choice that leads a step closer. */
export interface Reach {
  /** S+1 flags. */
  readonly reached: Uint8Array;
  /** S choices; -1 in goals and where the goal is out of reach. */
  readonly choice: Int32Array;
}

/**
 * Reachability with positive probability by the choices in `allowed` (C flags).
 *
 * @param goal S+1 flags; entry S is the end of the episode.
 */
export async function canReach(storage: Storage, back: Predecessors, goal: Uint8Array, allowed: Uint8Array, breathe: Breathe): Promise<Reach> {
  const reached = goal.slice();
  const choice = new Int32Array(storage.stateCount).fill(-1);
  const queue = new Int32Array(storage.stateCount + 1);
  let length = 0;
  for (let t = 0; t <= storage.stateCount; t++) if (goal[t] === 1) queue[length++] = t;
  for (let head = 0; head < length; head++) {
    if (head % STEPS === 0) await breathe();
    const t = queue[head]!;
    for (let i = back.offsets[t]!; i < back.offsets[t + 1]!; i++) {
      const c = back.choices[i]!;
      const s = back.stateOf[c]!;
      if (allowed[c] === 0) continue;
      if (reached[s] === 1) continue;
      reached[s] = 1;
      choice[s] = c;
      queue[length++] = s;
    }
  }
  return { reached, choice };
}

/**
 * The states from which some policy reaches a goal with probability 1, that policy, and the choices that keep to them.
 *
 * @remarks Baier and Katoen (2008), section 10.6.1 (Prob1E): states that cannot reach the goal are taken out with the choices that risk them, until none is.
 */
export async function reachSurely(storage: Storage, back: Predecessors, goal: Uint8Array, breathe: Breathe): Promise<Reach & { readonly safe: Uint8Array }> {
  const { stateCount } = storage;
  const safe = new Uint8Array(storage.choiceCount).fill(1);
  let reach = await canReach(storage, back, goal, safe, breathe);
  const gone = new Uint8Array(stateCount);
  for (;;) {
    let changed = false;
    for (let t = 0; t < stateCount; t++) {
      if (reach.reached[t] === 1 || gone[t] === 1) continue;
      gone[t] = 1;
      for (let i = back.offsets[t]!; i < back.offsets[t + 1]!; i++) {
        if (safe[back.choices[i]!] === 1) {
          safe[back.choices[i]!] = 0;
          changed = true;
        }
      }
    }
    if (!changed) return { ...reach, safe };
    reach = await canReach(storage, back, goal, safe, breathe);
  }
}
