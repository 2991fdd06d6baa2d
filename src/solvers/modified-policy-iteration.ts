// Modified policy iteration: one improving sweep, then a few cheap sweeps of the policy it found.
import { OptionError } from "../errors.ts";
import type { Change } from "../kernels/index.ts";
import type { Mdp } from "../mdp/index.ts";
import { assemble } from "./assemble.ts";
import { gapOf, recentre, requireFiniteTotals } from "./bounds.ts";
import { type Certificate, certify } from "./certify.ts";
import { type FinishOnCpu, solveOnDevice } from "./device/solve-on-device.ts";
import { differences } from "./differences.ts";
import { refine } from "./evaluation/evaluate.ts";
import { checkOptions, type SolveOptions } from "./options.ts";
import { makeProblem, type Problem } from "./problem.ts";
import { ProgressGuard } from "./progress-guard.ts";
import { type Run, solving } from "./run.ts";
import type { Solution, Status } from "./solution.ts";
import { startingPolicy, startingValue } from "./start.ts";
import { solveTotalReward } from "./total-reward/solve-total-reward.ts";

export interface ModifiedPolicyIterationOptions<S, A> extends SolveOptions<S, A> {
  /** Evaluation sweeps after each improving one; 0 is value iteration. Default 5; "auto": as many as an improving one is worth, fewer where they move little. */
  readonly evaluationSweeps?: number | "auto" | undefined;
}

/**
 * Solves by modified policy iteration, to proven bounds.
 *
 * @remarks Puterman and Shin (1978); Puterman (1994), section 6.5. It converges from any start at a discount below 1 (Scherrer et al. 2012). A tie keeps
 *   the incumbent action.
 * @throws OptionError; UnsupportedModelError at discount 1 where the total is not defined.
 * @example
 * const best = await modifiedPolicyIteration(robot);
 */
export async function modifiedPolicyIteration<S, A>(mdp: Mdp<S, A>, options: ModifiedPolicyIterationOptions<S, A> = {}): Promise<Solution<S, A>> {
  const evaluations = options.evaluationSweeps ?? 5;
  if (evaluations !== "auto" && !(Number.isInteger(evaluations) && evaluations >= 0))
    throw new OptionError("evaluationSweeps", evaluations, '"auto" or an integer >= 0');
  const checked = checkOptions(mdp, options);
  if (checked.discount === 1) return solveTotalReward(mdp, checked, "modified-policy-iteration");
  const goOn = goOnBySweeps(evaluations);
  const onDevice = await solveOnDevice(mdp, checked, {
    method: "modified-policy-iteration",
    evaluations: evaluations === "auto" ? LEAST_EVALUATIONS : evaluations,
    finish: goOn,
  });
  if (onDevice !== undefined) return onDevice;
  return solving(makeProblem(mdp.storage, checked.objective, checked.discount, checked), checked, "modified-policy-iteration", async (run) => {
    requireFiniteTotals(run.problem);
    return assemble(mdp, run, ...(await goOn(run, startingValue(run.problem, checked), startingPolicy(run.problem, checked))));
  });
}

/** The iteration to its end, from wherever it is given. */
export function goOnBySweeps(evaluations: number | "auto"): FinishOnCpu {
  return async (run, v, policy) => {
    const { certificate, ending } = await improvingSweeps(run, v, policy, evaluations);
    return [certificate ?? (await certify(run, v, run.options.epsilon)), ending === "slow" ? "max-sweeps" : ending];
  };
}

/** How many evaluation sweeps `"auto"` takes at least, and at most, after an improvement. */
const LEAST_EVALUATIONS = 4;
const MOST_EVALUATIONS = 24;

/** A policy that will be improved need not be known better than this part of the last improvement. */
const ENOUGH = 0.03;

/** A policy that is likely to stay is evaluated until its bounds are so much narrower than the goal: then there may be nothing left but to certify. */
const CLOSE = 0.3;

/** Bounds that an improvement leaves wider than this part of what the last one left have hardly moved. */
const STANDING = 0.7;

/** How an attempt ended: with a certificate, or given up as too slow. */
export interface Improved {
  readonly certificate: Certificate | undefined;
  readonly ending: Status | "slow";
}

/**
 * The iteration itself: v (S+1 numbers) and policy are overwritten with where it came to.
 *
 * @param evaluations sweeps after each improvement; "auto": as many as an improvement is worth, ended when they move little.
 * @param tooSlow is told the sweeps still to come as the last ones foretell; true ends with "slow", without a certificate.
 */
