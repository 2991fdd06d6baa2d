// The strong components of a policy's system, successors first: outside of them every unknown follows from earlier ones by substitution.
import { type Breathe, STEPS } from "../total-reward/breathe.ts";
import type { SparseMatrix } from "./sparse-matrix.ts";

export interface Components {
  /** All unknowns, component by component; an entry off the diagonal leads into the same component or an earlier one. */
  readonly order: Int32Array;
  /** Where each component begins in `order`, and at the end its length. */
  readonly starts: Int32Array;
}

/** Tarjan's algorithm (1972), with its recursion on a stack of its own. */
export async function components({ size: n, offsets, columns }: SparseMatrix, breathe: Breathe): Promise<Components> {
  const order = new Int32Array(n);
  const starts = new Int32Array(n + 1);
  // When an unknown was found, from 1 on; then the earliest it leads back to; n + 1 once its component is complete.
  const low = new Int32Array(n);
  const next = new Int32Array(n);
  const path = new Int32Array(n);
  const open = new Int32Array(n);
  const found = new Int32Array(n);
  let clock = 0;
  let placed = 0;
  let count = 0;
  let opened = 0;
  for (let root = 0; root < n; root++) {
    if (low[root] !== 0) continue;
    let depth = 0;
    path[0] = root;
    found[root] = low[root] = ++clock;
    next[root] = offsets[root]!;
    open[opened++] = root;
    while (depth >= 0) {
      const i = path[depth]!;
      const end = offsets[i + 1]!;
      let at = next[i]!;
      let least = low[i]!;
      let fresh = -1;
      while (at < end) {
        const j = columns[at++]!;
        const seen = low[j]!;
        if (seen === 0) {
          fresh = j;
          break;
        }
        if (seen < least) least = seen;
      }
      next[i] = at;
      low[i] = least;
      if (fresh >= 0) {
        found[fresh] = low[fresh] = ++clock;
        next[fresh] = offsets[fresh]!;
        open[opened++] = fresh;
        path[++depth] = fresh;
        if (clock % STEPS === 0) await breathe();
        continue;
      }
      depth--;
      if (depth >= 0 && least < low[path[depth]!]!) low[path[depth]!] = least;
      if (least !== found[i]) continue;
      starts[count++] = placed;
      let member: number;
      do {
        member = open[--opened]!;
        low[member] = n + 1;
        order[placed++] = member;
      } while (member !== i);
    }
  }
  starts[count] = placed;
  return { order, starts: starts.subarray(0, count + 1) };
}
