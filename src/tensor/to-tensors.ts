// A solution as tensors, for whoever goes on computing with them.
import type { TensorLike } from "../kernels/tensor/index.ts";
import type { Solution } from "../solvers/index.ts";
import type { TensorLibrary } from "./tensor-model.ts";

/** A solution's numbers, rounded to float32. The certificate stays with the solution: float32 cannot carry it. */
export interface SolutionTensors<T> {
  /** [S]. */
  readonly value: T;
  /** [S, A], NaN where an action is infeasible. */
  readonly q: T;
  /** int32 [S]: action indices, -1 where terminal. */
  readonly policy: T;
  /** [S]: the bounds of `value`, rounded outwards. */
  readonly lower: T;
  readonly upper: T;
}

/**
 * Hands a solution out as tensors of your copy of tfjs, on the backend in use; they are yours to dispose.
 *
 * @example
 * import * as tf from "@tensorflow/tfjs-core";
 * const { value, policy, ...rest } = toTensors(best, tf);
 */
export function toTensors<S, A, T extends TensorLike>(solution: Solution<S, A>, tf: TensorLibrary<T>): SolutionTensors<T> {
  const { mdp, bounds, policy } = solution;
  const { stateCount, actionCount, storage } = mdp;
  const byState = (numbers: Float32Array | Int32Array, dtype: "float32" | "int32" = "float32") => tf.tensor(numbers, [stateCount], dtype);
  return {
    value: byState(Float32Array.from(solution.value.array)),
    q: tf.tensor(Float32Array.from(solution.q.toDense()), [stateCount, actionCount], "float32"),
    policy: byState(
      Int32Array.from({ length: stateCount }, (_, s) => {
        const choice = policy.modeAt(s);
        return choice < 0 ? -1 : storage.choiceAction[choice]!;
      }),
      "int32",
    ),
    lower: byState(Float32Array.from(bounds.lower.array, (x) => outwards(x, -1))),
    upper: byState(Float32Array.from(bounds.upper.array, (x) => outwards(x, 1))),
  };
}

const FLOAT = new Float32Array(1);
const BITS = new Int32Array(FLOAT.buffer);

/** The nearest float32 on that side of x, or x itself. */
function outwards(x: number, side: 1 | -1): number {
  const rounded = Math.fround(x);
  if (!Number.isFinite(rounded) || side * rounded >= side * x) return rounded;
  FLOAT[0] = rounded;
  // Towards infinity of a sign, bits grow for numbers of that sign and shrink for others; beyond zero comes the smallest number.
  if (rounded === 0) BITS[0] = side === 1 ? 1 : -0x7fffffff;
  else BITS[0] = BITS[0]! + (rounded > 0 === (side === 1) ? 1 : -1);
  return FLOAT[0]!;
}