export async function improvingSweeps(
  run: Run,
  v: Float64Array,
  policy: Int32Array,
  evaluations: number | "auto",
  tooSlow: (sweepsLeft: number) => boolean = () => false,
): Promise<Improved> {
  const { problem } = run;
  const { epsilon } = run.options;
  const sweeps = new AlternatingSweeps(run, v);
  const guard = new ProgressGuard(problem);
  const most = evaluations === "auto" ? evaluationsWorth(problem) : evaluations;
  let target = epsilon;
  let stalledAt = Infinity;
  let size = Infinity;
  let switched = problem.storage.stateCount;
  let switchedBefore = 0;
  let slowRounds = 0;
  let standstill = 0;
  const end = (certificate: Certificate | undefined, ending: Status | "slow"): Improved => {
    sweeps.finish();
    return { certificate, ending };
  };
  // Where v is 0 everywhere the best paid choices are greedy: no need to sweep for them.
  const known = evaluations !== 0 && policy.every(isNone) && v.every(isZero);
  if (known) chooseBestPaid(problem, policy);
  for (let round = known ? 1 : 0; ; round++) {
    if (round > 0) {
      // The changes of policy die out faster and faster: the next would be fewer than one.
      const settled = evaluations === "auto" && (switched === 0 || switched * switched < switchedBefore);
      const enough = settled ? CLOSE * target : Math.max(CLOSE * target, evaluations === "auto" ? ENOUGH * size : 0);
      const evaluated = await sweeps.evaluate(policy, settled ? 4 * most : most, enough);
      const foretold = evaluated.sweepsTo(target);
      slowRounds = foretold > 0 ? slowRounds + 1 : 0;
      if (evaluations === "auto" && slowRounds >= 2 && tooSlow(standstill >= 2 ? Infinity : foretold)) return end(undefined, "slow");
      if (settled && evaluated.gap <= 2 * target) {
        const certificate = await certify(run, sweeps.now, epsilon);
        if (certificate.error <= epsilon) return end(certificate, "converged");
        // It took a look at every choice: where it found better ones, that was an improvement.
        switchedBefore = switched;
        switched = differences(policy, certificate.policy);
        if (switched > 0 && run.limit === undefined) {
          policy.set(certificate.policy);
          size = certificate.gap;
          continue;
        }
      }
    }
    const before = policy.slice();
    const change = await sweeps.improve(policy);
    const gap = gapOf(problem, change);
    switchedBefore = switched;
    switched = differences(before, policy);
    standstill = gap > STANDING * size ? standstill + 1 : 0;
    size = gap;
    run.record("improve", change, gap);
    const limit = run.limit;
    const stalled = guard.stalled(problem.ends ? Math.max(-change.min, change.max) : change.max - change.min, sweeps.now);
    // The bounds of this backup shrink by γ once more in the next: v has moved on by one sweep already.
    if (limit !== undefined || stalled || 0.5 * gap * problem.discount <= target) {
      const certificate = await certify(run, sweeps.now, epsilon);
      if (certificate.error <= epsilon) return end(certificate, "converged");
      if (limit !== undefined) return end(certificate, limit);
      if (stalled && !(certificate.error < 0.5 * stalledAt)) return end(certificate, "precision");
      if (stalled) {
        // Plain sweeps stand still where γ times the change rounds to the change; a residual in twice the precision shows what is still wrong.
        stalledAt = certificate.error;
        await refine(run, problem, policy, sweeps.now);
      }
      target /= 4;
    } else recentre(problem, change, sweeps.now);
  }
}

/** Sweeps from one vector into another and back. */
class AlternatingSweeps {
  now: Float64Array;
  readonly #run: Run;
  readonly #first: Float64Array;
  #next: Float64Array;

  constructor(run: Run, v: Float64Array) {
    this.#run = run;
    this.#first = v;
    this.now = v;
    this.#next = run.problem.kernel.vector();
  }

  /** Leaves the values in the vector it began with. */
  finish(): void {
    if (this.now !== this.#first) this.#first.set(this.now);
  }

  async improve(policy: Int32Array): Promise<Change> {
    const change = await this.#run.sweep(this.now, this.#next, policy);
    this.#turn();
    return change;
  }

  /** Up to `most` sweeps of a policy, ended when half the gap they tell is at or below `enough`. */
  async evaluate(policy: Int32Array, most: number, enough: number): Promise<Evaluation> {
    const { problem } = this.#run;
    const gaps: number[] = [];
    if (most > 0) await this.#run.hold(policy);
    let change: Change | undefined;
    while (gaps.length < most && this.#run.limit === undefined) {
      change = await this.#run.heldSweep(this.now, this.#next, policy);
      this.#turn();
      gaps.push(gapOf(problem, change));
      if (0.5 * gaps[gaps.length - 1]! <= enough) break;
    }
    if (change !== undefined) recentre(problem, change, this.now);
    return new Evaluation(gaps);
  }

  #turn(): void {
    [this.now, this.#next] = [this.#next, this.now];
  }
}

/** What some evaluation sweeps of one policy told. */
class Evaluation {
  readonly #gaps: readonly number[];

  constructor(gaps: readonly number[]) {
    this.#gaps = gaps;
  }

  get gap(): number {
    return this.#gaps.at(-1) ?? Infinity;
  }

  /** How many more would bring half the gap to a goal, by the rate of the last few; 0 where too few were made to tell. */
  sweepsTo(goal: number): number {
    const last = this.#gaps.length - 1;
    const from = last >> 1;
    if (last - from < 2 || this.gap <= 2 * goal) return 0;
    const rate = Math.log(this.#gaps[from]! / this.gap) / (last - from);
    return rate > 0 ? Math.log(this.gap / (2 * goal)) / rate : Infinity;
  }
}

function isNone(choice: number): boolean {
  return choice < 0;
}

function isZero(value: number): boolean {
  return value === 0;
}

/** Each state's choice of the largest reward. */
function chooseBestPaid({ storage }: Problem, policy: Int32Array): void {
  const { stateCount, stateChoices, reward } = storage;
  for (let s = 0; s < stateCount; s++) {
    const end = stateChoices[s + 1]!;
    let best = stateChoices[s]!;
    if (best === end) continue;
    for (let c = best + 1; c < end; c++) if (reward[c]! > reward[best]!) best = c;
    policy[s] = best;
  }
}

/** As many as take about as long as two improvements. */
function evaluationsWorth({ storage }: Problem): number {
  const worth = 2 * (storage.choiceCount / Math.max(1, storage.stateCount));
  return Math.max(LEAST_EVALUATIONS, Math.min(MOST_EVALUATIONS, Math.round(worth)));
}
