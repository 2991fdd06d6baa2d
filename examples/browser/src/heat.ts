// From proven lower bounds to the heat of cells: what is not known to be worth anything yet stays cold.
import type { Cell } from "mdpkit/envs";

/** Less than this counts as nothing: rounding is proven too, and leaves bounds a little below 0. */
const NOTHING = 1e-6;

export interface Heat {
  /** 0 to 1 a cell; NaN for walls, goals, and cells worth nothing so far. */
  readonly heat: Float64Array;
  readonly least: number;
  readonly most: number;
}

/** Heat from the least to the greatest worth, among the cells that are worth something. */
export function heatOf(lower: Float64Array, cells: readonly Cell[]): Heat {
  const worth = lower.map((value, state) => (value > NOTHING && cells[state] !== "wall" && cells[state] !== "goal" ? value : Number.NaN));
  const known = worth.filter((value) => !Number.isNaN(value));
  const least = known.length === 0 ? 0 : Math.min(...known);
  const most = known.length === 0 ? 1 : Math.max(...known);
  return { heat: worth.map((value) => (most > least ? (value - least) / (most - least) : value - value + 1)), least, most };
}
