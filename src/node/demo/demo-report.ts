// Step 7 of the demo: everything of the six steps before as one HTML file.
import type { AgentResult } from "../../agent/index.ts";
import { type Prior, processingLines } from "../../llm-prior/index.ts";
import type { Label } from "../../mdp/index.ts";
import {
  agentSection,
  convergenceLine,
  gridPicture,
  methodSummary,
  modelFacts,
  type PriorSource,
  priorStates,
  type ReportData,
  renderReport,
  valueSection,
} from "../../report/index.ts";
import { byState, rangeOf } from "../report-numbers.ts";
import { today } from "../solution-report.ts";
import { packageVersion } from "../version.ts";
import type { Demo } from "./context.ts";
import { CURVE_EPISODES, type MeasuredPrior, SEEDS } from "./measure-priors.ts";
import { promptOfStart } from "./show-prior.ts";
import type { ThreeSolutions } from "./solve-three-ways.ts";

export interface DemoResults {
  readonly solutions: ThreeSolutions;
  readonly prior: Prior<Label, Label>;
  readonly measured: readonly MeasuredPrior[];
  readonly agent: AgentResult<Label, Label>;
}

export function demoReport(demo: Demo, { solutions, prior, measured, agent }: DemoResults): string {
  const { mdp, builtIn } = demo.model;
  const { byValue, byPolicy, best } = solutions;
  const source = sourceOf(demo, prior);
  const llm = measured.find(({ name }) => name === "language model")?.comparison;
  const data: ReportData = {
    title: "The seed maze",
    summary: builtIn?.task,
    model: modelFacts(mdp),
    grid: builtIn?.grid === undefined ? undefined : gridPicture(builtIn.grid),
    methods: [
      methodSummary(byValue, "value iteration"),
      methodSummary(byPolicy, "policy iteration"),
      methodSummary(best, `automatic: ${methodSummary(best).method}`),
    ],
    value: valueSection(best),
    convergence: { lines: [convergenceLine(byValue, "value iteration"), convergenceLine(byPolicy, "policy iteration")], target: 2 * best.epsilon },
    learning: {
      lines: measured.map(({ name, curve }) => ({
        name,
        x: curve.map(({ episode }) => episode),
        median: curve.map(({ length }) => length.median),
        low: curve.map(({ length }) => length.min),
        high: curve.map(({ length }) => length.max),
      })),
      unit: "episodes",
      quantity: "steps to the goal",
      scale: "log",
      seeds: SEEDS,
      band: "range over the seeds",
      note: `Q-learning over its first ${CURVE_EPISODES} episodes. ${measured.map(({ name, source: from }) => `${name}: ${from}`).join("; ")}.`,
    },
    prior: {
      source,
      comparisons: measured.map(({ name, comparison, learning, saved }, i) => ({
        name,
        agreement: comparison?.agreement,
        massOnOptimal: comparison?.massOnOptimal,
        mutualInformation: comparison?.mutualInformation,
        logLoss: comparison?.logLoss,
        regretMean: comparison?.regret.mean,
        regretMax: comparison?.regret.max,
        episodes: rangeOf(learning.episodes),
        saved: i === 0 ? undefined : rangeOf(saved.episodes),
      })),
      states: priorStates(prior.policy, best, { regret: llm === undefined ? undefined : byState(mdp.stateCount, llm.states, llm.regret.perState) }),
      seeds: SEEDS,
      note: measured.map(({ name, source: from }) => `${name}: ${from}`).join("; "),
    },
    agent: agentSection(agent, source),
    provenance: {
      version: packageVersion(),
      date: today(),
      runtime: `Node ${process.versions.node}`,
      command: `mdpkit demo --seed ${demo.seed}${demo.llm.url === undefined ? "" : " --llm URL"}`,
      seed: demo.seed,
      recordings: source.kind === "recording" ? [source] : undefined,
    },
  };
  return renderReport(data);
}

/** A recording is called one wherever it shows. */
function sourceOf(demo: Demo, prior: Prior<Label, Label>): PriorSource {
  return {
    name: "language model",
    kind: prior.recordedAt === undefined ? "server" : "recording",
    model: prior.model,
    date: prior.recordedAt === undefined ? today() : prior.recordedAt.slice(0, 10),
    prompt: promptOfStart(demo).text,
    processing: prior.processing === undefined ? undefined : processingLines(prior.processing),
  };
}
