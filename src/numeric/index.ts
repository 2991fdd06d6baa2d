// Numbers: error-free sums, directed rounding, norms, seeded streams.
export { CompensatedSum, sum, twoProductError, twoSumError, UNIT_ROUNDOFF } from "./compensated.ts";
export { addDown, addUp, mulDown, mulUp, nextDown, nextUp } from "./directed.ts";
export { span, supDistance, supNorm } from "./norms.ts";
export { multiplyHigh, PHILOX, philox4x32 } from "./philox.ts";
export { Rng, type RngState, type Seed } from "./rng.ts";
