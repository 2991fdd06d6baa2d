// The report of `mdpkit compare --report`: priors beside the optimum and the baselines, as one HTML file.
import { optimalChoices, type PriorReview } from "../../llm-prior/index.ts";
import {
  gridPicture,
  methodSummary,
  modelFacts,
  type PriorComparison,
  type PriorSection,
  priorStates,
  type RegretLine,
  renderReport,
  valueSection,
  type WorstStateRow,
} from "../../report/index.ts";
import { byState, rangeOf } from "../report-numbers.ts";
import { today } from "../solution-report.ts";
import { packageVersion } from "../version.ts";
import type { ComparisonResult } from "./comparison-result.ts";

export function compareReport(result: ComparisonResult): string {
  const { model, exact, given } = result;
  const grid = model.builtIn?.grid;
  return renderReport({
    title: `${given.map(({ name }) => name).join(", ")} on ${model.name}`,
    summary: model.builtIn?.task,
    model: { ...modelFacts(exact.mdp, exact.discount), objective: exact.objective },
    grid: grid === undefined ? undefined : gridPicture(grid),
    methods: [methodSummary(exact)],
    prior: priorSection(result),
    value: valueSection(exact),
    provenance: {
      version: packageVersion(),
      date: today(),
      runtime: `Node ${process.versions.node}`,
      command: `mdpkit compare ${model.name}`,
      recordings: given.map(({ source }) => source).filter(({ kind }) => kind === "recording"),
    },
  });
}

function priorSection(result: ComparisonResult): PriorSection {
  const { exact, given, baselines, reviews } = result;
  const mine = reviews.slice(0, given.length);
  const [first] = given;
  const own = mine[0]?.comparisons[0];
  const draws = Math.max(...baselines.map(({ policies }) => policies.length));
  return {
    source: first?.source,
    comparisons: reviews.map(comparisonOf),
    calibration: mine.map(({ name, calibration }) => ({ name, bins: calibration.bins, error: calibration.error })),
    regret: [...mine, ...reviews.filter(({ name }) => name === "uniform" || name === "heuristic")].flatMap(regretLine),
    worst: mine.flatMap((review) => worstRows(result, review)),
    states:
      first === undefined ? undefined : priorStates(first.policy, exact, { regret: own && byState(exact.mdp.stateCount, own.states, own.regret.perState) }),
    total: exact.mdp.stateCount,
    note: [...baselines.map(({ name, source }) => `${name}: ${source}`), `ranges: over the ${draws} draws`].join("; "),
  };
}

function comparisonOf(review: PriorReview): PriorComparison {
  return {
    name: review.name,
    agreement: rangeOf(review.agreement),
    massOnOptimal: rangeOf(review.massOnOptimal),
    mutualInformation: rangeOf(review.mutualInformation),
    logLoss: rangeOf(review.logLoss),
    calibrationError: review.calibration.error,
    regretMean: rangeOf(review.regretMean),
    regretMax: rangeOf(review.regretMax),
  };
}

/** The first policy's regrets, the worst state first. */
function regretLine({ name, comparisons: [comparison] }: PriorReview): RegretLine[] {
  if (comparison === undefined) return [];
  const { perState, lower, upper } = comparison.regret;
  const order = Array.from(perState.keys()).toSorted((a, b) => perState[b]! - perState[a]!);
  const sorted = (numbers: Float64Array) => order.map((k) => numbers[k]!);
  return [{ name, regret: sorted(perState), lower: sorted(lower), upper: sorted(upper) }];
}

function worstRows({ exact, model: { mdp } }: ComparisonResult, { name, worst }: PriorReview): WorstStateRow[] {
  const optimal = optimalChoices(exact);
  const action = (c: number) => mdp.actions.name(mdp.storage.choiceAction[c]!);
  return worst.map(({ state, favourite, probability, ownLoss, regret, lower, upper }) => {
    const from = mdp.storage.stateChoices[state]!;
    const choices = Array.from({ length: mdp.storage.stateChoices[state + 1]! - from }, (_, i) => from + i);
    return {
      prior: name,
      state: mdp.states.name(state),
      favourite: action(favourite),
      probability,
      optimal: choices.filter((c) => optimal[c] === 1).map(action),
      ownLoss,
      regret,
      lower,
      upper,
    };
  });
}
