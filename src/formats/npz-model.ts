// Models in npz: the CSR keys of scipy's save_npz for the transitions, beside reward and discount.
import { describeValue, FormatError, InvalidModelError, ShapeError } from "../errors.ts";
import { fromOwnCsr } from "../mdp/from-csr.ts";
import { compileInitial, type InitialDistribution, type Label, LabelIndex, Mdp, type Objective, startAt } from "../mdp/index.ts";
import { IssueList } from "../mdp/issues.ts";
import { readLabels } from "./json-labels.ts";
import { Npz } from "./npz.ts";
import { labelNames } from "./npz-labels.ts";
import { checkReadOptions, type ReadOptions } from "./read-options.ts";

/**
 * Reads a model from npz: `indptr`, `indices`, `data`, `shape` and `format` as `scipy.sparse.save_npz` writes a CSR matrix of shape
 * (S·A, S), row s·A + a, and `reward` of shape (S, A), or (S,) for rewards of states.
 *
 * Optional: `discount`; `objective` ("maximize" or "minimize"); `terminal`, state indices or a boolean mask (S,); `initial`, a state index or
 * probabilities (S,); `state_labels` and `action_labels`. Arrays may be of any integer or float type, in C or Fortran order, stored or deflated.
 * An empty row, or a reward of -inf (+inf under minimize), is an infeasible choice; rows of terminal states are not read. Columns of a row
 * may come in any order; equal ones are added up.
 *
 * @throws FormatError for a file that is damaged or lacks an array; ShapeError where lengths do not fit; InvalidModelError; OptionError;
 *   the signal's reason when aborted.
 * @example
 * // Python: scipy.sparse.save_npz(f, P); then add reward and discount to the archive, or numpy.savez all of them at once
 * const mdp = await readNpzModel(await readFile("model.npz"));
 */
export async function readNpzModel(bytes: Uint8Array, options: ReadOptions = {}): Promise<Mdp<Label, Label>> {
  checkReadOptions(options);
  options.signal?.throwIfAborted();
  const npz = new Npz(bytes);
  const issues = new IssueList();
  const { states, actions } = readShape(npz);
  const discount = npz.has("discount") ? readDiscount(npz, issues) : undefined;
  const objective = options.objective ?? (npz.has("objective") ? readObjective(npz, issues) : undefined) ?? "maximize";
  const terminal = npz.has("terminal") ? readTerminal(npz, states, issues) : undefined;
  const initial = npz.has("initial") ? readInitial(npz, states, issues) : undefined;
  const stateLabels = labelsOf(npz, "state", states, issues);
  const actionLabels = labelsOf(npz, "action", actions, issues);
  issues.throwIfAny();
  const { parts } = fromOwnCsr({
    states,
    actions,
    indptr: npz.integers("indptr"),
    indices: npz.integers("indices"),
    data: npz.floats("data").data,
    reward: readReward(npz, states, actions),
    objective,
    normalize: options.normalize ?? false,
    ...(terminal === undefined ? {} : { terminal }),
  });
  return new Mdp<Label, Label>({
    storage: parts.storage,
    states: stateLabels,
    actions: actionLabels,
    objective,
    discount: options.discount ?? discount,
    initial,
  });
}

/** S and A, from the shape of the transition matrix. */
function readShape(npz: Npz): { readonly states: number; readonly actions: number } {
  const [format] = npz.strings("format");
  if (format !== "csr")
    throw new FormatError(`npz array "format" is ${describeValue(format)}, expected "csr".`, {
      hint: "in Python: scipy.sparse.save_npz(file, matrix.tocsr()).",
    });
  const shape = npz.integers("shape");
  const [rows, states] = shape;
  if (shape.length !== 2 || rows === undefined || states === undefined || !(states >= 1) || !(rows >= states) || rows % states !== 0) {
    throw new ShapeError(`npz array "shape" is (${shape.join(", ")}), expected (S·A, S): row s·A + a of a CSR matrix is the choice of action a in state s.`);
  }
  return { states, actions: rows / states };
}

