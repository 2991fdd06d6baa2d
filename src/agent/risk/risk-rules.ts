// The rules of a risk budget: which choices a budget affords, and how what is left is shared out over the successors.
import type { BudgetGrid } from "./budget-grid.ts";
import { riseOf } from "./carried.ts";
import { ExpectedRise } from "./expected-rise.ts";
import type { HarmBounds } from "./harm-bounds.ts";
import { ENDED, HARMED, type Heirs, heirsAtStart, heirsOf } from "./heirs.ts";

/** Halvings in the search for the fullest shares: what rounding down to the grid has left over is small already. */
const HALVINGS = 8;

/** How full the shares are: between two bounds, by a part of the way from one to the other. */
interface Stage {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Affording and sharing.
 *
 * @remarks A choice is afforded by budget r if Σ p·(least(s') − r) <= 0. Its successors then get budgets between their least and their most harm with
 *   Σ p·(r(s') − r) <= 0, both proven by `ExpectedRise`. By induction over the steps no way of acting reaches harm with a probability above r:
 *   it is 1 <= r where harm has come, and Σ p·r(s') <= r before. How the slack is shared does not matter to that. Here all successors are filled alike:
 *   first from their least harm towards what the wanted policy would risk there, then towards the most that can be risked there; as far, in whole steps of the
 *   grid, as the budget goes.
 */
export class RiskRules {
  readonly bounds: HarmBounds;
  readonly #grid: BudgetGrid;
  readonly #stages: readonly Stage[];
  readonly #rise = new ExpectedRise();

  constructor(bounds: HarmBounds, grid: BudgetGrid) {
    this.bounds = bounds;
    this.#grid = grid;
    const { least, wanted, most } = bounds;
    const whole = { low: least, high: most };
    this.#stages =
      wanted === most
        ? [whole]
        : [
            { low: least, high: wanted },
            { low: wanted, high: most },
          ];
  }

  /** Whether a choice of a state may be taken with this budget. The careful choice always may: the budget is at least the state's least harm. */
  affords(state: number, choice: number, budget: number): boolean {
    const { bounds } = this;
    return bounds.careful[state] === choice || riseOf(bounds, choice, bounds.least, budget, this.#rise).atMostZero;
  }

  /** What a choice risks at least, however careful all that follows is, from above. */
  needs(choice: number): number {
    return Math.min(1, riseOf(this.bounds, choice, this.bounds.least, 0, this.#rise).upper);
  }

  /** What each branch's successor may risk after a choice that the budget affords, in branch order: 1 after harm, 0 where the episode ended without. */
  shares(choice: number, budget: number): Float64Array {
    return this.#share(heirsOf(this.bounds, choice), budget);
  }

  /** What each start may risk, or undefined where even their least harm is more than the budget in total. */
  startShares(states: Int32Array, probabilities: Float64Array, budget: number): Float64Array | undefined {
    const heirs = heirsAtStart(this.bounds, states, probabilities);
    return this.#within(heirs, this.#filled(heirs, this.#stages[0]!, 0), budget) ? this.#share(heirs, budget) : undefined;
  }

  #within({ probability }: Heirs, shares: Float64Array, budget: number): boolean {
    this.#rise.reset();
    for (let i = 0; i < shares.length; i++) this.#rise.add(probability[i]!, shares[i]!, budget);
    return this.#rise.atMostZero;
  }

  /** The fullest shares that are affordable. */
  #share(heirs: Heirs, budget: number): Float64Array {
    for (let i = this.#stages.length - 1; i >= 0; i--) {
      const full = this.#filled(heirs, this.#stages[i]!, 1);
      if (!this.#within(heirs, full, budget)) continue;
      return i === this.#stages.length - 1 ? full : this.#fullest(heirs, budget, this.#stages[i + 1]!, full);
    }
    return this.#fullest(heirs, budget, this.#stages[0]!, this.#filled(heirs, this.#stages[0]!, 0));
  }

  /** From the part of the way that the budget pays for before rounding to the grid, as far as what that leaves over will do. Filling is monotone. */
  #fullest(heirs: Heirs, budget: number, stage: Stage, least: Float64Array): Float64Array {
    const { probability, state } = heirs;
    let slack = 0;
    let room = 0;
    for (let i = 0; i < state.length; i++) {
      const s = state[i]!;
      const low = s === HARMED ? 1 : s === ENDED ? 0 : stage.low[s]!;
      slack += probability[i]! * (budget - low);
      if (s >= 0) room += probability[i]! * (stage.high[s]! - low);
    }
    if (!(room > 0 && slack > 0)) return least;
    let low = 0;
    let high = Math.min(1, (slack + 2 * this.#grid.stepAt(budget)) / room);
    let best = least;
    const tryPart = (part: number) => {
      const shares = this.#filled(heirs, stage, part);
      if (this.#within(heirs, shares, budget)) {
        low = part;
        best = shares;
      } else high = part;
    };
    tryPart(Math.min(high, slack / room));
    for (let i = 0; i < HALVINGS; i++) tryPart(0.5 * (low + high));
    return best;
  }

  /** Budgets a part of the way through a stage, rounded down to the grid. */
  #filled({ state }: Heirs, { low, high }: Stage, part: number): Float64Array {
    const shares = new Float64Array(state.length);
    for (let i = 0; i < shares.length; i++) {
      const s = state[i]!;
      if (s === HARMED) shares[i] = 1;
      else if (s !== ENDED) shares[i] = this.#grid.down(s, part === 1 ? high[s]! : Math.max(low[s]!, low[s]! + part * (high[s]! - low[s]!)));
    }
    return shares;
  }
}
