// A model from sparse rows as scipy, PETSc and PRISM hold them; arrays that are already in order are taken as they are.
import { OptionError, ShapeError } from "../errors.ts";
import { sum } from "../numeric/index.ts";
import { labelIndex } from "./build.ts";
import { MdpBuilder, SUM_TOLERANCE } from "./builder.ts";
import type { InitialDistribution } from "./initial.ts";
import type { Label } from "./labels.ts";
import { checkDiscount, checkObjective, Mdp, type Objective } from "./mdp.ts";
import { SeenTargets } from "./seen-targets.ts";
import type { Storage } from "./storage.ts";
import { terminalFlags } from "./terminal-states.ts";

export interface CsrModel<S extends Label = number, A extends Label = number> {
  readonly states: number | readonly S[];
  readonly actions: number | readonly A[];
  /** S·A + 1 offsets; row s·A + a. An empty row is an infeasible choice. */
  readonly indptr: ArrayLike<number>;
  /** B successors, in any order within a row; equal ones are added up. */
  readonly indices: ArrayLike<number>;
  /** B probabilities. */
  readonly data: ArrayLike<number>;
  /** R(s,a) as S·A numbers, or R(s,a,s') as B numbers with `rewardPer: "branch"`. -Infinity (maximize) or Infinity (minimize) also makes a choice infeasible. */
  readonly reward: ArrayLike<number>;
  readonly rewardPer?: "choice" | "branch";
  /** Terminal state indices; their rows are not read. */
  readonly terminal?: Iterable<number>;
  readonly discount?: number;
  readonly objective?: Objective;
  readonly initial?: InitialDistribution;
  readonly normalize?: boolean;
}

/**
 * A model from compressed sparse rows (scipy's `csr_matrix` of shape (S·A, S)).
 *
 * @remarks Int32Array indices and Float64Array data whose rows have no duplicates and no zeros are not copied, and never written to;
 *   so are an Int32Array indptr and a Float64Array reward where every action is feasible everywhere.
 * @throws ShapeError where lengths do not fit; InvalidModelError.
 * @example
 * fromCsr({ states: 2, actions: 1, indptr: [0, 1, 2], indices: [1, 0], data: [1, 1], reward: [1, 0], discount: 0.5 });
 */
export function fromCsr<const S extends Label = number, const A extends Label = number>(model: CsrModel<S, A>): Mdp<S, A> {
  const states = labelIndex<S>("state", model.states);
  const actions = labelIndex<A>("action", model.actions);
  checkOptions(model);
  checkShape(model, states.size, actions.size);
  const terminal = terminalFlags(states.size, model.terminal);
  const storage =
    takeAsIs(model, terminal, actions.size) ?? copy(model, terminal, new MdpBuilder(states, actions, { normalize: model.normalize }), actions.size);
  return new Mdp<S, A>({ states, actions, storage, discount: model.discount, objective: model.objective, initial: model.initial });
}

function checkOptions(model: CsrModel<Label, Label>): void {
  if (model.discount !== undefined) checkDiscount(model.discount);
  if (model.objective !== undefined) checkObjective(model.objective);
  if (model.rewardPer !== undefined && model.rewardPer !== "choice" && model.rewardPer !== "branch")
    throw new OptionError("rewardPer", model.rewardPer, '"choice" or "branch"');
}

function checkShape(model: CsrModel<Label, Label>, states: number, actions: number): void {
  const { indptr, indices, data, reward } = model;
  const rows = states * actions;
  if (indptr.length !== rows + 1) throw new ShapeError(`indptr has ${indptr.length} entries, expected ${rows + 1}: states x actions + 1.`);
  if (indices.length !== data.length) throw new ShapeError(`indices has ${indices.length} entries and data ${data.length}, expected the same number.`);
  if (indptr[0] !== 0 || indptr[rows] !== data.length)
    throw new ShapeError(`indptr runs from ${indptr[0]} to ${indptr[rows]}, expected 0 to ${data.length}, the length of data.`);
  for (let row = 0; row < rows; row++) {
    const from = indptr[row]!;
    const to = indptr[row + 1]!;
    if (!(Number.isInteger(to) && to >= from)) throw new ShapeError(`indptr[${row + 1}] is ${to}, expected an integer of at least indptr[${row}] = ${from}.`);
  }
  const rewards = model.rewardPer === "branch" ? data.length : rows;
  if (reward.length !== rewards) throw new ShapeError(`reward has ${reward.length} entries, expected ${rewards}: one a ${model.rewardPer ?? "choice"}.`);
}

