// Reports: plain data in, one self-contained HTML file out, and the figures it is made of.
export { convergenceLine, gridPicture, methodSummary, modelFacts, priorStates, valueSection } from "./from-solution.ts";
export { agentSection } from "./from-trace.ts";
export { renderReport } from "./html-report.ts";
export type {
  AgentSection,
  AgentStep,
  CalibrationLine,
  CellKind,
  ConvergenceLine,
  ConvergenceSection,
  Direction,
  GridPicture,
  LearningLine,
  LearningSection,
  MeasuredAgent,
  MethodSummary,
  ModelFacts,
  PlainBounds,
  PlainNumber,
  PriorComparison,
  PriorSection,
  PriorSource,
  PriorState,
  Provenance,
  Range,
  RegretLine,
  ReportData,
  SafetySection,
  StateValue,
  StepReason,
  ValueSection,
  WorstStateRow,
} from "./report-data.ts";
export { sourceText } from "./source-text.ts";
