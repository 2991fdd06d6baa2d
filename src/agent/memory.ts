// What the agent remembers of an episode: the last few steps, bounded in number and in characters.
import { OptionError } from "../errors.ts";

/** One remembered step. */
export interface Turn {
  readonly observation: string;
  /** The action taken, as text. */
  readonly action: string;
  readonly feedback: string;
}

export interface MemoryOptions {
  /** How many steps are kept. Default 8; 0 remembers nothing. */
  readonly turns?: number | undefined;
  /** How many characters all kept steps may have together. Default 2,000. */
  readonly characters?: number | undefined;
}

/**
 * A bounded history: the oldest steps are forgotten first, so that a prompt cannot grow without end.
 *
 * @example
 * const memory = new Memory({ turns: 2 });
 * memory.remember({ observation: "at the start", action: "right", feedback: "moved" });
 */
export class Memory {
  readonly #turns: Turn[] = [];
  readonly #limit: { readonly turns: number; readonly characters: number };
  #characters = 0;

  /** @throws OptionError */
  constructor(options: MemoryOptions = {}) {
    const { turns = 8, characters = 2000 } = options;
    if (!(Number.isInteger(turns) && turns >= 0)) throw new OptionError("memory.turns", turns, "an integer of at least 0");
    if (!(characters >= 0)) throw new OptionError("memory.characters", characters, "a number of at least 0");
    this.#limit = { turns, characters };
  }

  /** The kept steps, oldest first; a copy. */
  get turns(): readonly Turn[] {
    return this.#turns.slice();
  }

  remember(turn: Turn): void {
    this.#turns.push(turn);
    this.#characters += size(turn);
    while (this.#turns.length > this.#limit.turns || this.#characters > this.#limit.characters) {
      const oldest = this.#turns.shift();
      if (oldest === undefined) break;
      this.#characters -= size(oldest);
    }
  }
}

function size(turn: Turn): number {
  return turn.observation.length + turn.action.length + turn.feedback.length;
}
