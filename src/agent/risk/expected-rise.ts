// The sign of Σ p·(value − budget), proven in float64: what every promise of a risk budget rests on.
import { nextUp, twoProductError, twoSumError, UNIT_ROUNDOFF } from "../../numeric/index.ts";

/** Products below this are not split into exact parts: their parts could fall under the smallest float64. */
const TINY = 2 ** -900;

/**
 * How much more is handed on than there is: Σ p·(value − budget) over a choice's branches. Probabilities are read in proportion (a row that sums to
 * 1 + 2^-53 is the distribution p / Σp), which is why the budget stands inside the sum: equal values give 0, whatever the row sums to.
 *
 * @remarks The proof. A difference is the exact sum of two float64 (`twoSumError`), a product too (`twoProductError`; Ogita, Rump and Oishi 2005), so
 *   the sum is exactly high + Σ errors, and only adding up the n errors in `low` rounds: by at most n·2^-53·Σ|errors|, times 1.02 for how that bound is
 *   itself computed (n < 2^40). Products under 2^-900 count as 2^-899, above what they can be, or, if negative, as 0. `atMostZero` compares high with
 *   -(low + bound), rounded the strict way; the comparison is exact. Where nothing is rounded, as with probabilities and budgets that are multiples of
 *   one power of 2, the bound is 0 and so the answer is exact.
 */
export class ExpectedRise {
  #high = 0;
  #low = 0;
  #magnitude = 0;
  #terms = 0;
  #tiny = 0;

  reset(): this {
    this.#high = this.#low = this.#magnitude = this.#terms = this.#tiny = 0;
    return this;
  }

  /** One branch: at least 0 each, the value and budget at most 2. */
  add(probability: number, value: number, budget: number): void {
    if (value === budget) return;
    const difference = value - budget;
    this.#product(probability, difference);
    const error = twoSumError(value, -budget, difference);
    if (error !== 0) this.#product(probability, error);
  }

  #product(probability: number, difference: number): void {
    const product = probability * difference;
    if (Math.abs(product) < TINY) {
      if (difference > 0) this.#tiny++;
      return;
    }
    const sum = this.#high + product;
    const ofProduct = twoProductError(probability, difference, product);
    const ofSum = twoSumError(this.#high, product, sum);
    this.#high = sum;
    this.#low = this.#low + ofProduct + ofSum;
    this.#magnitude += Math.abs(ofProduct) + Math.abs(ofSum);
    this.#terms += 2;
  }

  /** What `low` may lack of the exact sum of errors, from above. */
  get #bound(): number {
    const rounding = this.#magnitude === 0 ? 0 : nextUp(1.02 * this.#terms * UNIT_ROUNDOFF * this.#magnitude);
    return this.#tiny === 0 ? rounding : nextUp(rounding + this.#tiny * 2 * TINY);
  }

  /** Whether the sum is proven to be at most 0. */
  get atMostZero(): boolean {
    const bound = this.#bound;
    const low = bound === 0 ? this.#low : nextUp(this.#low + bound);
    return this.#high <= -low;
  }

  /** The sum, from above. */
  get upper(): number {
    const bound = this.#bound;
    return bound === 0 && this.#low === 0 ? this.#high : nextUp(this.#high + nextUp(this.#low + bound));
  }
}
