// What the page lets you set: a maze, how slippery it is, and the discount; and the model of it.
import { type Cell, FOUR_MOVES, GridLayout, grid, gridWorldMdp } from "mdpkit/envs";
import type { Label, Mdp } from "mdpkit/mdp";

/** Plain data: it crosses to the worker as it is. */
export interface Setting {
  readonly rows: number;
  readonly columns: number;
  /** rows * columns cells, row by row: open, wall, goal, and one start. */
  readonly cells: readonly Cell[];
  /** Probability that a move goes to one of its two sides instead. */
  readonly slip: number;
  readonly discount: number;
}

/** What a click puts on a cell. */
export type Brush = "wall" | "goal" | "start";

/** The names of the moves, by action. */
export const MOVES: readonly string[] = FOUR_MOVES.map((move) => move.name);

/** A random maze of size x size cells from the top left corner to the bottom right one, which can be reached. */
export function randomMaze(size: number, seed: number): Pick<Setting, "rows" | "columns" | "cells"> {
  const { mdp, grid: layout } = grid({ rows: size, columns: size, walls: 0.3, seed });
  if (layout === undefined) throw new Error(`grid gave ${mdp.stateCount} states without a layout`);
  return { rows: size, columns: size, cells: layout.cells };
}

/** No walls; start and goal stay where they are. */
export function withoutWalls(setting: Setting): Setting {
  return { ...setting, cells: setting.cells.map((cell) => (cell === "wall" ? "open" : cell)) };
}

/**
 * The setting after a click on a cell: what the brush puts there, or the open cell where it is there already. There is always one start: it moves, and
 * nothing is put on it.
 */
export function edited(setting: Setting, state: number, brush: Brush): Setting {
  const old = setting.cells[state];
  if (old === undefined || old === "start") return setting;
  if (brush !== "start") return withCell(setting, state, old === brush ? "open" : brush);
  return withCell({ ...setting, cells: setting.cells.map((cell) => (cell === "start" ? "open" : cell)) }, state, "start");
}

function withCell(setting: Setting, state: number, cell: Cell): Setting {
  return { ...setting, cells: setting.cells.with(state, cell) };
}

/** Reaching a goal pays 1 and ends the episode, so a cell is worth the discounted probability of getting there. */
export function modelOf({ rows, columns, cells, slip, discount }: Setting): Mdp<Label, Label> {
  return gridWorldMdp(new GridLayout(rows, columns, cells), { discount, slip, stepReward: 0, goalReward: 1 });
}
