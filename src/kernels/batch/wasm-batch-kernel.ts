// The batch kernel in WebAssembly: SIMD over the columns, the model copied into its memory.
import type { Storage } from "../../mdp/index.ts";
import type { BatchColumns, BatchKernel } from "./batch-kernel.ts";
import { BATCH_WASM } from "./batch-module.ts";
import { clear } from "./cpu-batch-kernel.ts";

interface BatchExports {
  setModel(count: number, choices: number, rows: number, offsets: number, targets: number, probabilities: number): void;
  setColumns(rewards: number, same: boolean, discounts: number, room: number, min: number, max: number): void;
  sweep(v: number, out: number, policy: number, from: number, to: number): void;
  policySweep(v: number, out: number, policy: number, from: number, to: number): void;
}

const PAGE = 65536;
const MOST_BYTES = 65536 * PAGE;

let compiled: WebAssembly.Module | undefined;

/** The kernel, or undefined where WebAssembly refuses: not there, without SIMD, or more than 4 GiB. */
export function wasmBatchKernel(storage: Storage, { reward, discount }: BatchColumns): BatchKernel | undefined {
  const { stateCount, choiceCount, stateChoices, choiceRow, rowBranches, target, probability } = storage;
  const size = discount.length;
  const same = reward.length === choiceCount;
  // Pairs of columns share a register.
  const width = size + (size % 2);
  let bytes = 64;
  const place = (length: number, each: 4 | 8): number => {
    const at = bytes;
    bytes = Math.ceil((at + length * each) / 64) * 64;
    return at;
  };
  const at = {
    values: place((stateCount + 1) * width, 8),
    next: place((stateCount + 1) * width, 8),
    policy: place(stateCount * width, 4),
    choices: place(stateChoices.length, 4),
    rows: choiceRow === undefined ? 0 : place(choiceRow.length, 4),
    offsets: place(rowBranches.length, 4),
    targets: place(target.length, 4),
    probabilities: place(probability.length, 8),
    rewards: place(same ? choiceCount : choiceCount * width, 8),
    discounts: place(width, 8),
    room: place(width, 8),
    min: place(width, 8),
    max: place(width, 8),
  };
  const started = start(bytes);
  if (started === undefined) return undefined;
  const { exports, buffer } = started;
  const floats = (from: number, length: number): Float64Array => new Float64Array(buffer, from, length);
  const integers = (from: number, length: number): Int32Array => new Int32Array(buffer, from, length);
  integers(at.choices, stateChoices.length).set(stateChoices);
  if (choiceRow !== undefined) integers(at.rows, choiceRow.length).set(choiceRow);
  integers(at.offsets, rowBranches.length).set(rowBranches);
  integers(at.targets, target.length).set(target);
  floats(at.probabilities, probability.length).set(probability);
  floats(at.discounts, size).set(discount);
  const rewards = floats(at.rewards, same ? choiceCount : choiceCount * width);
  if (same || width === size) rewards.set(reward);
  else for (let c = 0; c < choiceCount; c++) rewards.set(reward.subarray(c * size, (c + 1) * size), c * width);
  exports.setModel(width, at.choices, at.rows, at.offsets, at.targets, at.probabilities);
  exports.setColumns(at.rewards, same, at.discounts, at.room, at.min, at.max);
  const change = { min: floats(at.min, width), max: floats(at.max, width) };
  return {
    name: "wasm",
    width,
    change,
    clearChange: () => clear(change),
    values: [floats(at.values, (stateCount + 1) * width), floats(at.next, (stateCount + 1) * width)],
    policy: integers(at.policy, stateCount * width).fill(-1),
    sweep: (v, out, from, to) => exports.sweep(v.byteOffset, out.byteOffset, at.policy, from, to),
    policySweep: (v, out, from, to) => exports.policySweep(v.byteOffset, out.byteOffset, at.policy, from, to),
  };
}

function start(bytes: number): { readonly exports: BatchExports; readonly buffer: ArrayBufferLike } | undefined {
  if (bytes > MOST_BYTES || typeof WebAssembly === "undefined") return undefined;
  const pages = Math.ceil(bytes / PAGE);
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(BATCH_WASM), (c) => c.charCodeAt(0)));
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(compiled, { env: { memory } });
    return { exports: instance.exports as unknown as BatchExports, buffer: memory.buffer };
  } catch {
    return undefined;
  }
}
