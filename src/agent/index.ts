// The agent: a loop that perceives, plans, acts and learns in an environment, with budgets, a shield, tools and a trace.

export type { ParseAnswer } from "./ask.ts";
export { blockedShield } from "./blocked-shield.ts";
export { Budget, type BudgetStatus, type Budgets, type Spending } from "./budget.ts";
export { checkPlan, type PlanCheck } from "./check-plan.ts";
export { type Experience, experienceOf, isExperience } from "./experience.ts";
export { type ActionView, type Bounded, explainStep, type JsonNumber, type Moment, type StepExplanation } from "./explain-step.ts";
export { explainTrace } from "./explain-trace.ts";
export { type FineTuningExample, type FineTuningOptions, fineTuningLines } from "./fine-tuning-set.ts";
export { guardedPolicy } from "./guarded-policy.ts";
export { type GuardedProcess, type GuardedProcessOptions, type GuardedState, guardedProcess } from "./guarded-process.ts";
export { harmModel } from "./harm-model.ts";
export type { Json } from "./json.ts";
export { type LearnInVectorOptions, learnInVector, type VectorLearning } from "./learn-in-vector.ts";
export { type LearnedPlannerOptions, learnedPlanner } from "./learned-planner.ts";
export { Memory, type MemoryOptions, type Turn } from "./memory.ts";
export { type BusLink, type BusMember, type BusMessage, type BusOptions, MessageBus, type TopicChecks, type TopicOf, type Topics } from "./message-bus.ts";
export { legalMovesTool, lookupActionsTool, lookupValueTool } from "./model-tools.ts";
export type { AgentParts, Transition } from "./parts.ts";
export { type Plan, type PlanNames, parsePlan } from "./plan.ts";
export type { PlanOptions } from "./plan-in-hand.ts";
export type { PlanAnswer, Planner, PlanRequest, ScoreAnswer, StepsAnswer, TextAnswer } from "./planner.ts";
export { type PolicyPlannerOptions, policyPlanner } from "./policy-planner.ts";
export { type ComposePrompt, composePrompt, type PromptParts } from "./prompt.ts";
export { type QBounds, qBounds } from "./q-bounds.ts";
export { type Replay, replayTrace } from "./replay-trace.ts";
export { RiskShield, type RiskShieldOptions, type RiskVerdict, riskShield } from "./risk-shield.ts";
export { type AgentOptions, type AgentResult, runAgent } from "./run-agent.ts";
export { type SamplingPlannerOptions, samplingPlanner } from "./sampling-planner.ts";
export { leaningOf, type ScorerPlannerOptions, scorerPlanner } from "./scorer-planner.ts";
export { scriptedPlanner } from "./scripted-planner.ts";
export { allShields, harmShield, listShield, type Shield, type ShieldDecision, valueShield } from "./shield.ts";
export { type LearnWhileActing, TabularLearner } from "./tabular-learner.ts";
export { type Generate, textPlanner } from "./text-planner.ts";
export { defineTool, type FieldType, type InputOf, type InputSchema, type Tool, ToolBox, type ToolContext, type ToolLimits, type ToolResult } from "./tools.ts";
export {
  type AgentStatus,
  type ReadTraceOptions,
  type Replacement,
  readTrace,
  type Trace,
  type TraceCall,
  type TraceEnd,
  type TraceFailure,
  type TraceHeader,
  type TracePlan,
  type TraceRecord,
  type TraceStep,
  traceLine,
  type UnfinishedStep,
  writeTrace,
} from "./trace.ts";
export { type WorstHarm, worstHarm } from "./worst-harm.ts";
