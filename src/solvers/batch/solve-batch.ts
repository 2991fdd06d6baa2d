// Many reward functions or discounts over one transition kernel, solved together, each to proven bounds.
import { OptionError, ShapeError } from "../../errors.ts";
import { checkDiscount, type Mdp, withReward } from "../../mdp/index.ts";
import { Pacer } from "../../platform/pacer.ts";
import { Policy, policySpace } from "../../policies/policy.ts";
import { assemble } from "../assemble.ts";
import { requireFiniteTotals } from "../bounds.ts";
import { certify } from "../certify.ts";
import { type CheckedOptions, checkOptions, requireDiscount, type SolveOptions } from "../options.ts";
import { makeProblem, type Problem } from "../problem.ts";
import type { Solution } from "../solution.ts";
import { solve } from "../solve.ts";
import { type BatchSolution, batchSolution } from "./batch-solution.ts";
import { Column } from "./column.ts";
import { type Leaving, SharedSweeps } from "./shared-sweeps.ts";

/** What `onProgress` is told after each improving sweep. */
export interface BatchProgress {
  /** Columns still at work. */
  readonly left: number;
  readonly sweep: number;
  /** The widest bounds of the columns at work. */
  readonly gap: number;
  readonly seconds: number;
}

export interface BatchOptions<S, A> extends Omit<SolveOptions<S, A>, "initialValue" | "initialPolicy" | "onProgress"> {
  /** B reward functions R(s,a): C numbers in choice order each, or functions of state and action labels. By default the model's own in every column. */
  readonly rewards?: readonly (Float64Array | ((state: S, action: A) => number))[] | undefined;
  /** B discounts. By default `discount`, else the model's own, in every column. */
  readonly discounts?: readonly number[] | undefined;
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined;
}

/** Where shared sweeps would still need more than this many, the column is better off alone: `solve` knows other ways than sweeping. */
const MANY_SWEEPS = 400;

/**
 * Solves one model under B reward functions, or B discounts, or B pairs of both: as B solves, but every probability is read once for all columns.
 *
 * @remarks Modified policy iteration (Puterman and Shin, 1978) on a matrix of values, S × B; a column whose bounds are close enough is certified like any other solve
 *   and leaves the matrix. A column at discount 1, or one that foretells very many sweeps, is handed to `solve` with the value it has come to. Shared sweeps run
 *   on one thread, in plain TypeScript or, with SIMD over the columns, in WebAssembly; `threads` is for columns that end alone. Scenarios, reward shaping, inverse
 *   reinforcement learning and sensitivity to the discount are such batches.
 * @throws OptionError without rewards and discounts, or without any discount; ShapeError where the two differ in number, or rewards do not fit; InvalidModelError
 *   for rewards that are not finite; UnsupportedModelError as `solve`.
 * @example
 * const { solutions, value } = await solveBatch(robot, { discounts: [0.5, 0.9, 0.99] });
 * solutions[1].value.at("low"); // 2250/59, within solutions[1].gap / 2
 * value;                        // 6 numbers: high under each discount, then low
 */
