// What a report is made from: plain data, every section optional, numbers and names only, so that it can be stored as JSON.

/**
 * The input of `renderReport`. All names and texts are untrusted: the report escapes them.
 *
 * @example
 * const data: ReportData = {
 *   title: "Seed maze",
 *   grid: gridPicture(builtIn.grid),
 *   methods: [methodSummary(best)],
 *   value: valueSection(best),
 *   convergence: { lines: [convergenceLine(best)] },
 *   provenance: { version: "0.1.0", date: "2025-01-31" },
 * };
 */
export interface ReportData {
  readonly title: string;
  /** One or two sentences under the title. */
  readonly summary?: string | undefined;
  readonly model?: ModelFacts | undefined;
  /** Where the states lie, if the model is a grid: pictures become maps. */
  readonly grid?: GridPicture | undefined;
  readonly methods?: readonly MethodSummary[] | undefined;
  readonly value?: ValueSection | undefined;
  readonly convergence?: ConvergenceSection | undefined;
  readonly learning?: LearningSection | undefined;
  readonly prior?: PriorSection | undefined;
  readonly safety?: SafetySection | undefined;
  readonly agent?: AgentSection | undefined;
  readonly provenance: Provenance;
}

/** The size and settings of the model. */
export interface ModelFacts {
  readonly states: number;
  readonly actions: number;
  readonly choices?: number | undefined;
  readonly branches?: number | undefined;
  readonly discount?: number | undefined;
  readonly objective?: "maximize" | "minimize" | undefined;
}

/** What a cell of a grid is. An unknown kind is drawn as open and named in its tooltip. */
export type CellKind = "open" | "wall" | "start" | "goal" | "hole" | "cliff" | (string & {});

/** A map of the states, row by row. */
export interface GridPicture {
  readonly rows: number;
  readonly columns: number;
  /** rows x columns kinds, row-major. */
  readonly cells: readonly CellKind[];
  /** rows x columns state indices, row-major; null where a cell is no state. Left out: cell i is state i. */
  readonly states?: readonly (number | null)[] | undefined;
  /** Which way an action points. Left out: known names (up, north, right, ...) are used. */
  readonly directions?: Readonly<Record<string, Direction>> | undefined;
}

export type Direction = "up" | "down" | "left" | "right" | "up-left" | "up-right" | "down-left" | "down-right" | "stay";

/** One line of the summary table. */
export interface MethodSummary {
  readonly method: string;
  readonly status: string;
  readonly sweeps: number;
  readonly residual: number;
  readonly gap: number;
  readonly seconds?: number | undefined;
  /** V of the initial state, if there is one. */
  readonly startValue?: number | undefined;
}

/** One state's answer. */
export interface StateValue {
  /** The state's index: where it lies on the grid. */
  readonly state: number;
  readonly name: string;
  readonly value: number;
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  /** The policy's actions: several where they tie, none in a terminal state. */
  readonly actions: readonly string[];
  readonly terminal?: boolean | undefined;
}

export interface ValueSection {
  /** Which solver answered. */
  readonly method?: string | undefined;
  /** All states of a grid; for other models the first ones are enough. */
  readonly states: readonly StateValue[];
  /** How many states the model has, where `states` holds only some. */
  readonly total?: number | undefined;
}

export interface ConvergenceLine {
  readonly name: string;
  /** x: sweeps, or backups where `unit` of the section says so. */
  readonly x: readonly number[];
  /** y: the gap or residual then; entries that are not positive and finite are left out of the line. */
  readonly y: readonly number[];
}

export interface ConvergenceSection {
  readonly lines: readonly ConvergenceLine[];
  /** What x counts. Default "sweeps". */
  readonly unit?: string | undefined;
  /** What y is. Default "gap between upper and lower bound". */
  readonly quantity?: string | undefined;
  /** The accuracy asked for, drawn as a dashed line: compare with y as it is (twice epsilon for a gap). */
  readonly target?: number | undefined;
}

/** A learner's runs over many seeds, at the same x for all. */
export interface LearningLine {
  readonly name: string;
  readonly x: readonly number[];
  readonly median: readonly number[];
  /** The range over seeds (or quantiles: say so in the section's `band`). */
  readonly low?: readonly number[] | undefined;
  readonly high?: readonly number[] | undefined;
}

export interface LearningSection {
  readonly lines: readonly LearningLine[];
  /** What x counts. Default "steps". */
  readonly unit?: string | undefined;
  /** What y is, such as "exact regret of the greedy policy". */
  readonly quantity: string;
  readonly scale?: "linear" | "log" | undefined;
  readonly seeds?: number | undefined;
  /** What low and high are. Default "range". */
  readonly band?: string | undefined;
  /** A level to compare with, such as the optimum. */
  readonly reference?: { readonly name: string; readonly value: number } | undefined;
  /** A sentence under the chart. */
  readonly note?: string | undefined;
}

/** Where a prior's numbers come from. */
export interface PriorSource {
  readonly name: string;
  /** `recording`: answers a model gave at another time, played back. It is called a recording wherever it shows. */
  readonly kind: "recording" | "server" | "synthetic" | "rule";
  readonly model?: string | undefined;
  /** When the answers were made, as a date. */
  readonly date?: string | undefined;
  /** An example of the prompt, as sent. */
  readonly prompt?: string | undefined;
  /** What was done to its scores, a phrase a step: see `processingLines`. */
  readonly processing?: readonly string[] | undefined;
}