/** Through the builder: merges, leaves out, and names everything that is wrong. */
function copy<S, A>(model: CsrModel<Label, Label>, terminal: Uint8Array, builder: MdpBuilder<S, A>, actions: number): Storage {
  const { indptr, indices, data, reward } = model;
  const infeasible = model.objective === "minimize" ? Infinity : -Infinity;
  const byBranch = model.rewardPer === "branch";
  for (let s = 0; s < terminal.length; s++) {
    builder.state();
    if (terminal[s] === 1) {
      builder.terminal();
      continue;
    }
    for (let a = 0; a < actions; a++) {
      const row = s * actions + a;
      const from = indptr[row]!;
      const to = indptr[row + 1]!;
      if (from === to || (!byBranch && reward[row] === infeasible)) continue;
      if (byBranch) {
        builder.choice(a);
        for (let b = from; b < to; b++) builder.branch(indices[b]!, data[b]!, reward[b]!);
      } else {
        builder.choice(a, reward[row]!);
        for (let b = from; b < to; b++) builder.branch(indices[b]!, data[b]!);
      }
    }
  }
  return builder.finish();
}

/** The arrays themselves as storage, if the model is valid and no branch has to be merged or left out; undefined where one has to be, or something is wrong. */
function takeAsIs(model: CsrModel<Label, Label>, terminal: Uint8Array, actions: number): Storage | undefined {
  const { indptr, indices, data, reward } = model;
  if (model.normalize === true || model.rewardPer === "branch") return undefined;
  if (!(indices instanceof Int32Array && data instanceof Float64Array)) return undefined;
  const states = terminal.length;
  const seen = new SeenTargets(states);
  const stateChoices = new Int32Array(states + 1);
  const choiceAction = new Int32Array(states * actions);
  const choiceReward = new Float64Array(states * actions);
  const rowBranches = new Int32Array(states * actions + 1);
  let choices = 0;
  for (let s = 0; s < states; s++) {
    for (let a = 0; a < actions; a++) {
      const row = s * actions + a;
      const from = indptr[row]!;
      const to = indptr[row + 1]!;
      if (from === to) continue;
      if (terminal[s] === 1 || !Number.isFinite(reward[row]) || !isPlainRow(indices, data, from, to, row, seen)) return undefined;
      choiceAction[choices] = a;
      choiceReward[choices] = reward[row]!;
      rowBranches[++choices] = to;
    }
    stateChoices[s + 1] = choices;
    if (terminal[s] === 0 && stateChoices[s] === choices) return undefined;
  }
  const full = choices === states * actions;
  return {
    stateCount: states,
    choiceCount: choices,
    rowCount: choices,
    branchCount: data.length,
    stateChoices,
    choiceAction: choiceAction.subarray(0, choices),
    choiceRow: undefined,
    rowBranches: full && indptr instanceof Int32Array ? indptr : rowBranches.subarray(0, choices + 1),
    target: indices,
    probability: data,
    reward: full && reward instanceof Float64Array ? reward : choiceReward.subarray(0, choices),
    branchReward: undefined,
    arrival: undefined,
    terminal,
    rounding: { reward: 0, probability: 0 },
  };
}

/** Whether a row's branches are valid, positive and distinct. */
function isPlainRow(indices: Int32Array, data: Float64Array, from: number, to: number, row: number, seen: SeenTargets): boolean {
  let mass = 0;
  for (let b = from; b < to; b++) {
    const next = indices[b]!;
    const p = data[b]!;
    if (!(next >= 0 && next < seen.size && p > 0) || seen.find(next, row + 1) >= 0) return false;
    seen.set(next, row + 1, b);
    mass += p;
  }
  // The plain sum decides where it clearly can; its own error is below 1e-10 for rows of up to 450,000 branches.
  if (to - from < 450_000 && Math.abs(mass - 1) <= SUM_TOLERANCE / 2) return true;
  return Math.abs(sum(data.subarray(from, to)) - 1) <= SUM_TOLERANCE;
}
