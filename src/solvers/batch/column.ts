// One column of a batch: its own problem, limits and history, so that it is certified and answered like any other solve.
import { cpuKernel } from "../../kernels/index.ts";
import type { Mdp } from "../../mdp/index.ts";
import { supNorm } from "../../numeric/index.ts";
import { gapOf } from "../bounds.ts";
import type { CheckedOptions } from "../options.ts";
import type { Problem } from "../problem.ts";
import { Run } from "../run.ts";

/** The rate at which gaps shrink is that of the last so many improving sweeps, told from twice as many on. */
const LAG = 4;

export class Column<S, A> {
  /** Its place among the columns given. */
  readonly index: number;
  readonly mdp: Mdp<S, A>;
  readonly run: Run;
  readonly #gaps: { readonly size: number; readonly sweep: number }[] = [];
  /** The width of the bounds after the last sweep. */
  gap: number = Infinity;

  /** @param shared the problem of the batch's transition kernel: what concerns rows alone is the same for every column. */
  constructor(index: number, mdp: Mdp<S, A>, options: CheckedOptions, shared: Problem) {
    const { sign } = shared;
    const storage = sign === 1 ? mdp.storage : { ...mdp.storage, reward: mdp.storage.reward.map((r) => -r) };
    // The reference kernel copies nothing: it only serves the certificate.
    const kernel = cpuKernel(storage, options.discount);
    const problem: Problem = { ...shared, storage, discount: options.discount, kernel, largestReward: supNorm(storage.reward) };
    this.index = index;
    this.mdp = mdp;
    this.run = new Run(problem, options, "modified-policy-iteration");
  }

  /** C rewards, to be maximised. */
  get reward(): Float64Array {
    return this.run.problem.storage.reward;
  }

  /** Takes down an improving sweep. */
  swept(min: number, max: number, sweeps: number): void {
    const change = { min, max };
    this.gap = gapOf(this.run.problem, change);
    this.run.sweeps = sweeps;
    this.run.record("improve in a batch", change, this.gap);
    this.#gaps.push({ size: this.gap, sweep: sweeps });
    if (this.#gaps.length > 2 * LAG) this.#gaps.shift();
  }

  /** Whether the bounds of the value just swept are as close as asked: they shrink by γ once more in the backup that certifies it. */
  get close(): boolean {
    return 0.5 * this.gap * this.run.problem.discount <= this.run.options.epsilon;
  }

  /** Sweeps still to come, as the last gaps foretell; 0 while there are too few to tell. */
  get left(): number {
    const last = this.#gaps.at(-1);
    const earlier = this.#gaps.at(-1 - LAG);
    if (last === undefined || earlier === undefined || this.#gaps.length < 2 * LAG) return 0;
    const rate = Math.log(earlier.size / last.size) / (last.sweep - earlier.sweep);
    return rate > 0 ? Math.log(last.size / this.run.options.epsilon) / rate : Infinity;
  }
}
