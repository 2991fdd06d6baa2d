// A model from sparse rows as scipy, PETSc and PRISM hold them; arrays that are already in order are taken as they are.
import { OptionError, ShapeError } from "../errors.ts";
import { labelIndex } from "./build.ts";
import { MdpBuilder } from "./builder.ts";
import type { CsrModel } from "./csr-model.ts";
import type { Label } from "./labels.ts";
import { checkDiscount, checkObjective, Mdp } from "./mdp.ts";
import { takeAsIs } from "./plain-csr.ts";
import { shareInPlace } from "./share-in-place.ts";
import type { Storage } from "./storage.ts";
import { terminalFlags } from "./terminal-states.ts";

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
  return compiled(model, (storage) => storage);
}

/**
 * `fromCsr` for arrays that nobody else holds: where rows repeat they are shared, and the arrays written over.
 *
 * @throws ShapeError, InvalidModelError as `fromCsr`.
 */
export function fromOwnCsr<const S extends Label = number, const A extends Label = number>(model: CsrModel<S, A>): Mdp<S, A> {
  return compiled(model, shareInPlace);
}

function compiled<S extends Label, A extends Label>(model: CsrModel<S, A>, finish: (asIs: Storage) => Storage): Mdp<S, A> {
  const states = labelIndex<S>("state", model.states);
  const actions = labelIndex<A>("action", model.actions);
  checkOptions(model);
  checkShape(model, states.size, actions.size);
  const terminal = terminalFlags(states.size, model.terminal);
  const asIs = takeAsIs(model, terminal, actions.size);
  const storage = asIs === undefined ? copy(model, terminal, new MdpBuilder(states, actions, { normalize: model.normalize }), actions.size) : finish(asIs);
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
