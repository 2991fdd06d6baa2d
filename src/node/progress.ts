// One line of progress on standard error, redrawn in place: on a terminal only, gone before anything else is written.
import type { TextStream, World } from "./world.ts";

/** How often the line is redrawn at most, in milliseconds. */
const REDRAW = 80;

/**
 * A status line. Off a terminal, or when quiet, every call does nothing.
 *
 * @example
 * const progress = new Progress(world, quiet);
 * progress.bar(0.4, "Q-learning");
 * progress.clear();
 */
export class Progress {
  readonly #stream: TextStream;
  readonly #active: boolean;
  #drawn = -Infinity;
  #shown = false;

  constructor(world: Pick<World, "stderr">, quiet = false) {
    this.#stream = world.stderr;
    this.#active = !quiet && world.stderr.isTTY === true;
  }

  /** Shows a text, cut to the terminal's width. */
  show(text: string): void {
    if (!this.#active) return;
    const now = performance.now();
    if (now - this.#drawn < REDRAW) return;
    this.#drawn = now;
    this.#shown = true;
    // A terminal that does not know its width says 0.
    const { columns = 0 } = this.#stream;
    const width = columns > 0 ? Math.max(20, columns - 1) : 79;
    this.#stream.write(`\r\u001b[2K${text.slice(0, width)}`);
  }

  /** Shows how much of the work is done, 0 to 1, as a bar. */
  bar(fraction: number, label: string): void {
    if (!this.#active) return;
    const done = Math.min(1, Math.max(0, fraction));
    const cells = 24;
    const full = Math.round(done * cells);
    this.show(`${"█".repeat(full)}${"░".repeat(cells - full)} ${String(Math.floor(done * 100)).padStart(3)}%  ${label}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) this.#stream.write("\r\u001b[2K");
    this.#shown = false;
    this.#drawn = -Infinity;
  }
}
