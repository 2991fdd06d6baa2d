// Self-loops out of a model, before it is swept in place: what stays put for a while is worth the same as what leaves with the rest of the probability.
import type { Storage } from "../mdp/index.ts";

/**
 * Solves the self-loops of a model out, in its own arrays, which are changed: (R + γ Σ_{s'≠s} p v) / (1 - γ p(s|s,a)) as rewards and probabilities. Where rows are shared
 * between states they stay.
 */
export function solveOutLoops(storage: Storage, discount: number): void {
  const { stateCount, stateChoices, choiceRow, rowBranches, target, probability, reward } = storage;
  if (choiceRow !== undefined) return;
  for (let s = 0; s < stateCount; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      let loop = 0;
      for (let b = rowBranches[c]!; b < rowBranches[c + 1]!; b++) if (target[b] === s) loop += probability[b]!;
      const rest = 1 - discount * loop;
      if (loop === 0 || !(rest > 0)) continue;
      reward[c]! /= rest;
      for (let b = rowBranches[c]!; b < rowBranches[c + 1]!; b++) {
        probability[b] = target[b] === s ? 0 : probability[b]! / rest;
        // Rows keep their length: what is left of the loop pays nothing.
        if (target[b] === s) target[b] = stateCount;
      }
    }
  }
}
