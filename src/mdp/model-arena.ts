// How a large model lies in an arena: a region for each of its arrays, then the workspace.
import { type Arena, linearMemory, MOST_BYTES } from "./arena.ts";

/** When a model being built goes into an arena, and how large that may be. */
export interface ArenaRule {
  /** From so many stored branches, or choices, on. */
  readonly from: number;
  /** The most bytes of an arena. */
  readonly bytes: number;
  /** How many times the foreseen counts are given room: what is not written to costs address space only. */
  readonly spare: number;
}

export const ARENA_RULE: ArenaRule = { from: 2 ** 16, bytes: MOST_BYTES, spare: 2 };

/** Room for a model's arrays within one memory, zeroed. */
export interface ModelRegions {
  readonly arena: Arena;
  readonly stateChoices: Int32Array;
  readonly terminal: Uint8Array;
  readonly choiceAction: Int32Array;
  readonly choiceRow: Int32Array;
  readonly rowBranches: Int32Array;
  readonly target: Int32Array;
  readonly reward: Float64Array;
  readonly probability: Float64Array;
}

export interface ModelCounts {
  readonly states: number;
  readonly choices: number;
  readonly branches: number;
}

/**
 * Regions for up to `most` choices and branches; for fewer branches, but at least `least`, where no more fit.
 * Undefined where not even they fit, or no such memory is to be had.
 */
export function modelRegions(most: ModelCounts, least: number, bytes: number = MOST_BYTES): ModelRegions | undefined {
  const { states, choices } = most;
  const fixed = 16 * 8 + 64 + aligned(4 * (states + 1)) + states + choices * (4 + 4 + 4 + 8) + 4;
  // Twelve numbers a state, one a choice, and what is of fixed size.
  const vectors = 96 * (states + 1) + 8 * choices + 4 * 2 ** 20;
  // The rows of one policy, gathered, where there is room for them and as many branches as are foreseen.
  const gathered = 16 * states + 14 * Math.ceil((most.branches * states) / Math.max(1, choices));
  const workspace = fixed + 12 * most.branches + vectors + gathered <= bytes ? vectors + gathered : vectors;
  const branches = Math.min(most.branches, Math.floor((bytes - fixed - workspace) / 12));
  if (branches < least) return undefined;
  const memory = linearMemory(fixed + 12 * branches + workspace);
  if (memory === undefined) return undefined;
  const { buffer } = memory;
  let at = 0;
  const take = (size: number): number => {
    const from = at;
    at = aligned(at + size);
    return from;
  };
  const regions = {
    stateChoices: new Int32Array(buffer, take(4 * (states + 1)), states + 1),
    terminal: new Uint8Array(buffer, take(states), states),
    choiceAction: new Int32Array(buffer, take(4 * choices), choices),
    choiceRow: new Int32Array(buffer, take(4 * choices), choices),
    rowBranches: new Int32Array(buffer, take(4 * (choices + 1)), choices + 1),
    target: new Int32Array(buffer, take(4 * branches), branches),
    reward: new Float64Array(buffer, take(8 * choices), choices),
    probability: new Float64Array(buffer, take(8 * branches), branches),
  };
  return { ...regions, arena: { memory, workspace: Math.ceil(at / 64) * 64, busy: false } };
}

/** Vector instructions read 16 bytes at once. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
