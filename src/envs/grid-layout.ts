// The cells of a grid, row by row from the top left: state = row * columns + column, walls too.
import { OptionError } from "../errors.ts";

/** What stands on a cell. Episodes end on goals, holes and, in the models that say so, elsewhere. */
export type Cell = "open" | "wall" | "start" | "goal" | "hole" | "cliff";

/**
 * A grid of cells, each of them a state.
 *
 * @example
 * const layout = new GridLayout(1, 3, ["start", "open", "goal"]);
 * layout.stateAt(0, 2); // 2
 */
export class GridLayout {
  readonly rows: number;
  readonly columns: number;
  /** rows * columns cells, row by row. */
  readonly cells: readonly Cell[];
  readonly #states = new Map<Cell, readonly number[]>();

  /** @throws OptionError unless there are rows * columns cells. */
  constructor(rows: number, columns: number, cells: readonly Cell[]) {
    if (cells.length !== rows * columns) throw new OptionError("the number of cells", cells.length, `${rows} x ${columns} = ${rows * columns}`);
    this.rows = rows;
    this.columns = columns;
    this.cells = cells;
  }

  /** The state of a cell, -1 outside the grid. */
  stateAt(row: number, column: number): number {
    return row >= 0 && row < this.rows && column >= 0 && column < this.columns ? row * this.columns + column : -1;
  }

  rowOf(state: number): number {
    return Math.floor(state / this.columns);
  }

  columnOf(state: number): number {
    return state % this.columns;
  }

  /** The states whose cell is of a kind, ascending; looked for once. */
  statesOf(cell: Cell): readonly number[] {
    let states = this.#states.get(cell);
    if (states === undefined) {
      states = Array.from(this.cells.keys()).filter((s) => this.cells[s] === cell);
      this.#states.set(cell, states);
    }
    return states;
  }
}

/**
 * A layout from rows of marks, all of one length.
 *
 * @throws OptionError naming the first mark or row that does not fit.
 */
export function layoutFromRows(where: string, rows: readonly string[], marks: Readonly<Record<string, Cell>>): GridLayout {
  const columns = rows[0]?.length ?? 0;
  const known = Object.keys(marks).join(", ");
  const cells: Cell[] = [];
  for (const [r, row] of rows.entries()) {
    if (row.length !== columns || columns === 0)
      throw new OptionError(`${where}: row ${r + 1}`, row, columns === 0 ? "at least one cell" : `${columns} cells as in the first row`);
    for (const [c, mark] of [...row].entries()) {
      const cell = marks[mark];
      if (cell === undefined) throw new OptionError(`${where}: row ${r + 1}, column ${c + 1}`, mark, `one of ${known}`);
      cells.push(cell);
    }
  }
  return new GridLayout(rows.length, columns, cells);
}
