// The automatic choice: which method suits this model, and a word in the history on why.
import { OptionError } from "../errors.ts";
import type { Mdp } from "../mdp/index.ts";
import { assemble } from "./assemble.ts";
import { requireFiniteTotals } from "./bounds.ts";
import { certify } from "./certify.ts";
import { improvingSweeps, modifiedPolicyIteration } from "./modified-policy-iteration.ts";
import { checkOptions, requireDiscount, type SolveOptions } from "./options.ts";
import { orderedSweeps } from "./ordered-sweeps.ts";
import { policyIteration } from "./policy-iteration.ts";
import { makeProblem, type Problem } from "./problem.ts";
import { Run } from "./run.ts";
import type { Solution } from "./solution.ts";
import { startingPolicy, startingValue } from "./start.ts";
import { valueIteration } from "./value-iteration.ts";

/** The methods `solve` can be told to use. */
export type MethodName = "auto" | "value-iteration" | "gauss-seidel" | "policy-iteration" | "modified-policy-iteration";

export interface AutoOptions<S, A> extends SolveOptions<S, A> {
  /** Default "auto". */
  readonly method?: MethodName | undefined;
}

/** Where synchronous sweeps would still need more than this many, values travel far and in-place sweeps in order are tried. */
const MANY_SWEEPS = 120;

/** Up to this many states policy iteration with direct solves ends in milliseconds, whatever the discount. */
const SMALL = 200;

/**
 * Solves a model by the method that suits it, to proven bounds.
 *
 * @remarks Small models and policy iteration go together: a few direct solves, exact at any discount. Larger ones start with modified policy iteration and span
 *   bounds, which ends fast-mixing models in tens of sweeps; where the gaps foretell many more, values travel far, and in-place sweeps in breadth-first order take over. At
 *   discount 1 Gauss-Seidel sweeps solve the shortest path problem that is left. The history says what was decided and why; the clock decides nothing.
 * @throws OptionError; UnsupportedModelError at discount 1 where the total is not defined.
 * @example
 * const best = await solve(robot, { epsilon: 1e-9 });
 * best.policy.action("low"); // "recharge"
 */
export async function solve<S, A>(mdp: Mdp<S, A>, options: AutoOptions<S, A> = {}): Promise<Solution<S, A>> {
  switch (options.method ?? "auto") {
    case "auto":
      return automatic(mdp, options);
    case "value-iteration":
      return valueIteration(mdp, options);
    case "gauss-seidel":
      return valueIteration(mdp, { ...options, order: "gauss-seidel" });
    case "policy-iteration":
      return policyIteration(mdp, options);
    case "modified-policy-iteration":
      return modifiedPolicyIteration(mdp, options);
    default:
      throw new OptionError("method", options.method, "one of auto, value-iteration, gauss-seidel, policy-iteration, modified-policy-iteration");
  }
}

async function automatic<S, A>(mdp: Mdp<S, A>, options: AutoOptions<S, A>): Promise<Solution<S, A>> {
  if (mdp.stateCount <= SMALL) return policyIteration(mdp, options);
  if (requireDiscount(mdp, options.discount) === 1) return valueIteration(mdp, { ...options, order: "gauss-seidel" });
  const checked = checkOptions(mdp, options);
  const run = new Run(makeProblem(mdp.storage, checked.objective, checked.discount, checked.device), checked, "modified-policy-iteration");
  const { problem } = run;
  requireFiniteTotals(problem);
  const v = startingValue(problem, checked);
  const policy = startingPolicy(problem, checked);
  let foretold = 0;
  const first = await improvingSweeps(run, v, policy, 5, (left) => {
    foretold = left;
    return left > MANY_SWEEPS;
  });
  if (first.ending !== "slow") return assemble(mdp, run, first.certificate ?? (await certify(run, v, checked.epsilon)), first.ending);

  const note = (text: string) => run.record("auto", { min: 0, max: 0 }, Infinity, text);
  note(`synchronous sweeps foretell ${round(foretold)} more: in-place sweeps outwards from where the process ends or is paid best`);
  run.method = "gauss-seidel";
  if (checked.initialValue === undefined) startFromBelow(problem, v);
  const budget = 2 * foretold;
  let target = checked.epsilon;
  for (;;) {
    const from = run.sweeps;
    const ending = await orderedSweeps(run, problem, v, policy, target, (left) => run.sweeps - from + left > budget);
    if (ending === "slow") break;
    const certificate = await certify(run, v, checked.epsilon);
    if (certificate.error <= checked.epsilon) return assemble(mdp, run, certificate, "converged");
    if (ending !== "close") return assemble(mdp, run, certificate, run.limit ?? "precision");
    target /= 4;
  }
  note("in-place sweeps foretell no less: synchronous sweeps again");
  run.method = "modified-policy-iteration";
  const last = await improvingSweeps(run, v, policy, 5);
  return assemble(mdp, run, last.certificate ?? (await certify(run, v, checked.epsilon)), last.ending === "slow" ? "precision" : last.ending);
}

/** v = a lower bound with Tv >= v: the worst of the best rewards for ever, and no more than the 0 of an ended process. */
function startFromBelow(problem: Problem, v: Float64Array): void {
  const { stateCount, stateChoices, reward } = problem.storage;
  let worst = Infinity;
  for (let s = 0; s < stateCount; s++) {
    let best = -Infinity;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (reward[c]! > best) best = reward[c]!;
    if (best > -Infinity && best < worst) worst = best;
  }
  const mass = problem.discount * (worst < 0 ? problem.mass.max : problem.mass.min);
  const bound = Math.min(problem.ends ? 0 : Infinity, worst / (1 - mass));
  for (let s = 0; s < stateCount; s++) v[s] = stateChoices[s] === stateChoices[s + 1] ? 0 : bound;
}

function round(sweeps: number): string {
  return sweeps === Infinity ? "no end of sweeps" : `some ${Math.ceil(sweeps)} sweeps`;
}
