// A solution in npz, for numpy.load: value, policy, lower, upper, q and the facts beside them.
import { FormatError, ShapeError } from "../errors.ts";
import type { Label, LabelIndex, Objective } from "../mdp/index.ts";
import { Npz, type NpzContent, writeNpz } from "./npz.ts";
import { labelArray, labelNames, type NpzWriteOptions } from "./npz-labels.ts";
import type { SavedSolution } from "./saved-solution.ts";
import { labelFinder } from "./table-space.ts";

const TEXTS = ["version", "status", "objective", "method", "device"] as const;
const NUMBERS = ["discount", "epsilon", "gap", "residual", "sweeps", "choices", "branches"] as const;

/**
 * Writes a solution as npz: `value`, `lower`, `upper` (S,), `policy` (S,) with action indices and -1 in terminal states, `q` (S, A) with NaN
 * where infeasible, the numbers and texts of the JSON form as scalars (seconds as `seconds_load`, `seconds_solve`), and `action_labels`.
 *
 * @remarks Stages of a finite horizon are not written.
 * @throws FormatError where the policy names an action that is not among `actions`.
 * @example
 * await writeFile("result.npz", writeSolutionNpz(saved, robot.actions));
 * // Python: best = numpy.load("result.npz"); best["value"], best["policy"]
 */
export function writeSolutionNpz<A>(saved: SavedSolution, actions: LabelIndex<A>, options: NpzWriteOptions = {}): Uint8Array {
  const { value, lower, upper, q, states } = saved;
  const arrays = {
    value,
    policy: actionIndices(saved.policy, actions),
    lower,
    upper,
    q: q === undefined ? undefined : { data: q, shape: [states, actions.size] },
    ...Object.fromEntries(TEXTS.map((key) => [key, { data: [saved[key]], shape: [] }])),
    ...Object.fromEntries(NUMBERS.map((key) => [key, scalar(saved[key])])),
    seconds_load: scalar(saved.seconds.load),
    seconds_solve: scalar(saved.seconds.solve),
    action_labels: labelArray(actions),
  };
  return writeNpz(arrays, options);
}

/**
 * Reads what `writeSolutionNpz` wrote; actions are labels where the archive has them, else indices.
 *
 * @throws FormatError where an array is missing or damaged; ShapeError where lengths do not fit.
 */
export function readSolutionNpz(bytes: Uint8Array): SavedSolution {
  const npz = new Npz(bytes);
  const text = (name: string) => npz.strings(name)[0] ?? "";
  const value = npz.floats("value").data;
  const states = value.length;
  const perState = (name: string) => {
    const { data } = npz.floats(name);
    if (data.length !== states) throw new ShapeError(`npz array "${name}" has ${data.length} entries, expected ${states}, one a state.`);
    return data;
  };
  const objective = text("objective");
  if (!isObjective(objective)) throw new FormatError(`npz array "objective" is ${JSON.stringify(objective)}, expected "maximize" or "minimize".`);
  const labels = npz.has("action_labels") ? [...labelNames(npz, "action_labels")] : undefined;
  const q = npz.has("q") ? npz.floats("q") : undefined;
  if (q !== undefined && q.shape[0] !== states) throw new ShapeError(`npz array "q" has shape (${q.shape.join(", ")}), expected ${states} rows, one a state.`);
  return {
    version: text("version"),
    status: text("status"),
    objective,
    method: text("method"),
    device: text("device"),
    discount: npz.number("discount"),
    epsilon: npz.number("epsilon"),
    gap: npz.number("gap"),
    residual: npz.number("residual"),
    sweeps: npz.number("sweeps"),
    seconds: { load: npz.number("seconds_load"), solve: npz.number("seconds_solve") },
    states,
    choices: npz.number("choices"),
    branches: npz.number("branches"),
    value,
    policy: Array.from(perState("policy"), (a) => actionLabel(a, labels)),
    ...(q === undefined ? {} : { q: q.data }),
    lower: perState("lower"),
    upper: perState("upper"),
  };
}

function scalar(x: number): NpzContent {
  return { data: Float64Array.of(x), shape: [] };
}

function actionIndices<A>(policy: readonly (Label | null)[], actions: LabelIndex<A>): Int32Array {
  const find = labelFinder(actions);
  return Int32Array.from(policy, (label, s) => {
    if (label === null) return -1;
    const a = find(label);
    if (a < 0) throw new FormatError(`policy[${s}] is ${JSON.stringify(label)}, expected an action of the model.`);
    return a;
  });
}

function actionLabel(a: number, labels: readonly Label[] | undefined): Label | null {
  if (a === -1) return null;
  const label = labels === undefined ? a : labels[a];
  if (label === undefined || !(Number.isInteger(a) && a >= 0))
    throw new FormatError(`npz array "policy" has ${a}, expected action indices, or -1 in terminal states.`);
  return label;
}

function isObjective(text: string): text is Objective {
  return text === "maximize" || text === "minimize";
}
