// The reference kernel: Bellman operators as plain loops over typed arrays, one core, float64.
import type { Storage } from "../../mdp/index.ts";
import type { BellmanKernel, Change } from "../kernel.ts";

/**
 * The plain TypeScript kernel. Every other kernel is tested against it.
 *
 * @param storage the compiled model, its rewards to be maximised.
 * @param discount γ.
 * @param insteadOf why it stands in for a faster kernel, if it does.
 * @example
 * const kernel = cpuKernel(mdp.storage, 0.9);
 * const v = kernel.vector(), next = kernel.vector(), policy = new Int32Array(mdp.stateCount).fill(-1);
 * kernel.sweep(v, next, policy, 0, mdp.stateCount, { min: 0, max: 0 });
 */
export function cpuKernel(storage: Storage, discount: number, insteadOf?: string): BellmanKernel {
  const { stateCount, stateChoices, choiceRow, rowBranches, target, probability, reward } = storage;

  /** One choice's backup: R + γ Σ p v. */
  function backup(c: number, v: Float64Array): number {
    const row = choiceRow === undefined ? c : choiceRow[c]!;
    const to = rowBranches[row + 1]!;
    let sum = 0;
    for (let b = rowBranches[row]!; b < to; b++) sum += probability[b]! * v[target[b]!]!;
    return reward[c]! + discount * sum;
  }

  /** One choice's backup with its self-loop solved out: (R + γ Σ_{s'≠s} p v) / (1 - γ p(s|s,a)). */
  function backupLoopFree(c: number, s: number, v: Float64Array): number {
    const row = choiceRow === undefined ? c : choiceRow[c]!;
    const to = rowBranches[row + 1]!;
    let sum = 0;
    let loop = 0;
    for (let b = rowBranches[row]!; b < to; b++) {
      const t = target[b]!;
      if (t === s) loop += probability[b]!;
      else sum += probability[b]! * v[t]!;
    }
    if (loop === 0) return reward[c]! + discount * sum;
    const rest = 1 - discount * loop;
    // A loop that never ends has no fixed point to jump to: back up as it stands.
    return rest > 0 ? (reward[c]! + discount * sum) / rest : reward[c]! + discount * (sum + loop * v[s]!);
  }

  function widen(change: Change, d: number): void {
    if (d < change.min) change.min = d;
    if (d > change.max) change.max = d;
  }

  function policySweep(v: Float64Array, out: Float64Array, policy: Int32Array, from: number, to: number, change: Change): void {
    for (let s = from; s < to; s++) {
      const c = policy[s]!;
      if (c < 0) {
        widen(change, 0);
        continue;
      }
      const q = backup(c, v);
      out[s] = q;
      widen(change, q - v[s]!);
    }
  }

  const improveInPlace: (s: number, v: Float64Array, policy: Int32Array, change: Change) => void = (s, v, policy, change) => {
    const first = stateChoices[s]!;
    const end = stateChoices[s + 1]!;
    if (first === end) {
      widen(change, 0);
      return;
    }
    const incumbent = policy[s]!;
    let bestChoice = incumbent < 0 ? first : incumbent;
    let best = backupLoopFree(bestChoice, s, v);
    for (let c = first; c < end; c++) {
      if (c === bestChoice) continue;
      const q = backupLoopFree(c, s, v);
      if (q > best) {
        best = q;
        bestChoice = c;
      }
    }
    widen(change, best - v[s]!);
    v[s] = best;
    policy[s] = bestChoice;
  };

  return {
    name: "cpu",
    storage,
    insteadOf,
    threads: 1,
    helped: 0,
    vector: () => new Float64Array(stateCount + 1),
    policy: () => new Int32Array(stateCount).fill(-1),

    sweep(v, out, policy, from, to, change) {
      for (let s = from; s < to; s++) {
        const first = stateChoices[s]!;
        const end = stateChoices[s + 1]!;
        if (first === end) {
          widen(change, 0);
          continue;
        }
        const incumbent = policy[s]!;
        let bestChoice = incumbent < 0 ? first : incumbent;
        let best = backup(bestChoice, v);
        for (let c = first; c < end; c++) {
          if (c === bestChoice) continue;
          const q = backup(c, v);
          if (q > best) {
            best = q;
            bestChoice = c;
          }
        }
        out[s] = best;
        policy[s] = bestChoice;
        widen(change, best - v[s]!);
      }
    },

    policySweep,

    hold() {
      // The rows are read where they are.
    },

    heldSweep: policySweep,

    gaussSeidel(v, policy, from, to, change, backwards) {
      for (let i = from; i < to; i++) improveInPlace(backwards ? to - 1 - (i - from) : i, v, policy, change);
    },

    policyGaussSeidel(v, policy, from, to, change, backwards) {
      for (let i = from; i < to; i++) {
        const s = backwards ? to - 1 - (i - from) : i;
        const c = policy[s]!;
        if (c < 0) {
          widen(change, 0);
          continue;
        }
        const q = backupLoopFree(c, s, v);
        widen(change, q - v[s]!);
        v[s] = q;
      }
    },

    q(v, out, from, to) {
      const first = stateChoices[from]!;
      for (let c = first; c < stateChoices[to]!; c++) out[c - first] = backup(c, v);
    },

    greedyWithin(v, tolerance, best, chosen, policy, from, to, change) {
      for (let s = from; s < to; s++) {
        const first = stateChoices[s]!;
        const end = stateChoices[s + 1]!;
        if (first === end) continue;
        let most = -Infinity;
        for (let c = first; c < end; c++) most = Math.max(most, backup(c, v) - v[s]!);
        let c = first;
        while (backup(c, v) - v[s]! < most - tolerance) c++;
        policy[s] = c;
        best[s] = most;
        chosen[s] = backup(c, v) - v[s]!;
        widen(change, most);
        widen(change, chosen[s]!);
      }
    },

    release() {
      // Nothing is held but ordinary arrays.
    },
  };
}
