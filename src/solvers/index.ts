// Solvers and learners: iterations over the Bellman operators, each with its certificate, and learning from samples.
export type { BatchSolution } from "./batch/batch-solution.ts";
export { type BatchOptions, type BatchProgress, solveBatch } from "./batch/solve-batch.ts";
export { type Follow, inducedChain } from "./chain.ts";
export { explainAuto } from "./device/choose-device.ts";
export { type Evaluation, evaluatePolicy } from "./evaluate-policy.ts";
export { type FiniteHorizonOptions, type FiniteHorizonSolution, finiteHorizon, type Stage } from "./finite-horizon.ts";
export * from "./learning/index.ts";
export { type ModifiedPolicyIterationOptions, modifiedPolicyIteration } from "./modified-policy-iteration.ts";
export { discountedOccupancy, type Occupancy, type OccupancyOptions, stationaryDistribution } from "./occupancy.ts";
export type { SolveOptions, SolveProgress } from "./options.ts";
export { policyIteration } from "./policy-iteration.ts";
export { policyRegret, type Regret, type RegretOptions } from "./policy-regret.ts";
export { type RegularizedOptions, type RegularizedSolution, regularizedValueIteration } from "./regularized/regularized-value-iteration.ts";
export { assertConverged, type Bounds, type HistoryEntry, type Method, type Solution, type Status } from "./solution.ts";
export { type AutoOptions, type MethodName, solve } from "./solve.ts";
export { type ValueIterationOptions, valueIteration } from "./value-iteration.ts";
export { type Claim, type Verification, verify } from "./verify.ts";
