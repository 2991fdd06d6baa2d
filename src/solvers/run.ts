// One solve under way: sweeps in slices that give way, limits, progress and history. Every method counts and stops through it.
import type { Change } from "../kernels/index.ts";
import { Pacer } from "../platform/pacer.ts";
import type { CheckedOptions } from "./options.ts";
import type { Problem } from "./problem.ts";
import type { HistoryEntry, Method, Status } from "./solution.ts";

/** About this many branches are swept between two looks at the clock: a few milliseconds. */
const SLICE_BRANCHES = 1_000_000;

/** At most this many history entries are kept one by one; then every second one is, and so on. */
const HISTORY_LIMIT = 2048;

/** Runs `work` and lets go of what its kernels hold, however it ends. */
export async function solving<T>(problem: Problem, options: CheckedOptions, method: Method, work: (run: Run) => Promise<T>): Promise<T> {
  const run = new Run(problem, options, method);
  try {
    return await work(run);
  } finally {
    run.close();
  }
}

export class Run {
  readonly options: CheckedOptions;
  /** What is doing the work now; `auto` may change it. */
  method: Method;
  /** Where the sweeps ran, if not on the problem's kernel alone. */
  device: string | undefined;
  sweeps = 0;
  #problem: Problem;
  readonly #problems = new Set<Problem>();
  readonly #pacer: Pacer;
  #slice: number;
  #history: HistoryEntry[] = [];
  #stride = 1;
  #iterations = 0;
  #reported = Number.NEGATIVE_INFINITY;

  constructor(problem: Problem, options: CheckedOptions, method: Method) {
    this.options = options;
    this.method = method;
    this.#pacer = new Pacer({ signal: options.signal });
    this.#problem = problem;
    this.#problems.add(problem);
    this.#slice = sliceOf(problem);
    if (problem.kernel.insteadOf !== undefined) this.record("kernel", noChange(), Infinity, problem.kernel.insteadOf);
  }

  get problem(): Problem {
    return this.#problem;
  }

  /** Goes on with another problem: a part of the first, or the whole again. */
  switchTo(problem: Problem): void {
    this.#problem = problem;
    this.#problems.add(problem);
    this.#slice = sliceOf(problem);
  }

  /** Lets go of the memory the kernels worked in. Their vectors are nothing any more. */
  close(): void {
    for (const { kernel } of this.#problems) kernel.release();
  }

  /** Gives way if it is time to; for work that is not a sweep. */
  readonly breathe = (): Promise<void> | undefined => (this.#pacer.due ? this.#pacer.giveWay() : undefined);

  get seconds(): number {
    return this.#pacer.seconds;
  }

  get history(): readonly HistoryEntry[] {
    return this.#history;
  }

  /** The limit that has been met, if any. */
  get limit(): Status | undefined {
    if (this.#pacer.aborted) return "aborted";
    if (this.sweeps >= this.options.maxSweeps) return "max-sweeps";
    if (this.options.maxSeconds !== Infinity && this.#pacer.seconds >= this.options.maxSeconds) return "max-time";
    return undefined;
  }

  /** Calls `operate` on slices of the states; an aborted solve still finishes its sweep, so that its values are whole. */
  async eachSlice(operate: (from: number, to: number) => void): Promise<void> {
    const n = this.problem.storage.stateCount;
    for (let from = 0; from < n; from += this.#slice) {
      operate(from, Math.min(n, from + this.#slice));
      if (this.#pacer.due) await this.#pacer.giveWay();
    }
  }

  /** The same, from the last slice to the first. */
  async eachSliceBackwards(operate: (from: number, to: number) => void): Promise<void> {
    const n = this.problem.storage.stateCount;
    for (let to = n; to > 0; to -= this.#slice) {
      operate(Math.max(0, to - this.#slice), to);
      if (this.#pacer.due) await this.#pacer.giveWay();
    }
  }

  /** out = Tv; policy = greedy, ties keeping the incumbent. */
  async sweep(v: Float64Array, out: Float64Array, policy: Int32Array): Promise<Change> {
    const change = noChange();
    await this.eachSlice((from, to) => this.problem.kernel.sweep(v, out, policy, from, to, change));
    this.sweeps++;
    return settled(change);
  }

  /** out = T_π v. */
  async policySweep(v: Float64Array, out: Float64Array, policy: Int32Array): Promise<Change> {
    const change = noChange();
    await this.eachSlice((from, to) => this.problem.kernel.policySweep(v, out, policy, from, to, change));
    this.sweeps++;
    return settled(change);
  }

  /** Prepares sweeps of a policy that will not change between them. */
  async hold(policy: Int32Array): Promise<void> {
    await this.eachSlice((from, to) => this.problem.kernel.hold(policy, from, to));
  }

  /** out = T_π v of the policy held. */
  async heldSweep(v: Float64Array, out: Float64Array, policy: Int32Array): Promise<Change> {
    const change = noChange();
    await this.eachSlice((from, to) => this.problem.kernel.heldSweep(v, out, policy, from, to, change));
    this.sweeps++;
    return settled(change);
  }

  /** v = Tv in place. */
  async gaussSeidel(v: Float64Array, policy: Int32Array, backwards = false): Promise<Change> {
    const change = noChange();
    const operate = (from: number, to: number) => this.problem.kernel.gaussSeidel(v, policy, from, to, change, backwards);
    await (backwards ? this.eachSliceBackwards(operate) : this.eachSlice(operate));
    this.sweeps++;
    return settled(change);
  }

  /** v = T_π v in place. */
  async policyGaussSeidel(v: Float64Array, policy: Int32Array, backwards = false): Promise<Change> {
    const change = noChange();
    const operate = (from: number, to: number) => this.problem.kernel.policyGaussSeidel(v, policy, from, to, change, backwards);
    await (backwards ? this.eachSliceBackwards(operate) : this.eachSlice(operate));
    this.sweeps++;
    return settled(change);
  }

  /** Writes an iteration into the history and tells the caller, at most every 40 ms. */
  record(stage: string, change: Change, gap: number, note?: string): void {
    const residual = Math.max(-change.min, change.max);
    const seconds = this.seconds;
    if (note !== undefined || this.#iterations++ % this.#stride === 0) {
      const entry = { sweep: this.sweeps, stage, span: change.max - change.min, residual, gap, seconds };
      this.#history.push(note === undefined ? entry : { ...entry, note });
      if (this.#history.length > HISTORY_LIMIT) {
        this.#history = this.#history.filter((kept, i) => kept.note !== undefined || i % 2 === 0);
        this.#stride *= 2;
      }
    }
    if (this.options.onProgress !== undefined && seconds - this.#reported >= 0.04) {
      this.#reported = seconds;
      this.options.onProgress({ method: this.method, sweep: this.sweeps, residual, gap, seconds });
    }
  }
}

/** How many states are swept between two looks at the clock. Shared rows are read once a sweep. */
function sliceOf({ storage, kernel }: Problem): number {
  const { stateCount, choiceCount, target, choiceRow, branchCount } = storage;
  const work = kernel.name === "cpu" || choiceRow === undefined ? branchCount : Math.min(branchCount, target.length + choiceCount);
  return Math.max(1, Math.floor((stateCount * SLICE_BRANCHES) / Math.max(1, work + stateCount)));
}

export function noChange(): Change {
  return { min: Infinity, max: -Infinity };
}

/** Without a single state to change, nothing changed. */
function settled(change: Change): Change {
  if (change.min > change.max) {
    change.min = 0;
    change.max = 0;
  }
  return change;
}
