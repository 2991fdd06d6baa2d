// The reference batch kernel: plain loops over typed arrays, the innermost one over the columns.
import { rowOf, type Storage } from "../../mdp/index.ts";
import type { BatchChange, BatchColumns, BatchKernel } from "./batch-kernel.ts";

/**
 * The plain TypeScript batch kernel.
 *
 * @example
 * const kernel = cpuBatchKernel(mdp.storage, { reward: mdp.storage.reward, discount: Float64Array.of(0.9, 0.99) });
 */
export function cpuBatchKernel(storage: Storage, { reward, discount }: BatchColumns): BatchKernel {
  const { stateCount, choiceCount, stateChoices, rowBranches, target, probability } = storage;
  const size = discount.length;
  // One reward a choice serves all columns: the same place is read for each.
  const shared = reward.length === choiceCount && size !== 1;
  const expected = new Float64Array(size);
  const best = new Float64Array(size);

  /** expected = Σ p v of a choice, column by column. */
  function expect(c: number, v: Float64Array): void {
    const row = rowOf(storage, c);
    expected.fill(0);
    for (let b = rowBranches[row]!, end = rowBranches[row + 1]!; b < end; b++) {
      const p = probability[b]!;
      const at = target[b]! * size;
      for (let j = 0; j < size; j++) expected[j]! += p * v[at + j]!;
    }
  }

  const policy = new Int32Array(stateCount * size).fill(-1);
  const change: BatchChange = { min: new Float64Array(size), max: new Float64Array(size) };

  return {
    name: "cpu",
    width: size,
    change,
    clearChange: () => clear(change),
    values: [new Float64Array((stateCount + 1) * size), new Float64Array((stateCount + 1) * size)],
    policy,

    sweep(v, out, from, to) {
      for (let s = from; s < to; s++) {
        const at = s * size;
        const first = stateChoices[s]!;
        const end = stateChoices[s + 1]!;
        if (first === end) {
          widenByZero(change);
          continue;
        }
        best.fill(-Infinity);
        // The incumbents stay in `policy` until all choices are seen; what is best so far stands in `out`'s place as a choice.
        for (let c = first; c < end; c++) {
          expect(c, v);
          const rewards = shared ? c : c * size;
          for (let j = 0; j < size; j++) {
            const q = reward[shared ? rewards : rewards + j]! + discount[j]! * expected[j]!;
            if (q > best[j]!) {
              best[j] = q;
              out[at + j] = c;
            } else if (q === best[j]! && policy[at + j] === c) out[at + j] = c;
          }
        }
        for (let j = 0; j < size; j++) {
          const q = best[j]!;
          policy[at + j] = out[at + j]!;
          out[at + j] = q;
          const d = q - v[at + j]!;
          if (d < change.min[j]!) change.min[j] = d;
          if (d > change.max[j]!) change.max[j] = d;
        }
      }
    },

    policySweep(v, out, from, to) {
      for (let s = from; s < to; s++) {
        if (stateChoices[s] === stateChoices[s + 1]) continue;
        for (let j = 0, at = s * size; j < size; j++, at++) {
          const c = policy[at]!;
          const row = rowOf(storage, c);
          let sum = 0;
          for (let b = rowBranches[row]!, end = rowBranches[row + 1]!; b < end; b++) sum += probability[b]! * v[target[b]! * size + j]!;
          out[at] = reward[shared ? c : c * size + j]! + discount[j]! * sum;
        }
      }
    },
  };
}

/** Ready to be widened. */
export function clear({ min, max }: BatchChange): void {
  min.fill(Infinity);
  max.fill(-Infinity);
}

/** A terminal state's value stays 0 in every column. */
function widenByZero({ min, max }: BatchChange): void {
  for (let j = 0; j < min.length; j++) {
    if (min[j]! > 0) min[j] = 0;
    if (max[j]! < 0) max[j] = 0;
  }
}