export async function solveBatch<S, A>(mdp: Mdp<S, A>, options: BatchOptions<S, A>): Promise<BatchSolution<S, A>> {
  const { rewards, discounts, onProgress, ...limits } = options;
  const models = modelsOf(mdp, rewards, discounts, options.discount);
  const checked = models.map((model) => checkOptions(model, { ...limits, discount: model.discount }));
  const pacer = new Pacer({ signal: options.signal });
  const solutions = new Map<number, Solution<S, A>>();
  const endAlone = async (index: number, model: Mdp<S, A>, sweeps: number, from: Pick<SolveOptions<S, A>, "initialValue" | "initialPolicy">) => {
    // What is left of the limits; the least where nothing is, so that `solve` still answers bounds.
    const maxSeconds = options.maxSeconds === undefined ? undefined : Math.max(1e-3, options.maxSeconds - pacer.seconds);
    const maxSweeps = options.maxSweeps === undefined ? undefined : Math.max(1, options.maxSweeps - sweeps);
    solutions.set(index, await solve(model, { ...limits, discount: model.discount, maxSeconds, maxSweeps, ...from }));
  };
  const columns = columnsOf(mdp, models, checked);
  const work = new SharedSweeps(mdp.storage, columns, rewards === undefined, options.device ?? "auto");
  const slow: Leaving<S, A>[] = [];
  while (work.columns.length > 0) {
    for (const leaving of await work.improve((left) => left > MANY_SWEEPS)) {
      const { column, why, value } = leaving;
      const { run } = column;
      const certificate = why === "slow" ? undefined : await certify(run, value, run.options.epsilon);
      if (certificate === undefined || (certificate.error > run.options.epsilon && why === "close")) slow.push(leaving);
      else
        solutions.set(
          column.index,
          assemble(column.mdp, run, certificate, certificate.error <= run.options.epsilon ? "converged" : (run.limit ?? "precision")),
        );
    }
    if (onProgress !== undefined) tell(onProgress, work, pacer.seconds);
  }
  const total = models.map((model, index) => ({ model, index })).filter(({ index }) => checked[index]?.discount === 1);
  for (const { model, index } of total) await endAlone(index, model, 0, {});
  for (const { column, value, choice } of slow) {
    const sign = column.run.problem.sign;
    const initialValue = value.subarray(0, mdp.stateCount).map((x) => sign * x);
    await endAlone(column.index, column.mdp, column.run.sweeps, { initialValue, initialPolicy: Policy.deterministic(policySpace(column.mdp), choice) });
  }
  const inOrder = models.flatMap((_, index) => solutions.get(index) ?? []);
  return batchSolution(mdp, inOrder, { device: work.device, sweeps: work.sweeps, solvedAlone: total.length + slow.length, seconds: pacer.seconds });
}

/** One model a column, sharing all transitions. */
function modelsOf<S, A>(
  mdp: Mdp<S, A>,
  rewards: BatchOptions<S, A>["rewards"],
  discounts: readonly number[] | undefined,
  discount: number | undefined,
): readonly Mdp<S, A>[] {
  if (rewards === undefined && discounts === undefined)
    throw new OptionError(
      "rewards",
      undefined,
      "a list of reward functions",
      "pass rewards, or discounts, or as many of both; for a single problem there is solve.",
    );
  if (rewards !== undefined && discounts !== undefined && rewards.length !== discounts.length)
    throw new ShapeError(`discounts has ${discounts.length} entries, expected ${rewards.length}, one for each of rewards.`);
  const size = (rewards ?? discounts ?? []).length;
  if (size === 0) throw new OptionError(rewards === undefined ? "discounts" : "rewards", [], "at least one entry");
  return Array.from({ length: size }, (_, j) => {
    const own = requireDiscount(mdp, discounts === undefined ? discount : checkDiscount(discounts[j] ?? Number.NaN, `discounts[${j}]`));
    const reward = rewards?.[j];
    return (reward === undefined ? mdp : withReward(mdp, reward)).with({ discount: own });
  });
}

/** The columns that are swept together: those below discount 1. */
function columnsOf<S, A>(mdp: Mdp<S, A>, models: readonly Mdp<S, A>[], checked: readonly CheckedOptions[]): readonly Column<S, A>[] {
  const columns: Column<S, A>[] = [];
  let shared: Problem | undefined;
  for (const [index, model] of models.entries()) {
    const options = checked[index];
    if (options === undefined || options.discount === 1) continue;
    shared ??= makeProblem(mdp.storage, options.objective, options.discount, { device: "cpu", threads: 1 });
    const column = new Column(index, model, options, shared);
    requireFiniteTotals(column.run.problem);
    columns.push(column);
  }
  return columns;
}

function tell<S, A>(onProgress: (progress: BatchProgress) => void, work: SharedSweeps<S, A>, seconds: number): void {
  const gap = work.columns.reduce((widest, column) => Math.max(widest, column.gap), 0);
  onProgress({ left: work.columns.length, sweep: work.sweeps, gap, seconds });
}
