// The writing half of models in npz: what numpy.load and scipy.sparse.load_npz read.
import { ShapeError } from "../errors.ts";
import { type Mdp, rowOf } from "../mdp/index.ts";
import { type NpzContent, writeNpz } from "./npz.ts";
import { labelArray, type NpzWriteOptions } from "./npz-labels.ts";
import { withoutEndings } from "./without-endings.ts";

/** The most entries of the (S, A) reward, which is dense. */
const LARGEST_REWARD = 2 ** 28;

/**
 * Writes a model as npz: `scipy.sparse.load_npz` reads its transitions, `numpy.load` all of it.
 *
 * @remarks Rewards R(s,a,s') are written as their expectation. Infeasible choices are empty rows with reward -inf (+inf under minimize).
 *   Terminated branches are written as branches to a terminal state (`withoutEndings`).
 * @throws ShapeError where S·A is too large for a dense reward.
 * @example
 * await writeFile("robot.npz", writeNpzModel(robot));
 */
export function writeNpzModel<S, A>(given: Mdp<S, A>, options: NpzWriteOptions = {}): Uint8Array {
  const mdp = withoutEndings(given);
  const { storage } = mdp;
  const [states, actions] = [mdp.stateCount, mdp.actionCount];
  if (states * actions > LARGEST_REWARD) {
    throw new ShapeError(`the model has ${states} states x ${actions} actions, expected at most ${LARGEST_REWARD} in npz, whose reward is dense.`, {
      hint: "write mdpkit JSON instead.",
    });
  }
  const indptr = new Int32Array(states * actions + 1);
  const indices = new Int32Array(storage.branchCount);
  const data = new Float64Array(storage.branchCount);
  const reward = new Float64Array(states * actions).fill(mdp.objective === "minimize" ? Infinity : -Infinity);
  const choiceOf = new Int32Array(actions);
  let filled = 0;
  for (let s = 0; s < states; s++) {
    choiceOf.fill(-1);
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) choiceOf[storage.choiceAction[c]!] = c;
    for (let a = 0; a < actions; a++) {
      const c = choiceOf[a]!;
      if (c >= 0) {
        reward[s * actions + a] = storage.reward[c]!;
        const row = rowOf(storage, c);
        for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
          indices[filled] = storage.target[b]!;
          data[filled++] = storage.probability[b]!;
        }
      }
      indptr[s * actions + a + 1] = filled;
    }
  }
  const terminal: number[] = [];
  for (let s = 0; s < states; s++) if (storage.terminal[s] === 1) terminal.push(s);
  return writeNpz(
    {
      format: { data: ["csr"], shape: [] },
      shape: BigInt64Array.of(BigInt(states * actions), BigInt(states)),
      indptr,
      indices,
      data,
      reward: { data: reward, shape: [states, actions] },
      discount: mdp.discount === undefined ? undefined : { data: Float64Array.of(mdp.discount), shape: [] },
      objective: { data: [mdp.objective], shape: [] },
      terminal: terminal.length === 0 ? undefined : Int32Array.from(terminal),
      initial: initialOf(mdp),
      state_labels: labelArray(mdp.states),
      action_labels: labelArray(mdp.actions),
    },
    options,
  );
}

function initialOf<S, A>(mdp: Mdp<S, A>): NpzContent | undefined {
  const { initial } = mdp;
  if (initial === undefined) return undefined;
  if (initial.state.length === 1) return { data: Int32Array.of(initial.state[0]!), shape: [] };
  const probability = new Float64Array(mdp.stateCount);
  initial.state.forEach((s, i) => {
    probability[s]! += initial.probability[i]!;
  });
  return probability;
}
