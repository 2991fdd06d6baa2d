// Policy iteration: evaluate the policy, improve it where an action is better by more than rounding, until none is.
import type { Mdp } from "../mdp/index.ts";
import { assemble } from "./assemble.ts";
import { gapOf, requireFiniteTotals } from "./bounds.ts";
import { certify } from "./certify.ts";
import { solveOnDevice } from "./device/solve-on-device.ts";
import { DIRECT_LIMIT, evaluateDirectly } from "./direct.ts";
import { improvePolicy } from "./improve.ts";
import { goOnBySweeps } from "./modified-policy-iteration.ts";
import { checkOptions, type SolveOptions } from "./options.ts";
import { makeProblem } from "./problem.ts";
import { ProgressGuard } from "./progress-guard.ts";
import { type Run, solving } from "./run.ts";
import type { Solution, Status } from "./solution.ts";
import { fillPolicy, startingPolicy, startingValue } from "./start.ts";
import { solveTotalReward } from "./total-reward/solve-total-reward.ts";

/** Devices evaluate a policy by so many sweeps of it. */
const DEVICE_EVALUATIONS = 30;

/**
 * Solves by policy iteration, to proven bounds: with a direct solve up to 300 non-terminal states, with evaluation sweeps above.
 *
 * @remarks Howard (1960); Puterman (1994), section 6.4. An action replaces the incumbent only where it is better by more than rounding, so tied policies
 *   cannot cycle. One sweep is counted for each direct evaluation.
 * @throws OptionError; UnsupportedModelError at discount 1 where the total is not defined.
 * @example
 * const best = await policyIteration(robot, { initialPolicy: prior.policy });
 */
export async function policyIteration<S, A>(mdp: Mdp<S, A>, options: SolveOptions<S, A> = {}): Promise<Solution<S, A>> {
  const checked = checkOptions(mdp, options);
  if (checked.discount === 1) return solveTotalReward(mdp, checked, "policy-iteration");
  const onDevice = await solveOnDevice(mdp, checked, {
    method: "policy-iteration",
    evaluations: DEVICE_EVALUATIONS,
    finish: goOnBySweeps(DEVICE_EVALUATIONS),
  });
  if (onDevice !== undefined) return onDevice;
  return solving(makeProblem(mdp.storage, checked.objective, checked.discount, checked), checked, "policy-iteration", async (run) => {
    const { problem } = run;
    requireFiniteTotals(problem);
    const evaluator = new Evaluator(run);
    const policy = startingPolicy(problem, checked);
    if (checked.initialChoice === undefined) await run.sweep(evaluator.v, evaluator.spare, policy);
    fillPolicy(problem, policy);
    for (let iteration = 1; ; iteration++) {
      const stopped = run.limit ?? (await evaluator.evaluate(policy));
      const switched = stopped === undefined ? await improvePolicy(run, evaluator.v, policy) : 0;
      const limit = stopped ?? run.limit;
      if (switched > 0 && limit === undefined) continue;
      const certificate = await certify(run, evaluator.v, checked.epsilon);
      run.record("certify", { min: 0, max: 0 }, certificate.gap, `policy ${iteration}: ${switched} states switched`);
      if (certificate.error <= checked.epsilon) return assemble(mdp, run, certificate, "converged");
      if (limit !== undefined) return assemble(mdp, run, certificate, limit);
      if (!evaluator.sharpen()) return assemble(mdp, run, certificate, "precision");
    }
  });
}

/** Evaluates one policy after another, each from the value of the last. */
class Evaluator {
  v: Float64Array;
  spare: Float64Array;
  readonly #run: Run;
  readonly #direct: boolean;
  /** The gap an iterative evaluation is taken to; sharpened when the policy no longer changes. */
  #target: number;
  #stalled = false;

  constructor(run: Run) {
    const { storage, kernel } = run.problem;
    let states = 0;
    for (let s = 0; s < storage.stateCount; s++) if (storage.stateChoices[s] !== storage.stateChoices[s + 1]) states++;
    this.#run = run;
    this.#direct = states <= DIRECT_LIMIT;
    this.#target = run.options.epsilon;
    this.v = startingValue(run.problem, run.options);
    this.spare = kernel.vector();
  }

  /** v = V^π, to the current target; the limit met on the way, if one was. */
  async evaluate(policy: Int32Array): Promise<Status | undefined> {
    const { problem } = this.#run;
    if (this.#direct && evaluateDirectly(problem, policy, this.v)) {
      this.#run.sweeps++;
      this.#run.record("evaluate directly", { min: 0, max: 0 }, 0);
      return this.#run.limit;
    }
    const guard = new ProgressGuard(problem);
    let first = Infinity;
    await this.#run.hold(policy);
    for (;;) {
      const change = await this.#run.heldSweep(this.v, this.spare, policy);
      [this.v, this.spare] = [this.spare, this.v];
      const gap = gapOf(problem, change);
      this.#run.record("evaluate", change, gap);
      this.#stalled = guard.stalled(problem.ends ? Math.max(-change.min, change.max) : change.max - change.min, this.v);
      if (first === Infinity) first = gap;
      // A policy that will be improved need not be known to the last digit.
      if (0.5 * gap <= Math.max(this.#target, 0.01 * first) || this.#stalled || this.#run.limit !== undefined) return this.#run.limit;
    }
  }

  /** Asks for a tighter evaluation; false where there is nothing more to gain. */
  sharpen(): boolean {
    if (this.#direct || this.#stalled) return false;
    this.#target /= 8;
    return true;
  }
}
