// Moves on a grid: their names, arrows and where they lead; a move into a wall or off the grid stays.
import type { Label } from "../mdp/index.ts";
import type { GridLayout } from "./grid-layout.ts";

export interface Move {
  readonly name: string;
  readonly down: number;
  readonly right: number;
}

export const UP: Move = { name: "up", down: -1, right: 0 };
export const DOWN: Move = { name: "down", down: 1, right: 0 };
export const LEFT: Move = { name: "left", down: 0, right: -1 };
export const RIGHT: Move = { name: "right", down: 0, right: 1 };

/** Actions 0 to 3 of mazes and grids. */
export const FOUR_MOVES: readonly Move[] = [UP, DOWN, LEFT, RIGHT];

/** The king's moves of chess: the four, then the diagonals. */
export const EIGHT_MOVES: readonly Move[] = [
  ...FOUR_MOVES,
  { name: "up-left", down: -1, right: -1 },
  { name: "up-right", down: -1, right: 1 },
  { name: "down-left", down: 1, right: -1 },
  { name: "down-right", down: 1, right: 1 },
];

export const STAY: Move = { name: "stay", down: 0, right: 0 };

/** The state a move leads to; the state itself where a wall or the edge blocks it. */
export function moved(layout: GridLayout, state: number, move: Move): number {
  const next = layout.stateAt(layout.rowOf(state) + move.down, layout.columnOf(state) + move.right);
  return next < 0 || layout.cells[next] === "wall" ? state : next;
}

const ARROWS: ReadonlyMap<string, string> = new Map([
  ["up", "↑"],
  ["down", "↓"],
  ["left", "←"],
  ["right", "→"],
  ["up-left", "↖"],
  ["up-right", "↗"],
  ["down-left", "↙"],
  ["down-right", "↘"],
  ["north", "↑"],
  ["south", "↓"],
  ["west", "←"],
  ["east", "→"],
  ["stay", "•"],
]);

/** One character for an action: an arrow where its name is a direction, else its first letter. */
export function arrowOf(action: Label): string {
  const name = String(action);
  return ARROWS.get(name) ?? (name === "" ? "?" : name.slice(0, 1));
}
