// A report with every section, from real solves of the seed maze, for the tests to look at.
import { maze } from "../../../src/envs/index.ts";
import { Policy, policySpace } from "../../../src/policies/policy.ts";
import {
  convergenceLine,
  gridPicture,
  methodSummary,
  modelFacts,
  type PriorSource,
  priorStates,
  type ReportData,
  valueSection,
} from "../../../src/report/index.ts";
import { solve, valueIteration } from "../../../src/solvers/index.ts";

export const RECORDING: PriorSource = {
  name: "llm",
  kind: "recording",
  model: "toy-model",
  date: "2025-01-31",
  prompt: "open: right",
  processing: ["calibration: batch", "mask: 3 blocked choices"],
};

export async function sampleReport(): Promise<ReportData> {
  const { mdp, grid } = maze();
  if (grid === undefined) throw new Error("the maze is a grid");
  const best = await solve(mdp);
  const slow = await valueIteration(mdp);
  const prior = Policy.uniform(policySpace(mdp));
  return {
    title: "Seed maze",
    summary: "Four by four.",
    model: modelFacts(mdp),
    grid: gridPicture(grid),
    methods: [methodSummary(best, "automatic"), methodSummary(slow)],
    value: valueSection(best),
    convergence: { lines: [convergenceLine(best, "automatic"), convergenceLine(slow)], target: 2e-6 },
    learning: {
      quantity: "regret",
      seeds: 20,
      lines: [
        { name: "no prior", x: [0, 100, 200], median: [1, 0.5, 0.1], low: [0.9, 0.3, 0], high: [1, 0.8, 0.4] },
        { name: "with the recording", x: [0, 100, 200], median: [1, 0.1, 0], low: [0.8, 0, 0], high: [1, 0.3, 0.1] },
      ],
      reference: { name: "optimum", value: 0 },
      note: "Twenty seeds.",
    },
    prior: {
      source: RECORDING,
      comparisons: [
        { name: "uniform", agreement: 0.25, massOnOptimal: 0.25, mutualInformation: 0, regretMean: 0.5, regretMax: 0.9 },
        { name: "llm", agreement: 0.75, massOnOptimal: 0.6, mutualInformation: 0.5, regretMean: 0.1, regretMax: 0.3, saved: { median: 12, low: -3, high: 30 } },
      ],
      states: priorStates(prior, best),
      seeds: 20,
      note: "Beside the optimum.",
    },
    agent: {
      planner: "llm",
      status: "terminated",
      steps: [
        { step: 0, state: 0, next: 1, observation: "open: right", answer: "Right.", action: "right", reward: 0, feedback: "You came to 1." },
        { step: 1, state: 1, next: 1, action: "up", reward: 0, replaced: "shield" },
      ],
      modelCalls: 2,
      source: RECORDING,
    },
    provenance: { version: "0.1.0", date: "2025-02-01", runtime: "Node 20", command: "mdpkit demo", seed: 7 },
  };
}

/** The same report with `hostile` in place of every text in it. */
export function withHostileTexts<T>(data: T, hostile: string): T {
  const replace = (value: unknown, key?: string): unknown => {
    // Closed sets of words: what they may be is checked by the type.
    if (key === "kind" || key === "objective" || key === "scale") return value;
    if (typeof value === "string") return hostile;
    if (Array.isArray(value)) return value.map((entry) => replace(entry));
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replace(v, k)]));
    return value;
  };
  return replace(data) as T;
}
