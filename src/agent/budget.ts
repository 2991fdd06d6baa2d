// Budgets of an agent run: what it may spend, what it has spent, and which limit ends it.
import { OptionError } from "../errors.ts";
import { estimateTokens } from "../llm-prior/prompt.ts";

/** Limits of one run. Left out: no limit. */
export interface Budgets {
  /** Steps in the environment. */
  readonly steps?: number | undefined;
  readonly modelCalls?: number | undefined;
  /** Characters of all prompts together. */
  readonly promptCharacters?: number | undefined;
  /** Tokens of all prompts together, estimated from above. */
  readonly promptTokens?: number | undefined;
  /** Seconds by the clock. A model call that is still out then is cancelled. */
  readonly seconds?: number | undefined;
}

/** What a run has spent. */
export interface Spending {
  readonly steps: number;
  readonly modelCalls: number;
  readonly promptCharacters: number;
  readonly promptTokens: number;
  readonly seconds: number;
}

/** The limit a run met. */
export type BudgetStatus = "max-steps" | "max-model-calls" | "max-prompt-characters" | "max-prompt-tokens" | "max-seconds";

/**
 * Keeps account. A step or call that would go over a limit is not begun.
 *
 * @example
 * const budget = new Budget({ modelCalls: 1 });
 * budget.beforeCall("Which way?");  // undefined: go on
 * budget.called("Which way?", 1);
 * budget.beforeCall("Which way?");  // "max-model-calls"
 */
export class Budget {
  readonly #limits: Budgets;
  readonly #started: number = performance.now();
  #steps = 0;
  #modelCalls = 0;
  #promptCharacters = 0;
  #promptTokens = 0;

  /** @throws OptionError for a limit that is negative or not a number. */
  constructor(limits: Budgets = {}) {
    for (const [name, limit] of Object.entries(limits)) {
      if (limit !== undefined && !(typeof limit === "number" && limit >= 0)) throw new OptionError(`budgets.${name}`, limit, "a number of at least 0");
    }
    this.#limits = limits;
  }

  get spent(): Spending {
    return {
      steps: this.#steps,
      modelCalls: this.#modelCalls,
      promptCharacters: this.#promptCharacters,
      promptTokens: this.#promptTokens,
      seconds: this.#seconds,
    };
  }

  /** Milliseconds left on the clock; Infinity without a limit. */
  get millisecondsLeft(): number {
    return this.#limits.seconds === undefined ? Number.POSITIVE_INFINITY : Math.max(0, (this.#limits.seconds - this.#seconds) * 1000);
  }

  /** The limit that one more step would go over. */
  beforeStep(): BudgetStatus | undefined {
    if (over(this.#steps + 1, this.#limits.steps)) return "max-steps";
    return this.#late();
  }

  /** The limit that one more call with this prompt would go over. */
  beforeCall(prompt: string): BudgetStatus | undefined {
    if (over(this.#modelCalls + 1, this.#limits.modelCalls)) return "max-model-calls";
    if (over(this.#promptCharacters + prompt.length, this.#limits.promptCharacters)) return "max-prompt-characters";
    if (over(this.#promptTokens + estimateTokens(prompt), this.#limits.promptTokens)) return "max-prompt-tokens";
    return this.#late();
  }

  /** A call was answered; `modelCalls` is how many it took, 0 for one that no model saw: then its prompt costs nothing. */
  called(prompt: string, modelCalls: number): void {
    if (modelCalls === 0) return;
    this.#modelCalls += modelCalls;
    this.#promptCharacters += prompt.length;
    this.#promptTokens += estimateTokens(prompt);
  }

  stepped(): void {
    this.#steps++;
  }

  get #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #late(): BudgetStatus | undefined {
    return this.#limits.seconds !== undefined && this.#seconds >= this.#limits.seconds ? "max-seconds" : undefined;
  }
}

function over(amount: number, limit: number | undefined): boolean {
  return limit !== undefined && amount > limit;
}
