// An order for Gauss-Seidel sweeps: from where the process ends, or is paid best, outwards, so that one sweep carries values all the way.
import { rowOf, type Storage } from "../mdp/index.ts";
import { type Breathe, STEPS } from "./total-reward/breathe.ts";

/**
 * The states breadth first against the branches, from the states next to an end of the process, or where nothing ends from the best paid ones.
 *
 * @returns S states; those that reach no start come last.
 */
export async function orderOutwards(storage: Storage, breathe: Breathe): Promise<Int32Array> {
  const { stateCount } = storage;
  const leads = await leadingIn(storage, breathe);
  const order = new Int32Array(stateCount);
  const seen = new Uint8Array(stateCount);
  let length = 0;
  for (let s = 0; s < stateCount; s++) {
    if (storage.terminal[s] === 0) continue;
    seen[s] = 1;
    order[length++] = s;
  }
  length = append(leads, stateCount, seen, order, length);
  if (length === 0) {
    for (const s of bestPaid(storage)) {
      seen[s] = 1;
      order[length++] = s;
    }
  }
  for (let head = 0; head < length; head += STEPS) {
    length = widenOut(leads, head, seen, order, length);
    await breathe();
  }
  for (let s = 0; s < stateCount; s++) if (seen[s] === 0) order[length++] = s;
  return order;
}

/** For each state, and at S for the end of an episode: the states with a branch into it, most of them once. */
interface Leads {
  readonly offsets: Int32Array;
  readonly states: Int32Array;
}

async function leadingIn(storage: Storage, breathe: Breathe): Promise<Leads> {
  const { stateCount } = storage;
  const offsets = new Int32Array(stateCount + 2);
  // The state a target was last counted for: the choices of a state mostly share their targets.
  const last = new Int32Array(stateCount + 1).fill(-1);
  for (let s = 0; s < stateCount; s += STEPS) {
    countLeads(storage, s, Math.min(stateCount, s + STEPS), last, offsets);
    await breathe();
  }
  for (let t = 0; t <= stateCount; t++) offsets[t + 1]! += offsets[t]!;
  const states = new Int32Array(offsets[stateCount + 1]!);
  const filled = offsets.slice();
  last.fill(-1);
  for (let s = 0; s < stateCount; s += STEPS) {
    fillLeads(storage, s, Math.min(stateCount, s + STEPS), last, filled, states);
    await breathe();
  }
  return { offsets, states };
}

function countLeads(storage: Storage, from: number, to: number, last: Int32Array, offsets: Int32Array): void {
  const { stateChoices, rowBranches, target } = storage;
  for (let s = from; s < to; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      const row = rowOf(storage, c);
      for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) {
        const t = target[b]!;
        if (last[t] === s) continue;
        last[t] = s;
        offsets[t + 1]!++;
      }
    }
  }
}

function fillLeads(storage: Storage, from: number, to: number, last: Int32Array, filled: Int32Array, states: Int32Array): void {
  const { stateChoices, rowBranches, target } = storage;
  for (let s = from; s < to; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      const row = rowOf(storage, c);
      for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) {
        const t = target[b]!;
        if (last[t] === s) continue;
        last[t] = s;
        states[filled[t]!++] = s;
      }
    }
  }
}

/** Appends the states that lead into t and were not seen before; the new length of `order`. */
function append({ offsets, states }: Leads, t: number, seen: Uint8Array, order: Int32Array, length: number): number {
  let end = length;
  for (let i = offsets[t]!; i < offsets[t + 1]!; i++) {
    const s = states[i]!;
    if (seen[s] === 1) continue;
    seen[s] = 1;
    order[end++] = s;
  }
  return end;
}

/** Goes through `order` from `head` on, up to STEPS states, appending what leads into them. */
function widenOut(leads: Leads, head: number, seen: Uint8Array, order: Int32Array, length: number): number {
  let end = length;
  for (let k = head; k < head + STEPS && k < end; k++) end = append(leads, order[k]!, seen, order, end);
  return end;
}

/** The states whose best immediate reward is the largest of all. */
function bestPaid(storage: Storage): number[] {
  const best = new Float64Array(storage.stateCount).fill(-Infinity);
  let most = -Infinity;
  for (let s = 0; s < storage.stateCount; s++) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) if (storage.reward[c]! > best[s]!) best[s] = storage.reward[c]!;
    if (best[s]! > most) most = best[s]!;
  }
  const paid: number[] = [];
  for (let s = 0; s < storage.stateCount; s++) if (best[s] === most) paid.push(s);
  return paid;
}
