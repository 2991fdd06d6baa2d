// Σ p v by TensorFlow's own sparse product, one native operation: gathers put together cost ten times as much.
import { BackendError } from "../../../errors.ts";
import type { Storage } from "../../../mdp/index.ts";
import type { Expectation } from "../composed/composed-kernel.ts";
import { onBackend, type TensorInfo, type TensorLike, type Tfjs } from "../tfjs.ts";

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** A tensor of TensorFlow's, outside tfjs's account. */
interface RawTensor {
  readonly id: number;
}

interface Binding extends Readonly<Record<"TF_ATTR_TYPE" | "TF_ATTR_BOOL" | "TF_FLOAT" | "TF_INT32" | "TF_INT64", number>> {
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): RawTensor[];
  deleteTensor(id: number): void;
}

/** tfjs-node's backend, as far as it is used here. */
interface NativeBackend {
  readonly binding: Binding;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(raw: RawTensor): TensorLike;
}

function isNative(backend: object | null): backend is NativeBackend {
  return backend !== null && "getInputTensorIds" in backend && "createOutputTensor" in backend && "binding" in backend;
}

/** @throws BackendError where tfjs's tensorflow backend is not TensorFlow's. */
export function sparseProduct(tf: Tfjs, storage: Storage, batch: number): Expectation {
  const native = tf.findBackend("tensorflow");
  if (!isNative(native)) throw new BackendError("the tfjs backend named tensorflow runs no native operations, expected tfjs-node's.");
  const { binding } = native;
  const { rowCount, rowBranches, target, probability, stateCount } = storage;
  const indices = new Int32Array(2 * target.length);
  const values = new Float32Array(target.length);
  for (let row = 0; row < rowCount; row++) {
    for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) {
      indices[2 * b] = row;
      // A branch that ends continues with value 0, as one of no probability does.
      if (target[b]! >= stateCount) continue;
      indices[2 * b + 1] = target[b]!;
      values[b] = probability[b]!;
    }
  }
  const type = (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value });
  const flag = (name: string): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value: false });
  const held = onBackend(tf, "tensorflow", () => ({
    indices: tf.tensor(indices, [target.length, 2], "int32"),
    values: tf.tensor(values, [target.length], "float32"),
  }));
  // The shape must be int64, which tfjs has no tensors of: it stays TensorFlow's own.
  const shape = tf.tensor(Int32Array.of(rowCount, stateCount), [2], "int32");
  const toInt64 = [type("SrcT", binding.TF_INT32), type("DstT", binding.TF_INT64), flag("Truncate")];
  const [shape64] = onBackend(tf, "tensorflow", () => binding.executeOp("Cast", toInt64, native.getInputTensorIds([shape]), 1));
  shape.dispose();
  const attributes = [type("T", binding.TF_FLOAT), type("Tindices", binding.TF_INT32), flag("adjoint_a"), flag("adjoint_b")];
  return {
    of(v) {
      const [sparse = [], dense = []] = [[held.indices, held.values], [tf.reshape(v, [stateCount, batch])]].map((tensors) => native.getInputTensorIds(tensors));
      const [product] = shape64 === undefined ? [] : binding.executeOp("SparseTensorDenseMatMul", attributes, [...sparse, shape64.id, ...dense], 1);
      if (product === undefined) throw new BackendError("TensorFlow's sparse product answered nothing.");
      return tf.reshape(native.createOutputTensor(product), batch === 1 ? [rowCount] : [rowCount, batch]);
    },
    dispose() {
      if (shape64 !== undefined) binding.deleteTensor(shape64.id);
      for (const tensor of Object.values(held)) tensor.dispose();
    },
  };
}
