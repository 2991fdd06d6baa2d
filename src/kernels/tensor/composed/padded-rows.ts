// Σ p v by gathering: rows are padded to the next power of two branches, and rows of one length summed at once.
import { BackendError } from "../../../errors.ts";
import type { Storage } from "../../../mdp/index.ts";
import { onBackend, type TensorLike, type Tfjs } from "../tfjs.ts";
import type { Expectation } from "./composed-kernel.ts";

/** WebGL keeps whole numbers as floats: places beyond this cannot be told apart. */
const MOST_ON_WEBGL = 2 ** 24;

interface Bucket {
  readonly width: number;
  readonly rows: number;
  readonly target: TensorLike;
  readonly probability: TensorLike;
}

/** @throws BackendError on WebGL with more places than float32 counts, or without 32-bit floats. */
export function paddedRows(tf: Tfjs, backend: string, storage: Storage, batch: number): Expectation {
  const { rowCount, rowBranches, stateCount } = storage;
  const widthOf = (row: number) => paddedWidth(rowBranches[row + 1]! - rowBranches[row]!);
  const byWidth = new Map<number, number[]>();
  let places = 0;
  const same = rowBranches[1]! - rowBranches[0]!;
  const uniform = rowBranches.every((offset, r) => offset === r * same);
  for (let row = 0; row < rowCount; row++) {
    const width = uniform ? same : widthOf(row);
    places += width;
    const rows = byWidth.get(width);
    if (rows === undefined) byWidth.set(width, [row]);
    else rows.push(row);
  }
  if (backend === "webgl") requireWebGlFits(tf, Math.max(places, storage.choiceCount, stateCount) * batch);
  const tensor = (numbers: Float32Array | Int32Array, shape: number[]) =>
    onBackend(tf, backend, () => tf.tensor(numbers, shape, numbers instanceof Int32Array ? "int32" : "float32"));
  const buckets: Bucket[] = [];
  const placeOfRow = new Int32Array(rowCount);
  let place = 0;
  for (const [width, rows] of byWidth) {
    const target = new Int32Array(rows.length * width);
    const probability = new Float32Array(rows.length * width);
    for (const [k, row] of rows.entries()) {
      placeOfRow[row] = place++;
      const from = rowBranches[row]!;
      for (let b = from; b < rowBranches[row + 1]!; b++) {
        if (storage.target[b]! >= stateCount) continue;
        target[k * width + b - from] = storage.target[b]!;
        probability[k * width + b - from] = storage.probability[b]!;
      }
    }
    buckets.push({
      width,
      rows: rows.length,
      target: tensor(target, [target.length]),
      probability: tensor(probability, batch === 1 ? [target.length] : [target.length, 1]),
    });
  }
  const order = buckets.length === 1 ? undefined : tensor(placeOfRow, [rowCount]);
  return {
    of(v) {
      const sums = buckets.map(({ width, rows, target, probability }) => {
        const weighed = tf.mul(tf.gather(v, target), probability);
        return tf.sum(tf.reshape(weighed, batch === 1 ? [rows, width] : [rows, width, batch]), 1);
      });
      const all = tf.concat(sums, 0);
      return order === undefined ? all : tf.gather(all, order);
    },
    dispose() {
      for (const { target, probability } of buckets) for (const held of [target, probability]) held.dispose();
      order?.dispose();
    },
  };
}

function paddedWidth(branches: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, branches)));
}

function requireWebGlFits(tf: Tfjs, places: number): void {
  if (!tf.env().getBool("WEBGL_RENDER_FLOAT32_ENABLED"))
    throw new BackendError("WebGL here computes in 16-bit floats, expected 32.", { hint: 'use device: "cpu".' });
  if (places <= MOST_ON_WEBGL) return;
  throw new BackendError(`the model needs ${places} places on WebGL, expected at most 2^24: it keeps whole numbers as floats.`, {
    hint: 'use device: "webgpu" or "wasm".',
  });
}
