// Q of a value, for who asks: one backup by the reference kernel, which borrows no memory from a model that is solved elsewhere at the time.
import { cpuKernel } from "../kernels/index.ts";
import type { Mdp } from "../mdp/index.ts";

/** C numbers R + γ Σ P v, the same by any kernel. For large models it is as much work as a sweep: compute it when it is read. */
export function backupOf<S, A>(mdp: Mdp<S, A>, discount: number, value: Float64Array): Float64Array {
  const v = new Float64Array(mdp.stateCount + 1);
  v.set(value);
  const q = new Float64Array(mdp.choiceCount);
  cpuKernel(mdp.storage, discount).q(v, q, 0, mdp.stateCount);
  return q.map((x) => (x === 0 ? 0 : x)); // never -0: a zero reads as a zero, whichever the objective
}
