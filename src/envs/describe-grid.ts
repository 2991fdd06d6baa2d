// A cell in one line of words: where the goal is and which ways are open, what a language model can use where maps and coordinates fail.
import type { Cell, GridLayout } from "./grid-layout.ts";
import { type Move, moved } from "./grid-moves.ts";

/** Words for the four directions. */
export interface Compass {
  readonly up: string;
  readonly down: string;
  readonly left: string;
  readonly right: string;
}

export const PLAIN_COMPASS: Compass = { up: "up", down: "down", left: "left", right: "right" };

/** The way over `down` rows and `right` columns: `3 down, 1 left`, or `here`. */
export function directionTo(down: number, right: number, words: Compass = PLAIN_COMPASS): string {
  const parts: string[] = [];
  if (down !== 0) parts.push(`${Math.abs(down)} ${down > 0 ? words.down : words.up}`);
  if (right !== 0) parts.push(`${Math.abs(right)} ${right > 0 ? words.right : words.left}`);
  return parts.length === 0 ? "here" : parts.join(", ");
}

/** Cells that a way may lead into but had better not. */
const DANGERS: readonly Cell[] = ["hole", "cliff"];

/**
 * `open: down, right; goal: right, down`: the open ways, `hole: up` for moves into a danger, and last the directions of the nearest goal,
 * the longer way first.
 *
 * @remarks The order and the missing distances are deliberate: small language models follow these words, and lose them among numbers.
 * @example
 * describeCell(layout, 0, FOUR_MOVES); // "open: right; goal: down, right"
 */
export function describeCell(layout: GridLayout, state: number, moves: readonly Move[]): string {
  const cell = layout.cells[state];
  if (cell === "wall") return "a wall";
  const ways = (fits: (next: number) => boolean) => moves.filter((move) => fits(moved(layout, state, move))).map((move) => move.name);
  const open = ways((next) => next !== state && !DANGERS.includes(layout.cells[next] ?? "wall"));
  const parts = [`open: ${open.join(", ") || "none"}`];
  for (const danger of DANGERS) {
    const into = ways((next) => next !== state && layout.cells[next] === danger);
    if (into.length > 0) parts.push(`${danger}: ${into.join(", ")}`);
  }
  const goal = nearestGoal(layout, state);
  if (goal !== undefined) parts.push(`goal: ${directions(goal.down, goal.right)}`);
  return parts.join("; ");
}

/** `right, down`: the longer way first, `here` for no way at all. */
function directions(down: number, right: number): string {
  const ways: string[] = [];
  if (down !== 0) ways.push(down > 0 ? "down" : "up");
  if (right !== 0) ways.push(right > 0 ? "right" : "left");
  if (Math.abs(right) > Math.abs(down)) ways.reverse();
  return ways.join(", ") || "here";
}

/** How far down and right the nearest goal lies. */
function nearestGoal(layout: GridLayout, state: number): { readonly down: number; readonly right: number } | undefined {
  let best: { readonly down: number; readonly right: number } | undefined;
  for (const goal of layout.statesOf("goal")) {
    const down = layout.rowOf(goal) - layout.rowOf(state);
    const right = layout.columnOf(goal) - layout.columnOf(state);
    if (best === undefined || Math.abs(down) + Math.abs(right) < Math.abs(best.down) + Math.abs(best.right)) best = { down, right };
  }
  return best;
}
