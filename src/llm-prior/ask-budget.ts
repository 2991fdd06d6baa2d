// What asking may cost: calls, tokens, seconds, money. Nothing is begun that the budget does not cover; what came before is kept.
import { OptionError, PriorError } from "../errors.ts";
import type { ActionScores } from "./scorer.ts";

/** What asking may take at most. Left out: without limit. */
export interface AskBudget {
  /** Requests to the model, repeats after failures not counted. */
  readonly calls?: number | undefined;
  /** Tokens read and written: as the server counts them, as estimated from above where it does not. */
  readonly tokens?: number | undefined;
  readonly seconds?: number | undefined;
  /** In the currency of `price`. */
  readonly cost?: number | undefined;
}

/** Money for a million tokens. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

/** What was spent so far. */
export interface Spent {
  readonly calls: number;
  readonly tokens: number;
  readonly seconds: number;
  /** 0 without a price. */
  readonly cost: number;
}

/** Written tokens taken as needed by a call whose end is not known yet: a label, as JSON. */
const OUTPUT_ESTIMATE = 32;

/** The spending of one question. */
export interface Ledger {
  /** To be called before each request. @throws PriorError where the budget does not cover it. */
  readonly beforeCall: (inputTokens: number) => void;
  /** To be called when the answer is there, or with nothing where it failed. */
  readonly settle: (scores?: ActionScores) => void;
}

/** Counts what is spent, and refuses what would be too much. */
export class Spending {
  readonly #budget: AskBudget;
  readonly #price: TokenPrice | undefined;
  readonly #began = performance.now();
  #calls = 0;
  #input = 0;
  #output = 0;

  /** @throws OptionError */
  constructor(budget: AskBudget, price: TokenPrice | undefined) {
    for (const [name, limit] of Object.entries(budget) as readonly (readonly [string, number | undefined])[]) {
      if (limit !== undefined && !(limit >= 0)) throw new OptionError(`budget.${name}`, limit, "a number >= 0");
    }
    for (const [name, amount] of Object.entries(price ?? {}))
      if (!(amount >= 0)) throw new OptionError(`price.${name}`, amount, "a number >= 0 for a million tokens");
    if (budget.cost !== undefined && price === undefined)
      throw new OptionError("budget.cost", budget.cost, "a price with it", "pass price: { input, output }, for a million tokens each.");
    this.#budget = budget;
    this.#price = price;
  }

  get spent(): Spent {
    return {
      calls: this.#calls,
      tokens: this.#input + this.#output,
      seconds: (performance.now() - this.#began) / 1000,
      cost: this.#costOf(this.#input, this.#output),
    };
  }

  /** A ledger for one question. Estimates count until the answer's own numbers are there. */
  open(): Ledger {
    let calls = 0;
    let input = 0;
    let output = 0;
    return {
      beforeCall: (inputTokens) => {
        this.#check(inputTokens);
        calls++;
        input += inputTokens;
        output += OUTPUT_ESTIMATE;
        this.#add(1, inputTokens, OUTPUT_ESTIMATE);
      },
      settle: (scores) => {
        if (scores === undefined) return;
        const { usage } = scores;
        // Scorers that do not announce their calls are counted by what they say afterwards.
        this.#add(Math.max(0, scores.calls - calls), (usage?.input ?? input) - input, (usage?.output ?? output) - output);
      },
    };
  }

  #add(calls: number, input: number, output: number): void {
    this.#calls += calls;
    this.#input += input;
    this.#output += output;
  }

  #check(inputTokens: number): void {
    const { calls, tokens, seconds, cost } = this.#budget;
    const { spent } = this;
    if (calls !== undefined && spent.calls + 1 > calls) throw tooMuch("calls", `${calls} calls`);
    if (tokens !== undefined && spent.tokens + inputTokens + OUTPUT_ESTIMATE > tokens) throw tooMuch("tokens", `${tokens} tokens`);
    if (seconds !== undefined && spent.seconds > seconds) throw tooMuch("seconds", `${seconds} s`);
    if (cost !== undefined && spent.cost + this.#costOf(inputTokens, OUTPUT_ESTIMATE) > cost) throw tooMuch("cost", `${cost} of money`);
  }

  #costOf(input: number, output: number): number {
    return this.#price === undefined ? 0 : (input * this.#price.input + output * this.#price.output) / 1e6;
  }
}

function tooMuch(which: keyof AskBudget, words: string): PriorError {
  return new PriorError(`the budget of ${words} does not cover another question, expected one that covers all.`, {
    hint: "answers that came are in the cache, if one was given: ask again with a larger budget to go on from there.",
    details: { budget: which },
  });
}
