// The file that bench/c/q-learning.c reads: a model's arrays, streams and settings, as its first lines say.
import { samplingTables } from "../../src/envs/sampling-tables.ts";
import type { Mdp } from "../../src/mdp/index.ts";
import { Rng } from "../../src/numeric/index.ts";

export interface LoopSettings {
  readonly maxSteps: number;
  readonly seed: number;
  readonly epsilon: number;
  readonly rate: number;
}

const HEAD = 96;

/** The bytes of the file. The model starts in one state, has rows of its own for all choices, and no rewards by branch. */
export function modelFile<S, A>(mdp: Mdp<S, A>, settings: LoopSettings): Uint8Array {
  const { storage } = mdp;
  const head = new ArrayBuffer(HEAD);
  const words = new Int32Array(head);
  words.set([storage.stateCount, storage.choiceCount, storage.target.length, mdp.initial?.state[0] ?? 0, settings.maxSteps]);
  words.set(new Rng(`${settings.seed}:learner`).state, 8);
  words.set(new Rng(`${settings.seed}:env`).state, 12);
  new Float64Array(head).set([settings.epsilon, settings.rate, mdp.discount ?? 1], 8);
  const threshold = samplingTables(mdp).branches.filter((_, i) => i % 2 === 0);
  const integers = [storage.stateChoices, storage.rowBranches, storage.target, threshold, Int32Array.from(storage.terminal)];
  const rewardsAt = HEAD + Math.ceil(integers.reduce((bytes, array) => bytes + array.byteLength, 0) / 8) * 8;
  const file = new Uint8Array(rewardsAt + storage.reward.byteLength);
  file.set(new Uint8Array(head));
  let at = HEAD;
  for (const array of integers) {
    file.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  file.set(new Uint8Array(storage.reward.buffer, storage.reward.byteOffset, storage.reward.byteLength), rewardsAt);
  return file;
}

/** One number for the bits of a table, as the C program prints it: 16 hexadecimal digits. */
export function bitsOf(table: Float64Array): string {
  const words = new Uint32Array(table.map((x) => x + 0).buffer);
  let hash = 14695981039346656037n;
  for (const word of words) hash = BigInt.asUintN(64, (hash ^ BigInt(word)) * 1099511628211n);
  return hash.toString(16).padStart(16, "0");
}
