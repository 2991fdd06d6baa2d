// A sequential test that may be looked at after every number: wealth won by betting that the numbers are positive on average.
import { FormatError } from "../../errors.ts";

/** The shares of its wealth that each bettor stakes: small ones win on small differences, large ones win soon. */
const STAKES = [1 / 8, 1 / 4, 1 / 2, 1];

/**
 * Tests the hypothesis that each of a stream of numbers in [-1, 1] has a mean of at most 0, given those before it.
 *
 * @remarks A bettor who stakes the share λ on x multiplies its wealth by 1 + λx, under the hypothesis by 1 at most on average; so does any mixture of bettors. By
 *   Ville's inequality the mixture ever reaches 1/δ with a probability of at most δ, however long it goes on and whenever one looks (Waudby-Smith and Ramdas,
 *   "Estimating means of bounded random variables by betting", 2024). The mixture is over stakes and over the number at which betting starts, the j-th with weight
 *   1 / (j (j + 1)): numbers that spoke for the hypothesis long ago do not hide a change.
 * @example
 * const test = new BettingTest();
 * for (const x of [1, 1, 1, 1, 1, 1, 1, 1]) test.observe(x);
 * test.evidence; // 45.3: the hypothesis is refuted at δ = 0.05
 */
export class BettingTest {
  /** How many numbers it has seen. */
  count = 0;
  /** By stake: the wealth of all bettors that have started. */
  private readonly wealth: Float64Array = new Float64Array(STAKES.length);

  observe(x: number): void {
    this.count++;
    const starts = 1 / (this.count * (this.count + 1));
    for (const [i, stake] of STAKES.entries()) this.wealth[i] = (this.wealth[i]! + starts) * (1 + stake * x);
  }

  /** The wealth of the mixture, 1 before the first number; those who have not started hold theirs. */
  get evidence(): number {
    return this.wealth.reduce((sum, w) => sum + w, 0) / STAKES.length + 1 / (this.count + 1);
  }

  save(): number[] {
    return [this.count, ...this.wealth];
  }

  /** @throws FormatError for what `save` did not answer. */
  load([count, ...wealth]: readonly number[]): void {
    if (count === undefined || wealth.length !== STAKES.length) {
      throw new FormatError(`resume.agent.gateTest has ${wealth.length + 1} entries, expected ${STAKES.length + 1}.`);
    }
    this.count = count;
    this.wealth.set(wealth);
  }
}
