// The maze on the page: a grid of cells to click or to reach by keys, painted with values and moves.
import type { Cell } from "mdpkit/envs";
import type { Brush, Setting } from "./setting.ts";

/** What is painted onto the cells. */
export interface Paint {
  /** A heat from 0 to 1 a cell; NaN where there is none. */
  readonly heat: ArrayLike<number>;
  /** A move a cell, null for none. */
  readonly moves: readonly (string | null)[];
  /** What a cell is worth, in words. */
  worth(state: number): string;
  /** The number written into a cell, where there is room. */
  number(state: number): string;
}

interface Handlers {
  /** A click or key on a cell; without a brush, by the one that is chosen. */
  edit(state: number, brush?: Brush): void;
  /** The cell under the pointer or with the focus. */
  look(state: number | undefined): void;
}

const KEYS: Readonly<Record<string, Brush>> = { w: "wall", g: "goal", s: "start" };

/** Numbers fit into the cells of mazes no wider than this. */
const WIDEST_WITH_NUMBERS = 12;

export class MazeGrid {
  readonly #host: HTMLElement;
  readonly #handlers: Handlers;
  readonly #agent: HTMLElement;
  #setting: Setting | undefined;
  #cells: HTMLElement[] = [];
  /** The cell that Tab leads to. */
  #current = 0;
  /** Dragging with the mouse goes on with what the first cell became. */
  #dragging: Cell | undefined;

