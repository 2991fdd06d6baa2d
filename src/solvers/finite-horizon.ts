// Finite horizon: backward induction, with the value, Q and policy of every stage.
import { OptionError, ShapeError } from "../errors.ts";
import { cpuKernel } from "../kernels/index.ts";
import { ChoiceTable, type Mdp, type Objective, StateTable } from "../mdp/index.ts";
import { nextUp, supNorm } from "../numeric/index.ts";
import { Policy, policySpace } from "../policies/policy.ts";
import { checkOptions, type SolveOptions } from "./options.ts";
import { backupError, makeProblem, type Problem } from "./problem.ts";
import { noChange, solving } from "./run.ts";

export interface FiniteHorizonOptions<S, A> extends Pick<SolveOptions<S, A>, "discount" | "objective" | "device" | "threads" | "signal" | "onProgress"> {
  /** How many decisions are left at stage 0: a positive integer. */
  readonly horizon: number;
  /** S numbers: what being in a state is worth when no decision is left. Default 0; terminal states are always 0. */
  readonly finalValue?: Float64Array | undefined;
}

/** One decision time: with `horizon - stage` decisions left. */
export interface Stage<S, A> {
  readonly value: StateTable<S>;
  readonly policy: Policy<S, A>;
  /** Computed when first read, from the next stage's value. */
  readonly q: ChoiceTable<S, A>;
}

export interface FiniteHorizonSolution<S, A> {
  readonly mdp: Mdp<S, A>;
  readonly method: "finite-horizon";
  readonly device: string;
  readonly status: "converged" | "aborted";
  readonly objective: Objective;
  readonly discount: number;
  readonly horizon: number;
  /** Stage 0 first. When aborted, the stages done: the last ones. */
  readonly stages: readonly Stage<S, A>[];
  /** Every value is within this of the exact one: rounding alone. */
  readonly error: number;
  readonly seconds: number;
}

/**
 * Solves a model over a fixed number of decisions.
 *
 * @remarks Puterman (1994), section 4.5. A tie takes the lowest action.
 * @throws OptionError, ShapeError
 * @example
 * const plan = await finiteHorizon(robot, { horizon: 3 });
 * plan.stages[0]?.policy.action("low");
 */
export async function finiteHorizon<S, A>(mdp: Mdp<S, A>, options: FiniteHorizonOptions<S, A>): Promise<FiniteHorizonSolution<S, A>> {
  const { horizon, finalValue } = options;
  if (!(Number.isInteger(horizon) && horizon >= 1)) throw new OptionError("horizon", horizon, "a positive integer");
  if (finalValue !== undefined && finalValue.length !== mdp.stateCount)
    throw new ShapeError(`finalValue has ${finalValue.length} entries, expected ${mdp.stateCount}, one a state.`);
  const checked = checkOptions(mdp, options);
  const problem = makeProblem(mdp.storage, checked.objective, checked.discount, checked);
  return solving(problem, checked, "finite-horizon", async (run) => {
    const { stateCount, terminal } = problem.storage;
    let after = problem.kernel.vector();
    let before = problem.kernel.vector();
    if (finalValue !== undefined) for (let s = 0; s < stateCount; s++) if (terminal[s] === 0) after[s] = problem.sign * finalValue[s]!;
    const stages: Stage<S, A>[] = [];
    let error = 0;
    // What a stage is made of outlives the kernel and its memory.
    let kept = after.slice();
    for (let t = horizon - 1; t >= 0 && run.limit !== "aborted"; t--) {
      const policy = new Int32Array(stateCount).fill(-1);
      const change = noChange();
      const [v, next] = [before, after];
      await run.eachSlice((from, to) => problem.kernel.sweep(next, v, policy, from, to, change));
      run.sweeps++;
      error = nextUp(backupError(problem, supNorm(next)) + nextUp(problem.discount * problem.mass.max * error));
      run.record(`stage ${t}`, change, 2 * error);
      const value = v.slice();
      stages.push(stageOf(mdp, problem, value, policy, kept));
      kept = value;
      [after, before] = [v, next];
    }
    stages.reverse();
    return {
      mdp,
      method: "finite-horizon",
      device: problem.kernel.name,
      status: stages.length === horizon ? "converged" : "aborted",
      objective: checked.objective,
      discount: checked.discount,
      horizon,
      stages,
      error,
      seconds: run.seconds,
    };
  });
}

/** One stage from its value and the next one's, in the maximising sense. */
function stageOf<S, A>(mdp: Mdp<S, A>, { storage, discount, sign }: Problem, v: Float64Array, policy: Int32Array, next: Float64Array): Stage<S, A> {
  const computeQ = () => {
    const q = new Float64Array(storage.choiceCount);
    cpuKernel(storage, discount).q(next, q, 0, storage.stateCount);
    return q.map(turn(sign));
  };
  return {
    value: new StateTable(mdp.states, v.subarray(0, mdp.stateCount).map(turn(sign))),
    policy: Policy.deterministic(policySpace(mdp), policy),
    q: new ChoiceTable(mdp.states, mdp.actions, mdp.storage, computeQ),
  };
}

/** Back to the sign of the rewards as given, and never -0. */
function turn(sign: 1 | -1): (x: number) => number {
  return (x) => (x === 0 ? 0 : sign * x);
}