function readReward(npz: Npz, states: number, actions: number): Float64Array {
  const { shape, data } = npz.floats("reward");
  if (shape.length === 2 && shape[0] === states && shape[1] === actions) return data;
  if (shape.length !== 1 || shape[0] !== states)
    throw new ShapeError(`npz array "reward" has shape (${shape.join(", ")}), expected (${states}, ${actions}), or (${states},) for rewards of states.`);
  return Float64Array.from({ length: states * actions }, (_, row) => data[Math.floor(row / actions)]!);
}

function readDiscount(npz: Npz, issues: IssueList): number {
  const discount = npz.number("discount");
  if (!(discount >= 0 && discount <= 1)) issues.add("discount", `is ${discount}`, "a number from 0 to 1");
  return discount;
}

function readObjective(npz: Npz, issues: IssueList): Objective | undefined {
  const [objective] = npz.strings("objective");
  if (objective === "maximize" || objective === "minimize") return objective;
  issues.add("objective", `is ${describeValue(objective)}`, '"maximize" or "minimize"');
  return undefined;
}

/** State indices, or a mask: booleans, or as many zeros and ones as there are states. */
function readTerminal(npz: Npz, states: number, issues: IssueList): ReadonlySet<number> {
  const numbers = npz.integers("terminal");
  const flags = numbers.length === states && numbers.every((x) => x === 0 || x === 1);
  const mask = npz.array("terminal").dtype === "|b1" || (flags && states > 2);
  if (mask && numbers.length !== states) throw new ShapeError(`npz array "terminal" has ${numbers.length} booleans, expected ${states}, one a state.`);
  const terminal = new Set<number>();
  for (let i = 0; i < numbers.length; i++) {
    const n = numbers[i]!;
    if (mask && n !== 0) terminal.add(i);
    if (mask) continue;
    if (n >= 0 && n < states) terminal.add(n);
    else issues.add(`terminal[${i}]`, `is ${n}`, `a state from 0 to ${states - 1}`);
  }
  return terminal;
}

/** A state index, or a probability a state. */
function readInitial(npz: Npz, states: number, issues: IssueList): InitialDistribution | undefined {
  const { shape, data } = npz.floats("initial");
  const [first] = data;
  if (first !== undefined && data.length === 1 && !(states === 1 && first === 1)) {
    if (Number.isInteger(first) && first >= 0 && first < states) return startAt(first);
    issues.add("initial", `is ${first}`, `a state from 0 to ${states - 1}`);
    return undefined;
  }
  if (data.length !== states)
    throw new ShapeError(`npz array "initial" has shape (${shape.join(", ")}), expected a single state or (${states},), a probability a state.`);
  const pairs: [number, number][] = [];
  for (let s = 0; s < states; s++) if (data[s] !== 0) pairs.push([s, data[s]!]);
  try {
    return compileInitial(LabelIndex.range("state", states), pairs);
  } catch (error) {
    if (!(error instanceof InvalidModelError)) throw error;
    for (const { where, got, expected } of error.issues) issues.add(where, got, expected);
    return undefined;
  }
}

/** The labels of an archive that has some, else the indices. */
function labelsOf(npz: Npz, kind: "state" | "action", size: number, issues: IssueList): LabelIndex<Label> {
  const range = LabelIndex.range(kind, size) as LabelIndex<unknown> as LabelIndex<Label>;
  const name = `${kind}_labels`;
  if (!npz.has(name)) return range;
  const labels = Array.from(labelNames(npz, name));
  if (labels.length !== size)
    throw new ShapeError(`npz array "${name}" has ${labels.length} labels, expected ${size}, one ${kind === "state" ? "a state" : "an action"}.`);
  return readLabels(kind, labels, name, issues) ?? range;
}
