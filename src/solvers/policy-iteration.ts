// Policy iteration: evaluate the policy, improve it where an action is better by more than rounding, until none is.
import type { Mdp } from "../mdp/index.ts";
import { assemble } from "./assemble.ts";
import { requireFiniteTotals } from "./bounds.ts";
import { certify } from "./certify.ts";
import { solveOnDevice } from "./device/solve-on-device.ts";
import { evaluate, refine } from "./evaluation/evaluate.ts";
import { improvePolicy } from "./improve.ts";
import { goOnBySweeps } from "./modified-policy-iteration.ts";
import { checkOptions, type SolveOptions } from "./options.ts";
import { makeProblem } from "./problem.ts";
import { solving } from "./run.ts";
import type { Solution } from "./solution.ts";
import { fillPolicy, startingPolicy, startingValue } from "./start.ts";
import { solveTotalReward } from "./total-reward/solve-total-reward.ts";

/** Devices evaluate a policy by so many sweeps of it. */
const DEVICE_EVALUATIONS = 30;

/**
 * Solves by policy iteration, to proven bounds. Policies are evaluated by their linear systems, component by component.
 *
 * @remarks Howard (1960); Puterman (1994), section 6.4. An action replaces the incumbent only where it is better by more than rounding, so tied policies
 *   cannot cycle. One sweep is counted for each evaluation, two more for each iteration where a component is too wide to eliminate.
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
    const v = startingValue(problem, checked);
    const policy = startingPolicy(problem, checked);
    if (checked.initialChoice === undefined) await run.sweep(v, problem.kernel.vector(), policy);
    fillPolicy(problem, policy);
    let switched = Infinity;
    let least = Infinity;
    for (let iteration = 1; ; iteration++) {
      if (run.limit === undefined) {
        const { left, how } = await (switched === 0 ? refine(run, problem, policy, v) : evaluate(run, problem, policy, v));
        run.record("evaluate", { min: 0, max: left }, Infinity, how);
      }
      switched = run.limit === undefined ? await improvePolicy(run, v, policy) : 0;
      if (switched > 0 && run.limit === undefined) {
        least = Infinity;
        continue;
      }
      const { limit } = run;
      const certificate = await certify(run, v, checked.epsilon);
      run.record("certify", { min: 0, max: 0 }, certificate.gap, `policy ${iteration}: ${switched} states switched`);
      if (certificate.error <= checked.epsilon) return assemble(mdp, run, certificate, "converged");
      if (limit !== undefined) return assemble(mdp, run, certificate, limit);
      // Refined again and again to no avail: rounding is all that is left.
      if (!(certificate.error < 0.5 * least)) return assemble(mdp, run, certificate, "precision");
      least = certificate.error;
    }
  });
}
