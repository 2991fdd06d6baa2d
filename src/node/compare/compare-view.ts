// What `mdpkit compare` prints for people: a column a prior, a line a measure, and the states where each errs most.
import type { PriorReview } from "../../llm-prior/index.ts";
import type { Spread } from "../../solvers/index.ts";
import { plural, short, textTable } from "../format-number.ts";
import { gridView, indented } from "../grid-view.ts";
import type { Style } from "../style.ts";
import type { ComparisonResult } from "./comparison-result.ts";

export function compareView(result: ComparisonResult, style: Style): string {
  const { model, exact, given, baselines, reviews } = result;
  const states = reviews[0]?.comparisons[0]?.states.length ?? 0;
  const grid = gridView(model.builtIn, exact.value.array, exact.policy);
  const names = given.map(({ name, origin }) => (name === origin ? name : `${name}: ${origin}`));
  return [
    `${style.bold(model.name)}: ${names.join("; ")}`,
    `  ${plural(states, "state")} compared, not terminal and reachable from the initial one; medians, and ranges over draws`,
    "",
    measureTable(reviews),
    "",
    ...reviews.slice(0, given.length).flatMap((review) => worstLines(result, review)),
    ...baselines.map(({ name, source }) => style.dim(`  ${name}: ${source}`)),
    ...(grid === undefined ? [] : ["", "optimal value and policy", indented(grid)]),
    "",
  ].join("\n");
}

function measureTable(reviews: readonly PriorReview[]): string {
  const line = (label: string, measure: (review: PriorReview) => string) => [`  ${label}`, ...reviews.map(measure)];
  return textTable(
    [
      line("", ({ name }) => name),
      line("agreement", (r) => range(r.agreement, (x) => `${short(100 * x, 3)}%`)),
      line("probability on optimal actions", (r) => range(r.massOnOptimal)),
      line("mutual information, nats", (r) => range(r.mutualInformation)),
      line("log loss, nats", (r) => range(r.logLoss)),
      line("calibration error", (r) => `${(100 * r.calibration.error).toFixed(1)}%`),
      line("mean regret of following it", (r) => range(r.regretMean)),
      line("worst regret", (r) => range(r.regretMax)),
    ],
    [false, ...reviews.map(() => true)],
  );
}

function worstLines({ model: { mdp } }: ComparisonResult, { name, worst }: PriorReview): string[] {
  if (worst.length === 0) return [`  ${name} favours an optimal action in every state`, ""];
  return [
    `  where ${name} errs most`,
    textTable([
      ...worst.map((w) => [
        `    ${mdp.states.name(w.state)}`,
        `favours ${mdp.actions.name(mdp.storage.choiceAction[w.favourite]!)} (${short(100 * w.probability, 3)}%)`,
        `which loses ${short(w.ownLoss, 4)}`,
        `regret ${short(w.regret, 4)} in [${short(w.lower, 5)}, ${short(w.upper, 5)}]`,
      ]),
    ]),
    "",
  ];
}

/** "0.5 (0.4 to 0.6)", or the number alone where there is no range. */
function range({ median, min, max }: Spread, format: (x: number) => string = (x) => short(x, 3)): string {
  const [low, high] = [format(min), format(max)];
  return low === high ? format(median) : `${format(median)} (${low} to ${high})`;
}
