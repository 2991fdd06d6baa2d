// The automatic choice: which method suits this model, and a word in the history on why.
import { OptionError } from "../errors.ts";
import type { Mdp } from "../mdp/index.ts";
import { assemble } from "./assemble.ts";
import { requireFiniteTotals } from "./bounds.ts";
import { type Certificate, certify } from "./certify.ts";
import { solveOnDevice } from "./device/solve-on-device.ts";
import { improvingSweeps, modifiedPolicyIteration } from "./modified-policy-iteration.ts";
import { multilevelPolicyIteration } from "./multilevel/multilevel-policy-iteration.ts";
import { checkOptions, requireDiscount, type SolveOptions } from "./options.ts";
import { type Ending, orderedSweeps } from "./ordered-sweeps.ts";
import { policyIteration } from "./policy-iteration.ts";
import { makeProblem, type Problem } from "./problem.ts";
import { type Run, solving } from "./run.ts";
import type { Solution, Status } from "./solution.ts";
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

/** Where in-place sweeps would need more than this too, errors are smooth: grouping states reaches them. */
const VERY_MANY_SWEEPS = 600;

/** Up to this many states policy iteration with direct solves ends in milliseconds, whatever the discount. */
const SMALL = 64;

/** Up to this many, a policy's system is solved directly where sweeps are slow: in-place sweeps need not be tried. */
const FEW = 200;

/**
 * Solves a model by the method that suits it, to proven bounds.
 *
 * @remarks The smallest models go to policy iteration with direct solves, exact at any discount. Others start with modified policy iteration and span bounds, which
 *   ends fast-mixing models in tens of sweeps. Where the gaps foretell many more, values travel far, and in-place sweeps in breadth-first order take over;
 *   where these foretell very many too, errors are smooth, and policies are evaluated by groups of states (multilevel) or directly in a narrow band. An
 *   attempt that gets nowhere is given up for the one that foretold least. At discount 1 Gauss-Seidel sweeps solve the shortest path problem that is left.
 *   The history says what was decided and why; the clock decides nothing.
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
  const checked = checkOptions(mdp, options);
  const onDevice = await solveOnDevice(mdp, checked, {
    method: "modified-policy-iteration",
    evaluations: 5,
    finish: (run, v, policy) => new Automatic(run, { v, policy }).solve(),
  });
  if (onDevice !== undefined) return onDevice;
  if (mdp.stateCount <= SMALL) return policyIteration(mdp, options);
  if (requireDiscount(mdp, options.discount) === 1) return valueIteration(mdp, { ...options, order: "gauss-seidel" });
  return solving(makeProblem(mdp.storage, checked.objective, checked.discount, checked), checked, "modified-policy-iteration", async (run) => {
    requireFiniteTotals(run.problem);
    return assemble(mdp, run, ...(await new Automatic(run).solve()));
  });
}

/** What to do next, decided by how many sweeps the gaps foretell; each attempt goes on from where the last one came to. */
class Automatic {
  readonly #run: Run;
  readonly #problem: Problem;
  readonly #v: Float64Array;
  readonly #policy: Int32Array;
  readonly #startsAnew: boolean;
  /** Sweeps to come, as each way of sweeping last foretold. */
  #synchronous = 0;
  #inOrder = 0;

  /** `from`: what another way of solving has come to; without it the caller's start, or nothing. */
  constructor(run: Run, from?: { readonly v: Float64Array; readonly policy: Int32Array }) {
    this.#run = run;
    this.#problem = run.problem;
    this.#v = from?.v ?? startingValue(run.problem, run.options);
    this.#policy = from?.policy ?? startingPolicy(run.problem, run.options);
    this.#startsAnew = from === undefined && run.options.initialValue === undefined;
  }

  async solve(): Promise<[Certificate, Status]> {
    const first = await this.#sweepSynchronously((left) => left > MANY_SWEEPS);
    if (first !== undefined) return first;
    if (this.#problem.storage.stateCount <= FEW) {
      this.#note(`synchronous sweeps foretell ${about(this.#synchronous)} more: policy iteration with direct solves`);
      const direct = await this.#evaluateMultilevel(Infinity);
      if (direct !== undefined) return direct;
    }
    this.#note(`synchronous sweeps foretell ${about(this.#synchronous)} more: in-place sweeps outwards from where the process ends or is paid best`);
    if (this.#startsAnew) startFromBelow(this.#problem, this.#v);
    const second = await this.#sweepInOrder((left) => left > VERY_MANY_SWEEPS || left > 2 * this.#synchronous);
    if (second !== undefined) return second;
    const budget = 0.5 * this.#inOrder;
    this.#note(`in-place sweeps foretell ${about(this.#inOrder)} more: policy iteration with multilevel evaluation`);
    const third = await this.#evaluateMultilevel(Math.min(budget, 100 * VERY_MANY_SWEEPS));
    if (third !== undefined) return third;
    if (this.#inOrder < 4 * this.#synchronous) {
      this.#note("multilevel evaluation gets nowhere: in-place sweeps again");
      const fourth = await this.#sweepInOrder((left) => left > 4 * this.#synchronous);
      if (fourth !== undefined) return fourth;
    }
    this.#note("synchronous sweeps again, to the end");
    return (await this.#sweepSynchronously(() => false)) ?? [await this.#certify(), "precision"];
  }

  /** Modified policy iteration; undefined where it is too slow. */
  async #sweepSynchronously(tooSlow: (left: number) => boolean): Promise<[Certificate, Status] | undefined> {
    this.#run.method = "modified-policy-iteration";
    const { certificate, ending } = await improvingSweeps(this.#run, this.#v, this.#policy, 5, (left) => {
      this.#synchronous = left;
      return tooSlow(left);
    });
    return ending === "slow" ? undefined : [certificate ?? (await this.#certify()), ending];
  }

  #sweepInOrder(tooSlow: (left: number) => boolean): Promise<[Certificate, Status] | undefined> {
    this.#run.method = "gauss-seidel";
    return this.#until((target) =>
      orderedSweeps(this.#run, this.#problem, this.#v, this.#policy, target, (left) => {
        this.#inOrder = left;
        return tooSlow(left);
      }),
    );
  }

  #evaluateMultilevel(budget: number): Promise<[Certificate, Status] | undefined> {
    this.#run.method = "policy-iteration";
    return this.#until((target) => multilevelPolicyIteration(this.#run, this.#problem, this.#v, this.#policy, target, budget));
  }

  /** Goes on with `iterate`, to closer targets, until the certificate holds or it can do no more. */
  async #until(iterate: (target: number) => Promise<Ending>): Promise<[Certificate, Status] | undefined> {
    const { epsilon } = this.#run.options;
    for (let target = epsilon; ; target /= 4) {
      const ending = await iterate(target);
      if (ending === "slow") return undefined;
      const certificate = await this.#certify();
      if (certificate.error <= epsilon) return [certificate, "converged"];
      if (ending !== "close") return [certificate, this.#run.limit ?? "precision"];
    }
  }

  #certify(): Promise<Certificate> {
    return certify(this.#run, this.#v, this.#run.options.epsilon);
  }

  #note(text: string): void {
    this.#run.record("auto", { min: 0, max: 0 }, Infinity, text);
  }
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

function about(sweeps: number): string {
  return sweeps === Infinity ? "no end of sweeps" : `some ${Math.ceil(sweeps)} sweeps`;
}
