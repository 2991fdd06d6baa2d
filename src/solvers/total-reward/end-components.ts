// Maximal end components: the sets of states in which a process can stay for ever.
import { rowOf, type Storage } from "../../mdp/index.ts";
import { type Breathe, STEPS } from "./breathe.ts";

/** End components of a model: a number a state (-1 outside of all), and which choices stay inside. */
export interface EndComponents {
  readonly count: number;
  readonly component: Int32Array;
  /** C flags: 1 where the choice keeps its component. */
  readonly inside: Uint8Array;
}

/**
 * The maximal end components of the sub-model of the choices in `allowed` (C flags).
 *
 * @remarks Baier and Katoen, Principles of Model Checking (2008), algorithm 47: strongly connected components, then choices that leave theirs are taken
 *   out, until none does. Branches that end leave.
 */
export async function endComponents(storage: Storage, allowed: Uint8Array, breathe: Breathe): Promise<EndComponents> {
  const inside = allowed.slice();
  const { stateCount, stateChoices, rowBranches, target } = storage;
  let scc = await stronglyConnected(storage, inside, breathe);
  for (let changed = true; changed; ) {
    changed = false;
    for (let s = 0; s < stateCount; s++) {
      for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
        if (inside[c] === 0) continue;
        const row = rowOf(storage, c);
        for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) {
          if (target[b] === stateCount || scc[target[b]!] !== scc[s]) {
            inside[c] = 0;
            changed = true;
            break;
          }
        }
      }
      if (s % STEPS === 0) await breathe();
    }
    if (changed) scc = await stronglyConnected(storage, inside, breathe);
  }
  const component = new Int32Array(stateCount).fill(-1);
  const number = new Map<number, number>();
  for (let s = 0; s < stateCount; s++) {
    let stays = false;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]! && !stays; c++) stays = inside[c] === 1;
    if (!stays) continue;
    let id = number.get(scc[s]!);
    if (id === undefined) {
      id = number.size;
      number.set(scc[s]!, id);
    }
    component[s] = id;
  }
  return { count: number.size, component, inside };
}

/** Tarjan's algorithm (1972) without recursion; a number a state. Only choices flagged in `edges` lead on. */
async function stronglyConnected(storage: Storage, edges: Uint8Array, breathe: Breathe): Promise<Int32Array> {
  const { stateCount, stateChoices, rowBranches, target } = storage;
  const scc = new Int32Array(stateCount).fill(-1);
  const order = new Int32Array(stateCount);
  const low = new Int32Array(stateCount);
  const stack = new Int32Array(stateCount);
  const path = new Int32Array(stateCount);
  const atChoice = new Int32Array(stateCount);
  const atBranch = new Int32Array(stateCount);
  let visited = 0;
  let stacked = 0;
  let components = 0;
  let steps = 0;
  for (let root = 0; root < stateCount; root++) {
    if (order[root] !== 0) continue;
    let depth = 0;
    path[0] = root;
    order[root] = low[root] = ++visited;
    stack[stacked++] = root;
    atChoice[root] = stateChoices[root]!;
    atBranch[root] = -1;
    while (depth >= 0) {
      if (++steps % STEPS === 0) await breathe();
      const s = path[depth]!;
      const t = nextEdge(s);
      if (t < 0) {
        if (low[s] === order[s]) {
          let member: number;
          do {
            member = stack[--stacked]!;
            scc[member] = components;
          } while (member !== s);
          components++;
        }
        depth--;
        if (depth >= 0 && low[s]! < low[path[depth]!]!) low[path[depth]!] = low[s]!;
      } else if (order[t] === 0) {
        order[t] = low[t] = ++visited;
        stack[stacked++] = t;
        atChoice[t] = stateChoices[t]!;
        atBranch[t] = -1;
        path[++depth] = t;
      } else if (scc[t] === -1 && order[t]! < low[s]!) {
        low[s] = order[t]!;
      }
    }
  }
  return scc;

  /** The next successor of s, or -1. */
  function nextEdge(s: number): number {
    const end = stateChoices[s + 1]!;
    while (atChoice[s]! < end) {
      const c = atChoice[s]!;
      if (edges[c] === 1) {
        const row = rowOf(storage, c);
        if (atBranch[s]! < 0) atBranch[s] = rowBranches[row]!;
        while (atBranch[s]! < rowBranches[row + 1]!) {
          const t = target[atBranch[s]!++]!;
          if (t < stateCount) return t;
        }
      }
      atChoice[s]!++;
      atBranch[s] = -1;
    }
    return -1;
  }
}
