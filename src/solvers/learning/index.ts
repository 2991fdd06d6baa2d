// Learning from steps of an environment: control, prediction, priors, and measuring learners over seeds.
export { type BatchedProgress, type BatchedQLearningOptions, type BatchedQResult, batchedQLearning } from "./batched/batched-q-learning.ts";
export { type RewardRange, rewardRange } from "./ceiling.ts";
export { doubleQLearning } from "./double-q-learning.ts";
export { type ExpectedSarsaOptions, expectedSarsa } from "./expected-sarsa.ts";
export { type LambdaOptions, sarsaLambda, watkinsQ } from "./lambda.ts";
export type { LearnHistoryEntry } from "./learn-history.ts";
export type { LearnerState } from "./learner-state.ts";
export {
  type CurvePoint,
  type EpisodesToOptimal,
  type EpisodesToOptimalOptions,
  episodesToOptimal,
  type LearningCurveOptions,
  learningCurve,
  type SeededOptions,
} from "./learning-curve.ts";
export { defaultLearningRate } from "./learning-rate.ts";
export { type MonteCarloOptions, type MonteCarloPrediction, monteCarloPrediction } from "./monte-carlo.ts";
export { type NStepOptions, type NStepTargetOptions, nStepExpectedSarsa, nStepSarsa, nStepTreeBackup } from "./n-step.ts";
export type { Evaluate, LearnOptions, LearnProgress, LearnResult, LearnSnapshot, LearnStatus, LoopOptions } from "./options.ts";
export { type PosteriorSamplingOptions, posteriorSampling } from "./posterior/posterior-sampling.ts";
export type { Prediction, PredictionOptions, PredictionSnapshot } from "./prediction.ts";
export type { PriorGateOptions, PriorGateReport } from "./prior-gate.ts";
export { type PriorSeed, type PriorSeedOptions, priorSeed } from "./prior-seed.ts";
export { qLearning } from "./q-learning.ts";
export type { ReturnBounds } from "./return-bounds.ts";
export { greedyRollouts, type RolloutOptions } from "./rollouts.ts";
export { sarsa } from "./sarsa.ts";
export { type SoftQLearningOptions, softQLearning } from "./soft-q-learning.ts";
export { type Spread, spread } from "./spread.ts";
export { type TdOptions, tdPrediction } from "./td-prediction.ts";
export type { TraceKind } from "./traces.ts";
