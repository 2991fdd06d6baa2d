// Solving A x = b by generalised conjugate residuals, preconditioned by a multilevel cycle.
import { dot, Hierarchy } from "./hierarchy.ts";
import { multiply, type SparseMatrix } from "./sparse-matrix.ts";

/** How many directions are kept: each new one is made orthogonal to these. */
const KEPT = 8;

/** A cycle's loops take about so many times as long an entry as the kernel's sweeps. */
const SLOWER = 4;

/** Grouping, summing and the largest residuals take as long as about so many sweeps. */
const SETUP = 24;

/** What a call of `correct` needs to know, and what it is told as it goes. */
export interface CorrectOptions {
  /** Ends when the largest residual is at or below this. */
  readonly target: number;
  readonly mostCycles: number;
  /** Gives way between cycles; true ends the work early. */
  readonly breathe: () => Promise<boolean>;
}

export interface Corrected {
  /** The largest residual that is left. */
  readonly residual: number;
  readonly cycles: number;
  /** About how many of the kernel's sweeps of the policy would have taken as long. */
  readonly sweeps: number;
}

/** x ≈ A⁻¹ b; b is overwritten with what is left of it (Eisenstat, Elman and Schultz 1983, GCR with a short memory). */
export async function correct(matrix: SparseMatrix, b: Float64Array, x: Float64Array, options: CorrectOptions): Promise<Corrected> {
  const n = matrix.size;
  const hierarchy = new Hierarchy(matrix);
  const sweepsACycle = 4 * SLOWER * (hierarchy.entries / Math.max(1, matrix.columns.length + n));
  const directions: { readonly direction: Float64Array; readonly image: Float64Array; readonly size: number }[] = [];
  x.fill(0);
  let cycles = 0;
  let left = largest(b, n);
  while (left > options.target && cycles < options.mostCycles) {
    const direction = new Float64Array(n);
    const image = new Float64Array(n);
    hierarchy.apply(b, direction);
    cycles++;
    multiply(matrix, direction, image);
    for (const kept of directions) {
      const overlap = dot(image, kept.image, n) / kept.size;
      for (let i = 0; i < n; i++) {
        direction[i]! -= overlap * kept.direction[i]!;
        image[i]! -= overlap * kept.image[i]!;
      }
    }
    const size = dot(image, image, n);
    if (!(size > 0)) break;
    const step = dot(b, image, n) / size;
    for (let i = 0; i < n; i++) {
      x[i]! += step * direction[i]!;
      b[i]! -= step * image[i]!;
    }
    directions.push({ direction, image, size });
    if (directions.length > KEPT) directions.shift();
    left = largest(b, n);
    if (await options.breathe()) break;
  }
  return { residual: left, cycles, sweeps: Math.ceil(cycles * sweepsACycle) + SETUP };
}

function largest(x: Float64Array, n: number): number {
  let most = 0;
  for (let i = 0; i < n; i++) if (Math.abs(x[i]!) > most) most = Math.abs(x[i]!);
  return most;
}
