// Walking on the page: the buttons, the agent on the maze, and what became of the walk.
import { element, onClick } from "./elements.ts";
import type { MazeGrid } from "./maze-grid.ts";
import { countText } from "./numbers.ts";
import type { Answer } from "./protocol.ts";
import type { Setting } from "./setting.ts";
import { Walk } from "./walk.ts";

/** Milliseconds a step while walking. */
const PACE = 170;

/** A walk that has not arrived after this many steps is given up. */
const MOST_STEPS = 1000;

export class Stroll {
  readonly #grid: MazeGrid;
  readonly #answer: () => Answer | undefined;
  readonly #walkButton: HTMLButtonElement;
  #setting: Setting | undefined;
  #walk: Walk | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #seed = 0;

  /** @param answer what is proven now, and so how to move. */
  constructor(grid: MazeGrid, answer: () => Answer | undefined) {
    this.#grid = grid;
    this.#answer = answer;
    onClick("step", () => {
      this.#halt();
      this.#step();
    });
    this.#walkButton = onClick("walk", () => (this.#timer === undefined ? this.#go() : this.#halt()));
    onClick("back", () => this.#setting !== undefined && this.begin(this.#setting));
  }

  /** Back to the start, in this maze. */
  begin(setting: Setting): void {
    this.#halt();
    this.#setting = setting;
    this.#walk = undefined;
    this.#grid.place(undefined);
    this.#say("Nobody is in the maze yet.");
  }

  #go(): void {
    if (this.#walk?.over === true && this.#setting !== undefined) this.begin(this.#setting);
    this.#timer = setInterval(() => this.#step(), PACE);
    this.#walkButton.textContent = "Stop";
    this.#step();
  }

  #halt(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#walkButton.textContent = "Walk";
  }

  #step(): void {
    const answer = this.#answer();
    if (this.#setting === undefined) return;
    if (answer === undefined) {
      this.#halt();
      this.#say("There is no policy yet: solve the maze, or sweep once.");
      return;
    }
    if (this.#walk === undefined || this.#walk.over) this.#walk = new Walk(this.#setting, ++this.#seed);
    const walk = this.#walk;
    const move = answer.moves[walk.state];
    if (move !== null && move !== undefined) walk.step(move);
    this.#grid.place(walk.state);
    this.#say(this.#told(walk, answer, move ?? ""));
    if (walk.over || walk.steps >= MOST_STEPS) this.#halt();
  }

  #told(walk: Walk, { lower, upper }: Answer, move: string): string {
    const slips = walk.slips === 0 ? "" : `, ${countText(walk.slips, "slip")}`;
    const start = this.#setting?.cells.indexOf("start") ?? -1;
    if (walk.over) {
      const promised = ((lower[start] ?? 0) + (upper[start] ?? 0)) / 2;
      return `Arrived after ${countText(walk.steps, "step")}${slips}. It paid ${walk.paid.toFixed(3)}; on average the start is worth ${promised.toFixed(3)}.`;
    }
    if (walk.steps >= MOST_STEPS) return `Given up after ${countText(walk.steps, "step")}: no goal was reached.`;
    return `${countText(walk.steps, "step")}${slips}: moved ${move}.`;
  }

  #say(text: string): void {
    element("walked", HTMLElement).textContent = text;
  }
}