  constructor(host: HTMLElement, handlers: Handlers) {
    this.#host = host;
    this.#handlers = handlers;
    this.#agent = document.createElement("div");
    this.#agent.className = "agent";
    this.#agent.hidden = true;
    host.addEventListener("keydown", (event) => this.#onKey(event));
    host.addEventListener("pointerdown", (event) => this.#onPress(event));
    host.addEventListener("pointerover", (event) => this.#onOver(event));
    host.addEventListener("pointerleave", () => handlers.look(undefined));
    host.addEventListener("focusin", (event) => handlers.look(this.#stateOf(event.target)));
    host.addEventListener("focusout", () => handlers.look(undefined));
    host.addEventListener("click", (event) => this.#onClick(event));
    globalThis.addEventListener("pointerup", () => {
      this.#dragging = undefined;
    });
  }

  /** Shows another maze, not painted. */
  show(setting: Setting): void {
    const before = this.#setting;
    this.#setting = setting;
    if (before?.rows !== setting.rows || before.columns !== setting.columns) this.#build(setting);
    for (const [state, cell] of this.#cells.entries()) {
      cell.dataset.cell = setting.cells[state] ?? "open";
    }
    this.clear();
  }

  paint(paint: Paint): void {
    for (const [state, cell] of this.#cells.entries()) {
      const heat = paint.heat[state] ?? Number.NaN;
      cell.classList.toggle("warm", !Number.isNaN(heat));
      cell.style.setProperty("--heat", Number.isNaN(heat) ? "0" : heat.toFixed(3));
      cell.dataset.move = paint.moves[state] ?? "";
      const number = cell.querySelector(".number");
      if (number !== null) number.textContent = paint.number(state);
      this.#label(cell, state, paint.worth(state));
    }
  }

  clear(): void {
    this.paint({ heat: [], moves: [], worth: () => "", number: () => "" });
  }

  /** Puts the agent onto a cell; undefined takes it away. */
  place(state: number | undefined): void {
    const agent = this.#agent;
    agent.hidden = state === undefined;
    if (state === undefined || this.#setting === undefined) return;
    const { columns } = this.#setting;
    agent.style.setProperty("--row", String(Math.floor(state / columns)));
    agent.style.setProperty("--column", String(state % columns));
    agent.dataset.state = String(state);
  }

  #build({ rows, columns }: Setting): void {
    this.#host.style.setProperty("--rows", String(rows));
    this.#host.style.setProperty("--columns", String(columns));
    this.#host.ariaRowCount = String(rows);
    this.#host.ariaColCount = String(columns);
    this.#host.classList.toggle("numbered", columns <= WIDEST_WITH_NUMBERS);
    this.#current = Math.min(this.#current, rows * columns - 1);
    this.#cells = [];
    const lines = Array.from({ length: rows }, (_, row) => {
      const line = document.createElement("div");
      line.role = "row";
      for (let column = 0; column < columns; column++) line.append(this.#newCell(row * columns + column, column));
      return line;
    });
    this.#host.replaceChildren(...lines, this.#agent);
  }

  #newCell(state: number, column: number): HTMLElement {
    const cell = document.createElement("div");
    cell.role = "gridcell";
    cell.className = "cell";
    cell.ariaColIndex = String(column + 1);
    cell.dataset.state = String(state);
    cell.tabIndex = state === this.#current ? 0 : -1;
    const arrow = document.createElement("span");
    arrow.className = "arrow";
    const number = document.createElement("span");
    number.className = "number";
    cell.append(arrow, number);
    this.#cells.push(cell);
    return cell;
  }

  #label(cell: HTMLElement, state: number, worth: string): void {
    if (this.#setting === undefined) return;
    const { columns, cells } = this.#setting;
    const place = `row ${Math.floor(state / columns) + 1}, column ${(state % columns) + 1}, ${cells[state]}`;
    cell.ariaLabel = worth === "" ? place : `${place}, ${worth}`;
  }

  #stateOf(target: EventTarget | null): number | undefined {
    const cell = target instanceof Element ? target.closest<HTMLElement>(".cell") : null;
    return cell === null ? undefined : Number(cell.dataset.state);
  }

  #focus(state: number): void {
    const [old, next] = [this.#cells[this.#current], this.#cells[state]];
    if (old !== undefined) old.tabIndex = -1;
    this.#current = state;
    if (next === undefined) return;
    next.tabIndex = 0;
    next.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const state = this.#stateOf(event.target);
    if (state === undefined || this.#setting === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { rows, columns } = this.#setting;
    const [row, column] = [Math.floor(state / columns), state % columns];
    const to = (r: number, c: number) => this.#focus(Math.min(rows - 1, Math.max(0, r)) * columns + Math.min(columns - 1, Math.max(0, c)));
    const brush = KEYS[event.key.toLowerCase()];
    if (event.key === "ArrowUp") to(row - 1, column);
    else if (event.key === "ArrowDown") to(row + 1, column);
    else if (event.key === "ArrowLeft") to(row, column - 1);
    else if (event.key === "ArrowRight") to(row, column + 1);
    else if (event.key === "Home") to(row, 0);
    else if (event.key === "End") to(row, columns - 1);
    else if (event.key === "PageUp") to(0, column);
    else if (event.key === "PageDown") to(rows - 1, column);
    else if (event.key === "Enter" || event.key === " ") this.#handlers.edit(state);
    else if (brush !== undefined) this.#handlers.edit(state, brush);
    else return;
    event.preventDefault();
  }

  /** A mouse paints from the press on; a finger taps, for moving it scrolls the page. */
  #onPress(event: PointerEvent): void {
    const state = this.#stateOf(event.target);
    if (state === undefined || event.pointerType !== "mouse" || event.button !== 0) return;
    event.preventDefault(); // no selection of text
    this.#focus(state);
    this.#handlers.edit(state);
    const cell = this.#setting?.cells[state];
    this.#dragging = cell === "wall" || cell === "open" ? cell : undefined;
  }

  #onOver(event: PointerEvent): void {
    const state = this.#stateOf(event.target);
    this.#handlers.look(state);
    if (state === undefined || this.#dragging === undefined) return;
    const cell = this.#setting?.cells[state];
    if ((cell === "wall" || cell === "open") && cell !== this.#dragging) this.#handlers.edit(state, "wall");
  }

  #onClick(event: MouseEvent): void {
    const state = this.#stateOf(event.target);
    // What a mouse did has been done at its press. Readers of the screen click without a pointer.
    if (state === undefined || (event instanceof PointerEvent && event.pointerType === "mouse")) return;
    this.#focus(state);
    this.#handlers.edit(state);
  }
}
