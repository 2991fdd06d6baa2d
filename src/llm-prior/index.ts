// A language model's advice: scorers, prompts, strict parsing, priors, and how far advice is from the certified optimum.

export type { AskProgress } from "./ask-all.ts";
export type { AskBudget, Spent, TokenPrice } from "./ask-budget.ts";
export { type Baseline, type BaselineOptions, baselines, harmfulPolicy, shuffledPolicy } from "./baselines.ts";
export { type AnswerCache, answerKey, MemoryCache } from "./cache.ts";
export { type CalibrationBin, type CalibrationCurve, calibrationCurve } from "./calibration-curve.ts";
export { checkScores, faultOfScores } from "./check-scores.ts";
export { type CompareOptions, type Comparison, comparePolicies, compareToOptimal, type NamedComparison } from "./compare-policies.ts";
export { type ComparePriorsOptions, comparePriors, type PriorEntry, type PriorReview, type WorstState } from "./compare-priors.ts";
export { decisionStates } from "./decision-states.ts";
export { type Describe, describeCoordinates, describeFeatures, describeMap, describeNeighbours, type FeatureValue } from "./describers.ts";
export { type ElicitOptions, elicitPrior } from "./elicit-prior.ts";
export { balancedExamples, examplePool, examplesFromSolution } from "./few-shot.ts";
export { gridExamples } from "./grid-examples.ts";
export { gridCalibration, gridPrompts } from "./grid-prompts.ts";
export { shortHash } from "./hash.ts";
export { blockedChoices, maskedPrior } from "./masked-prior.ts";
export { optimalChoices, uniformOverOptimal } from "./optimal-choices.ts";
export { parseAction } from "./parse-action.ts";
export type { Prior, PriorMethod } from "./prior.ts";
export { type PriorProcessing, processingLines } from "./processing.ts";
export {
  type AnswerForm,
  type ChatMessage,
  estimateTokens,
  PROMPT_VERSION,
  type PromptExample,
  type PromptOptions,
  type PromptParts,
  type PromptTemplate,
  promptTemplate,
  type RenderedPrompt,
} from "./prompt.ts";
export { promptText } from "./prompt-text.ts";
export { type AiSdkModel, type AiSdkOptions, aiSdk } from "./providers/ai-sdk.ts";
export type { Fetch, HttpOptions } from "./providers/http-json.ts";
export { type LangChainChatModel, type LangChainOptions, langChain } from "./providers/langchain.ts";
export { type LocalScorer, type NodeLlamaCppOptions, nodeLlamaCpp } from "./providers/node-llama-cpp.ts";
export { type OpenAiCompatible, type OpenAiCompatibleOptions, openAiCompatible } from "./providers/openai-compatible.ts";
export { type FormattedPrompt, type PromptFormat, plainFormat } from "./providers/prompt-format.ts";
export { type SyntheticOptions, syntheticScorer } from "./providers/synthetic.ts";
export { type TransformersJsOptions, transformersJs } from "./providers/transformers-js.ts";
export { type PriorRecording, type RecordedAnswer, type RecordingScorer, readRecording, recordScorer, replayScorer } from "./recording.ts";
export { seedMazeRecording } from "./recordings/seed-maze.ts";
export {
  type ActionScores,
  logSoftmax,
  type PartStore,
  provenance,
  type ScoreMethod,
  type ScoreOptions,
  type ScoreRequest,
  type Scorer,
  type ScorerAbility,
  type ScorerInfo,
  type TokenUsage,
} from "./scorer.ts";
