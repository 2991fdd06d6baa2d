// The automatic choice: which method suits this model, and a word in the history on why.
import { OptionError } from "../errors.ts";
import type { Mdp } from "../mdp/index.ts";
import { assemble } from "./assemble.ts";
import { requireFiniteTotals } from "./bounds.ts";
import { type Certificate, certify } from "./certify.ts";
import { solveOnDevice } from "./device/solve-on-device.ts";
import { type Ending, exactPolicyIteration } from "./exact-policy-iteration.ts";
import { improvingSweeps, modifiedPolicyIteration } from "./modified-policy-iteration.ts";
import { checkOptions, requireDiscount, type SolveOptions } from "./options.ts";
import { policyIteration } from "./policy-iteration.ts";
import { makeProblem, type Problem } from "./problem.ts";
import { type Run, solving } from "./run.ts";
import type { Solution, Status } from "./solution.ts";
import { startingPolicy, startingValue } from "./start.ts";
import { startFromBelow } from "./start-from-below.ts";
import { valueIteration } from "./value-iteration.ts";

/** The methods `solve` can be told to use. */
export type MethodName = "auto" | "value-iteration" | "gauss-seidel" | "policy-iteration" | "modified-policy-iteration";

export interface AutoOptions<S, A> extends SolveOptions<S, A> {
  /** Default "auto". */
  readonly method?: MethodName | undefined;
}

/** Where synchronous sweeps would still need more than this many, values travel far, and policies are evaluated by their linear system. */
const MANY_SWEEPS = 120;

/** Up to this many states policy iteration ends in milliseconds, whatever the discount. */
const SMALL = 64;

/**
 * Solves a model by the method that suits it, to proven bounds.
 *
 * @remarks The smallest models go to policy iteration, and those whose states are numbered along the course of the process are solved by one sweep against it. Others start
 *   with modified policy iteration and span bounds, which ends fast-mixing models in tens of sweeps. Where the first evaluations foretell many more, values travel
 *   far: then improvements are in-place sweeps in breadth-first order, and policies are evaluated by such sweeps, or where these are slow by their linear systems,
 *   exactly, component by component. At discount 1 Gauss-Seidel sweeps solve the shortest path problem that is left. The history says what was decided and why; the
 *   clock decides nothing.
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
  /** Sweeps to come, as the synchronous ones last foretold. */
  #synchronous = 0;

  /** `from`: what another way of solving has come to; without it the caller's start, or nothing. */
  constructor(run: Run, from?: { readonly v: Float64Array; readonly policy: Int32Array }) {
    this.#run = run;
    this.#problem = run.problem;
    this.#v = from?.v ?? startingValue(run.problem, run.options);
    this.#policy = from?.policy ?? startingPolicy(run.problem, run.options);
    this.#startsAnew = from === undefined && run.options.initialValue === undefined && run.options.initialChoice === undefined;
  }

  async solve(): Promise<[Certificate, Status]> {
    if (this.#problem.course !== undefined) {
      const only = await this.#sweepOnce(this.#problem.course === "up");
      if (only !== undefined) return only;
    }
    const first = await this.#sweepSynchronously((left) => left > MANY_SWEEPS);
    if (first !== undefined) return first;
    this.#note(`synchronous sweeps foretell ${about(this.#synchronous)} more: policy iteration, policies evaluated component by component`);
    if (this.#startsAnew) startFromBelow(this.#problem, this.#v);
    const second = await this.#evaluateExactly();
    if (second !== undefined) return second;
    this.#note("evaluation by components gets nowhere: synchronous sweeps again, to the end");
    return (await this.#sweepSynchronously(() => false)) ?? [await this.#certify(), "precision"];
  }

  /** One in-place sweep against the course of the process; undefined where rounding leaves something to do. */
  async #sweepOnce(backwards: boolean): Promise<[Certificate, Status] | undefined> {
    this.#run.method = "gauss-seidel";
    const change = await this.#run.gaussSeidel(this.#v, this.#policy, backwards);
    this.#run.record(
      "sweep against the course",
      change,
      Infinity,
      "states are numbered along the course of the process: one in-place sweep against it solves them all",
    );
    const certificate = await this.#certify();
    return certificate.error <= this.#run.options.epsilon ? [certificate, "converged"] : undefined;
  }

  /** Modified policy iteration; undefined where it is too slow. */
  async #sweepSynchronously(tooSlow: (left: number) => boolean): Promise<[Certificate, Status] | undefined> {
    this.#run.method = "modified-policy-iteration";
    const { certificate, ending } = await improvingSweeps(this.#run, this.#v, this.#policy, "auto", (left) => {
      this.#synchronous = left;
      return tooSlow(left);
    });
    return ending === "slow" ? undefined : [certificate ?? (await this.#certify()), ending];
  }

  #evaluateExactly(): Promise<[Certificate, Status] | undefined> {
    this.#run.method = "policy-iteration";
    return this.#until((target) => exactPolicyIteration(this.#run, this.#problem, this.#v, this.#policy, target));
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

function about(sweeps: number): string {
  return sweeps === Infinity ? "no end of sweeps" : `some ${Math.ceil(sweeps)} sweeps`;
}
