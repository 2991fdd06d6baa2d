// Gamma and normal draws: what Dirichlet distributions and posterior means are drawn with.
import type { Rng } from "../../../numeric/index.ts";

/** A standard normal number (Marsaglia's polar method). */
export function normal(rng: Rng): number {
  for (;;) {
    const x = 2 * rng.uniform() - 1;
    const y = 2 * rng.uniform() - 1;
    const r = x * x + y * y;
    if (r > 0 && r < 1) return x * Math.sqrt((-2 * Math.log(r)) / r);
  }
}

/**
 * A Gamma(shape, 1) number, shape > 0 (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000). Independent ones divided by their sum are
 * Dirichlet distributed.
 */
export function gamma(shape: number, rng: Rng): number {
  if (shape < 1) return gamma(shape + 1, rng) * (1 - rng.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(rng);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
