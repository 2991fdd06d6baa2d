// The budgets a state may hold: a grid of δ/1024, and the state's own marks, so that the guarded process is finite.
import type { HarmBounds } from "./harm-bounds.ts";

/** Rounds budgets down to what a state may hold. */
export class BudgetGrid {
  readonly #bounds: HarmBounds;
  readonly #limit: number;
  readonly #steps: number;

  /** Budgets up to `limit` are multiples of limit / steps. Above, where an unlikely successor may hold more, the step doubles whenever the budget does. */
  constructor(bounds: HarmBounds, limit: number, steps: number) {
    this.#bounds = bounds;
    this.#limit = limit;
    this.#steps = steps;
  }

  /** The step of the grid at a budget. */
  stepAt(budget: number): number {
    const doublings = budget > this.#limit ? Math.floor(Math.log2(budget / this.#limit)) : 0;
    return (this.#limit / this.#steps) * 2 ** doublings;
  }

  /**
   * The largest budget a state may hold that is at most `budget`: its least, wanted or most harm, or one of the grid between. `budget` is at least the state's
   * least harm. With its most harm a state needs no more: whatever is done from there on is paid for.
   */
  down(state: number, budget: number): number {
    const { least, wanted, most } = this.#bounds;
    if (budget >= most[state]!) return most[state]!;
    const mark = wanted[state]! <= budget ? wanted[state]! : least[state]!;
    return Math.max(mark, this.#onGrid(budget));
  }

  #onGrid(budget: number): number {
    // Without a limit only the marks are left.
    if (!(this.#limit > 0)) return 0;
    const step = this.stepAt(budget);
    let multiple = Math.floor(budget / step);
    // The quotient may have been rounded up, and so may the product.
    while (multiple * step > budget) multiple--;
    return multiple * step;
  }
}
