// A smaller model: states merged, choices left out, with the way back to the original.
import { GrowableFloat64, GrowableInt32 } from "../../mdp/growable.ts";
import { rowOf, type Storage } from "../../mdp/index.ts";
import { twoSumError } from "../../numeric/index.ts";
import { type Breathe, STEPS } from "./breathe.ts";

/** A model of nodes, each one or more states of the original. */
export interface Quotient {
  readonly storage: Storage;
  /** S nodes, -1 where a state has none. */
  readonly nodeOf: Int32Array;
  /** For each choice of the quotient the original's, or -1 for the choice to stop: reward 0, the process ends. */
  readonly original: Int32Array;
}

/** The model itself, as a quotient. */
export function identity(storage: Storage): Quotient {
  return {
    storage,
    nodeOf: Int32Array.from({ length: storage.stateCount }, (_, s) => s),
    original: Int32Array.from({ length: storage.choiceCount }, (_, c) => c),
  };
}

/**
 * Merges states into nodes and keeps some choices.
 *
 * @param nodeOf S node numbers below `nodeCount`; -1 drops a state, whose value is then taken as 0 (terminal states).
 * @param keep C flags.
 * @param stops node flags: 1 gives the node the choice to stop.
 */
export async function makeQuotient(
  storage: Storage,
  nodeOf: Int32Array,
  nodeCount: number,
  keep: Uint8Array,
  stops: Uint8Array,
  breathe: Breathe,
): Promise<Quotient> {
  const members = membersOf(nodeOf, nodeCount);
  const { rowBranches, target, probability } = storage;
  const stateChoices = new Int32Array(nodeCount + 1);
  const choiceAction = new GrowableInt32(64);
  const original = new GrowableInt32(64);
  const offsets = new GrowableInt32(64);
  const targets = new GrowableInt32(256);
  const probabilities = new GrowableFloat64(256);
  const rewards = new GrowableFloat64(64);
  offsets.push(0);
  const seen = new Int32Array(nodeCount + 1).fill(-1);
  let merged = storage.rounding.probability;
  for (let node = 0; node < nodeCount; node++) {
    for (const s of members[node]!) {
      for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
        if (keep[c] === 0) continue;
        const row = rowOf(storage, c);
        const from = targets.length;
        let rounded = storage.rounding.probability;
        for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) {
          const t = target[b]! === storage.stateCount ? -1 : nodeOf[target[b]!]!;
          const to = t < 0 ? nodeCount : t;
          if (seen[to]! >= from) {
            const before = probabilities.array[seen[to]!]!;
            const sum = before + probability[b]!;
            rounded += Math.abs(twoSumError(before, probability[b]!, sum));
            probabilities.array[seen[to]!] = sum;
          } else {
            seen[to] = targets.length;
            targets.push(to);
            probabilities.push(probability[b]!);
          }
        }
        if (rounded > merged) merged = rounded;
        choiceAction.push(storage.choiceAction[c]!);
        original.push(c);
        rewards.push(storage.reward[c]!);
        offsets.push(targets.length);
      }
    }
    if (stops[node] === 1) {
      choiceAction.push(0);
      original.push(-1);
      rewards.push(0);
      targets.push(nodeCount);
      probabilities.push(1);
      offsets.push(targets.length);
    }
    stateChoices[node + 1] = choiceAction.length;
    if (node % STEPS === 0) await breathe();
  }
  return {
    nodeOf,
    original: original.done(),
    storage: {
      stateCount: nodeCount,
      choiceCount: choiceAction.length,
      rowCount: choiceAction.length,
      branchCount: targets.length,
      stateChoices,
      choiceAction: choiceAction.done(),
      choiceRow: undefined,
      rowBranches: offsets.done(),
      target: targets.done(),
      probability: probabilities.done(),
      reward: rewards.done(),
      branchReward: undefined,
      arrival: undefined,
      terminal: Uint8Array.from({ length: nodeCount }, (_, node) => (stateChoices[node] === stateChoices[node + 1] ? 1 : 0)),
      rounding: { reward: storage.rounding.reward, probability: merged },
    },
  };
}

/** The states of each node, ascending. */
export function membersOf(nodeOf: Int32Array, nodeCount: number): readonly (readonly number[])[] {
  const members: number[][] = Array.from({ length: nodeCount }, () => []);
  for (const [s, node] of nodeOf.entries()) if (node >= 0) members[node]!.push(s);
  return members;
}