/** One prior beside the optimum. Numbers in nats and in rewards, over several seeds a range; left out where not measured. */
export interface PriorComparison {
  readonly name: string;
  readonly agreement?: number | Range | undefined;
  readonly massOnOptimal?: number | Range | undefined;
  readonly mutualInformation?: number | Range | undefined;
  readonly logLoss?: number | Range | undefined;
  /** The expected calibration error, a share of 1. */
  readonly calibrationError?: number | undefined;
  readonly regretMean?: number | Range | undefined;
  readonly regretMax?: number | Range | undefined;
  /** Episodes to reach the optimum, over seeds. */
  readonly episodes?: Range | undefined;
  /** Episodes saved against learning without a prior; negative where it cost some. */
  readonly saved?: Range | undefined;
}

export interface Range {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What a prior says in one state. */
export interface PriorState {
  readonly state: number;
  readonly name: string;
  readonly actions: readonly { readonly action: string; readonly probability: number; readonly optimal: boolean }[];
  /** V* - V^prior of the state. */
  readonly regret?: number | undefined;
}

/** How often a prior's favourite is optimal, by how sure it is of it. */
export interface CalibrationLine {
  readonly name: string;
  /** Ascending; `confidence` is the mean probability of the favourite, `accuracy` the share of states where it is optimal. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly count: number; readonly confidence: number; readonly accuracy: number }[];
  readonly error: number;
}

/** A prior's regret by state, the worst first, with its bounds: three lists of one length. */
export interface RegretLine {
  readonly name: string;
  readonly regret: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** A state where a prior's favourite action is not optimal. */
export interface WorstStateRow {
  readonly prior: string;
  /** The state's name. */
  readonly state: string;
  readonly favourite: string;
  readonly probability: number;
  readonly optimal: readonly string[];
  /** What the favourite action alone loses, and what following the prior from here does, with bounds. */
  readonly ownLoss: number;
  readonly regret: number;
  readonly lower: number;
  readonly upper: number;
}

export interface PriorSection {
  readonly source?: PriorSource | undefined;
  readonly comparisons: readonly PriorComparison[];
  readonly calibration?: readonly CalibrationLine[] | undefined;
  readonly regret?: readonly RegretLine[] | undefined;
  readonly worst?: readonly WorstStateRow[] | undefined;
  /** The source's answers, state by state. */
  readonly states?: readonly PriorState[] | undefined;
  /** How many states were asked, where `states` holds only some. */
  readonly total?: number | undefined;
  readonly seeds?: number | undefined;
  readonly note?: string | undefined;
}

/** One step of an agent's run; a trace's steps fit. */
export interface AgentStep {
  readonly step: number;
  /** State index before and after. */
  readonly state: number;
  readonly next: number;
  readonly observation?: string | undefined;
  /** The planner's text as it came. */
  readonly answer?: string | undefined;
  /** What the planner thought of the actions, where it scored them instead of answering text. */
  readonly shares?: readonly { readonly action: string; readonly probability: number }[] | undefined;
  readonly action: string;
  readonly reward: number;
  readonly feedback?: string | undefined;
  /** Why the step is not what the planner asked for: "shield", "unparsable", ... */
  readonly replaced?: string | undefined;
  /** Where the step is part of a plan of several: all its actions, and which of them this is, from 0. */
  readonly plan?: { readonly actions: readonly string[]; readonly at: number } | undefined;
  /** Why an earlier plan was given up here. */
  readonly replanned?: string | undefined;
  /** What happened although the model says it cannot. */
  readonly surprise?: string | undefined;
  /** Why this action, by the exact solution: what `explainStep` answers fits. */
  readonly explanation?: StepReason | undefined;
}

/** A number, or an infinity as text. */
export type PlainNumber = number | "Infinity" | "-Infinity";

/** A number between certified bounds. */
export interface PlainBounds {
  readonly value: PlainNumber;
  readonly lower: PlainNumber;
  readonly upper: PlainNumber;
}

/** Why an action was taken. */
export interface StepReason {
  readonly taken: string;
  readonly sentence: string;
  readonly actions: readonly {
    readonly action: string;
    /** The planner's share of it. */
    readonly prior?: number | undefined;
    /** Optimal Q. */
    readonly q: PlainBounds;
    /** What it costs against the best. */
    readonly regret: PlainBounds;
    /** Why the shield refuses it. */
    readonly refused?: string | undefined;
  }[];
}

/** One agent of a comparison: what it earns from the start, what that is short of the optimum, and how often it comes to harm. All bounds certified. */
export interface MeasuredAgent {
  readonly name: string;
  readonly value: PlainBounds;
  /** Left out for the optimum itself. */
  readonly regret?: PlainBounds | undefined;
  readonly harm?: PlainBounds | undefined;
}

/** What a shield promises, and what agents do with and without it. */
export interface SafetySection {
  /** The promise in words, with its condition. */
  readonly promise: string;
  /** The probability of harm that no run may exceed. */
  readonly limit: number;
  /** The least probability of harm from the start that any agent can keep to. */
  readonly least: PlainBounds;
  /** The most harm over every agent behind the shield. */
  readonly worst: PlainBounds;
  readonly agents: readonly MeasuredAgent[];
  readonly note?: string | undefined;
}

export interface AgentSection {
  readonly planner: string;
  readonly status: string;
  readonly steps: readonly AgentStep[];
  readonly totalReward?: number | undefined;
  readonly modelCalls?: number | undefined;
  /** What failed, where something outside ended the run. */
  readonly failure?: string | undefined;
  readonly source?: PriorSource | undefined;
}

/** Where the report comes from. */
export interface Provenance {
  /** mdpkit's version. */
  readonly version: string;
  /** When the report was made. */
  readonly date: string;
  /** Such as "Node 20.19.0". */
  readonly runtime?: string | undefined;
  readonly command?: string | undefined;
  readonly seed?: string | number | undefined;
  readonly recordings?: readonly PriorSource[] | undefined;
}
