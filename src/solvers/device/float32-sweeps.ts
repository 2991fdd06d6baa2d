// Sweeps on a device in float32 until float32 holds no more: one stage of a mixed-precision solve.
import type { Change } from "../../kernels/index.ts";
import type { TensorKernel, TensorLike } from "../../kernels/tensor/index.ts";
import { gapOf } from "../bounds.ts";
import type { Run } from "../run.ts";

/** How a stage ended: as close as asked, with nothing more to gain in float32, too slow to go on, or at a limit of the run. */
export type StageEnding = "close" | "exhausted" | "slow" | "limit";

export interface StagePlan {
  /** The name of its lines in the history. */
  readonly name: string;
  /** The rewards on the device are those of the stage divided by this. */
  readonly scale: number;
  /** Half the gap (of the whole problem) at which to stop. */
  readonly target: number;
  /** Sweeps of the greedy policy after each improving one; 0 is value iteration. */
  readonly evaluations: number;
}

/** About so many branches are swept between two looks at the change, at most: some milliseconds on a GPU. */
const LOOK_BRANCHES = 2e8;

/** And so many rounds at most. */
const MOST_ROUNDS = 256;

/** Roundings of a backup's result that may add up in a change, of the size of the largest value. */
const NOISE = 8 * 2 ** -24;

/** So many looks in a row without progress end a stage. */
const PATIENCE = 4;

/** A stage that foretells more sweeps than this is left to the CPU, which has methods for models that mix slowly. */
const TOO_MANY_SWEEPS = 50_000;

/**
 * Iterates from zero values.
 *
 * @remarks Values grow to the first change over 1 - γ, so a change of that times float32's rounding is rounding. Besides, a change shrinks at least by γ a sweep
 *   (as a span where nothing ends, else in size) but for rounding: where it no longer does by half that rate, no more is to be had. Values are kept centred: a constant that spans do not see is added as soon as it dominates the change.
 * @returns the values reached, times the scale, and how it ended.
 */
export async function float32Sweeps(run: Run, kernel: TensorKernel, plan: StagePlan): Promise<{ readonly values: Float64Array; readonly ending: StageEnding }> {
  const stage = new Stage(run, kernel, plan);
  try {
    const ending = await stage.run();
    return { values: await stage.values(), ending };
  } finally {
    stage.dispose();
  }
}

class Stage {
  readonly #run: Run;
  readonly #kernel: TensorKernel;
  readonly #plan: StagePlan;
  readonly #mostRounds: number;
  #v: TensorLike;
  #policy: TensorLike | undefined;
  /** Added by the next backup. */
  #shift = 0;

  constructor(run: Run, kernel: TensorKernel, plan: StagePlan) {
    this.#run = run;
    this.#kernel = kernel;
    this.#plan = plan;
    this.#v = kernel.values();
    this.#mostRounds = Math.max(4, Math.min(MOST_ROUNDS, Math.ceil(LOOK_BRANCHES / Math.max(1, run.problem.storage.branchCount))));
  }

  async run(): Promise<StageEnding> {
    const { problem } = this.#run;
    const { scale, target, name } = this.#plan;
    let rounds = 0;
    let noise = 0;
    let least = Infinity;
    let since = 0;
    let last = { size: Infinity, sweep: this.#run.sweeps };
    for (;;) {
      for (let i = 0; i < rounds && this.#run.limit === undefined; i++) {
        this.#round();
        await this.#run.breathe();
      }
      const change = await this.#measuredRound();
      const size = problem.ends ? Math.max(-change.min, change.max) : change.max - change.min;
      const gap = scale * gapOf(problem, change);
      this.#run.record(name, { min: scale * change.min, max: scale * change.max }, gap);
      if (this.#run.limit !== undefined) return "limit";
      if (0.5 * gap * problem.discount <= target) return "close";
      if (last.size === Infinity) noise = (NOISE * Math.max(-change.min, change.max)) / (1 - problem.discount);
      if (size <= noise || !Number.isFinite(size)) return "exhausted";
      const swept = this.#run.sweeps - last.sweep;
      if (size < least * Math.min(0.99, problem.discount ** (swept / 2))) {
        least = size;
        since = 0;
      } else if (++since >= PATIENCE) return "exhausted";
      const rate = (size / last.size) ** (1 / Math.max(1, swept));
      const goal = Math.max(noise, (size * target) / Math.max(target, 0.5 * gap));
      const left = last.size === Infinity ? 1 : sweepsUntil(size, goal, rate);
      if (left > TOO_MANY_SWEEPS && since === 0 && rounds > 16) return "slow";
      last = { size, sweep: this.#run.sweeps };
      this.#shift = centringShift(problem.ends, change, problem.discount);
      const wanted = Math.min(Math.ceil(left / (2 * (1 + this.#plan.evaluations))), 2 * rounds + 1, this.#mostRounds);
      rounds = Math.max(this.#shift === 0 ? 0 : 1, since > 0 ? 1 : wanted);
    }
  }

  /** What the values stand at, in the units of the whole problem. */
  async values(): Promise<Float64Array> {
    const { scale } = this.#plan;
    return Float64Array.from(await this.#kernel.read(this.#v), (x) => scale * x);
  }

  dispose(): void {
    this.#v.dispose();
    this.#policy?.dispose();
  }

  /** A backup and the evaluation sweeps of its policy. */
  #round(): void {
    this.#replace(this.#backup(this.#takeShift()));
    this.#evaluate();
  }

  /** The same, told how much the backup changed. */
  async #measuredRound(): Promise<Change> {
    const next = this.#backup(this.#takeShift());
    const change = this.#kernel.change(this.#v, next);
    this.#replace(next);
    this.#evaluate();
    try {
      const [min = Number.NaN, max = Number.NaN] = await this.#kernel.read(change);
      return { min, max };
    } finally {
      change.dispose();
    }
  }

  #backup(shift: number): TensorLike {
    this.#run.sweeps++;
    if (this.#plan.evaluations === 0) return this.#kernel.sweep(this.#v, shift);
    const policy = this.#kernel.greedy(this.#v, this.#policy);
    this.#policy?.dispose();
    this.#policy = policy;
    return this.#kernel.policySweep(this.#v, policy, shift);
  }

  #evaluate(): void {
    if (this.#policy === undefined) return;
    for (let i = 0; i < this.#plan.evaluations && this.#run.limit === undefined; i++) {
      this.#run.sweeps++;
      this.#replace(this.#kernel.policySweep(this.#v, this.#policy));
    }
  }

  #replace(next: TensorLike): void {
    this.#v.dispose();
    this.#v = next;
  }

  #takeShift(): number {
    const shift = this.#shift;
    this.#shift = 0;
    return shift;
  }
}

/** How many more sweeps at this rate until the size is `goal`. */
function sweepsUntil(size: number, goal: number, rate: number): number {
  if (size <= goal) return 0;
  return rate < 1 ? Math.log(goal / size) / Math.log(rate) : Infinity;
}

/** The constant that is still missing, where it dominates the change and nothing ends. */
function centringShift(ends: boolean, { min, max }: Change, discount: number): number {
  const middle = 0.5 * (min + max);
  return ends || !(Math.abs(middle) > max - min) ? 0 : (middle * discount) / (1 - discount);
}
