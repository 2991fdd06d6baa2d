// How many random models a property sees. MDPKIT_RUNS=20 asks for twenty times as many: a longer hunt.

const FACTOR = Number(process.env.MDPKIT_RUNS ?? 1);

/** `numRuns` for fast-check. */
export function runs(count: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(count * FACTOR) };
}
