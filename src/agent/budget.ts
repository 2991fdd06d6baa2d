// Budgets of an agent run: what it may spend, what it has spent, and which limit ends it.

import { platform } from "#platform";
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
  /** Tokens of prompts and answers together, estimated from above. */
  readonly tokens?: number | undefined;
  /** Memory that this process may take, in units of 2^20 bytes: looked at before each step and call. */
  readonly megabytes?: number | undefined;
  /** Seconds by the clock. A model call that is still out then is cancelled. */
  readonly seconds?: number | undefined;
}

/** What a run has spent. */
export interface Spending {
  readonly steps: number;
  readonly modelCalls: number;
  readonly promptCharacters: number;
  readonly promptTokens: number;
  /** Tokens of the answers in text, estimated from above. */
  readonly answerTokens: number;
  readonly seconds: number;
}

/** The limit a run met. */
export type BudgetStatus = "max-steps" | "max-model-calls" | "max-prompt-characters" | "max-prompt-tokens" | "max-tokens" | "max-memory" | "max-seconds";

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
  #answerTokens = 0;
  readonly #secondsBefore: number;

  /**
   * `before`: what a run that is resumed has spent already; it counts.
   *
   * @throws OptionError for a limit that is negative or not a number, and for one on memory where memory cannot be told.
   */
  constructor(limits: Budgets = {}, before?: Spending) {
    for (const [name, limit] of Object.entries(limits)) {
      if (limit !== undefined && !(typeof limit === "number" && limit >= 0)) throw new OptionError(`budgets.${name}`, limit, "a number of at least 0");
    }
    if (limits.megabytes !== undefined && platform.memoryBytes() === undefined)
      throw new OptionError("budgets.megabytes", limits.megabytes, "no such limit here", "this platform does not tell how much memory it takes.");
    this.#limits = limits;
    this.#secondsBefore = before?.seconds ?? 0;
    if (before === undefined) return;
    this.#steps = before.steps;
    this.#modelCalls = before.modelCalls;
    this.#promptCharacters = before.promptCharacters;
    this.#promptTokens = before.promptTokens;
    this.#answerTokens = before.answerTokens;
  }

  get spent(): Spending {
    return {
      steps: this.#steps,
      modelCalls: this.#modelCalls,
      promptCharacters: this.#promptCharacters,
      promptTokens: this.#promptTokens,
      answerTokens: this.#answerTokens,
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
    return this.#lateOrLarge();
  }

  /** The limit that one more call with this prompt would go over. */
  beforeCall(prompt: string): BudgetStatus | undefined {
    if (over(this.#modelCalls + 1, this.#limits.modelCalls)) return "max-model-calls";
    if (over(this.#promptCharacters + prompt.length, this.#limits.promptCharacters)) return "max-prompt-characters";
    const tokens = this.#promptTokens + estimateTokens(prompt);
    if (over(tokens, this.#limits.promptTokens)) return "max-prompt-tokens";
    if (over(tokens + this.#answerTokens, this.#limits.tokens)) return "max-tokens";
    return this.#lateOrLarge();
  }

  /** A call was answered; `modelCalls` is how many it took, 0 for one that no model saw: then it costs nothing. */
  called(prompt: string, modelCalls: number, answer = ""): void {
    if (modelCalls === 0) return;
    this.#modelCalls += modelCalls;
    this.#promptCharacters += prompt.length;
    this.#promptTokens += estimateTokens(prompt);
    this.#answerTokens += estimateTokens(answer);
  }

  stepped(): void {
    this.#steps++;
  }

  get #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#started) / 1000;
  }

  #lateOrLarge(): BudgetStatus | undefined {
    const { seconds, megabytes } = this.#limits;
    if (seconds !== undefined && this.#seconds >= seconds) return "max-seconds";
    const bytes = megabytes === undefined ? undefined : platform.memoryBytes();
    return bytes !== undefined && over(bytes / MEGABYTE, megabytes) ? "max-memory" : undefined;
  }
}

const MEGABYTE = 2 ** 20;

function over(amount: number, limit: number | undefined): boolean {
  return limit !== undefined && amount > limit;
}
