// The section of an agent's run: its path where the states are a grid, and what was asked and done at each step.
import { formatCount, formatNumber, formatPercent } from "./format.ts";
import { pathMap } from "./path-map.ts";
import type { AgentSection, AgentStep, GridPicture } from "./report-data.ts";
import { responsive } from "./responsive.ts";
import { section, sourceLine } from "./section.ts";
import { sourceText } from "./source-text.ts";
import { renderReason } from "./step-reason.ts";
import { element, fragment, type Markup } from "./svg.ts";
import { details, facts } from "./table.ts";

const MOST_CELLS = 2500;
const MOST_STEPS = 60;
/** Runs of at most this many steps are listed openly. */
const FEW_STEPS = 12;

/** Renders the section. */
export function renderAgent(data: AgentSection, grid: GridPicture | undefined): Markup {
  const { steps, source } = data;
  const reward = data.totalReward ?? steps.reduce((sum, step) => sum + step.reward, 0);
  const replaced = steps.filter((step) => step.replaced !== undefined).length;
  const pairs: [string, string][] = [
    ["planner", data.planner],
    ["ended", data.status],
    ["steps", formatCount(steps.length)],
    ["reward", formatNumber(reward)],
  ];
  if (data.modelCalls !== undefined) pairs.push(["model calls", formatCount(data.modelCalls)]);
  if (data.failure !== undefined) pairs.push(["failed", data.failure]);
  if (replaced > 0) pairs.push(["actions replaced", formatCount(replaced)]);
  const list = element("ol", { class: "steps" }, ...steps.slice(0, MOST_STEPS).map(listItem));
  const which = steps.length > MOST_STEPS ? `The first ${MOST_STEPS} of ${formatCount(steps.length)} steps` : `All ${formatCount(steps.length)} steps`;
  return section(
    "agent",
    "The agent's run",
    ["Perceive, prompt, plan, parse, execute, feed back: one episode of the loop. The planner's text can only ever pick one of the listed actions."],
    grid !== undefined && grid.rows * grid.columns <= MOST_CELLS ? responsive("agent", (canvas) => pathMap(canvas, grid, steps)) : undefined,
    facts(pairs),
    source === undefined ? undefined : sourceLine(`Answers: ${sourceText(source)}.`),
    steps.length <= FEW_STEPS ? fragment(element("h3", {}, "Step by step"), list) : details(which, list),
  );
}

function listItem(step: AgentStep): Markup {
  const answer =
    step.answer === undefined
      ? undefined
      : fragment(element("span", { class: "dim" }, "answered "), element("span", { class: "said" }, shorten(step.answer)), " ");
  return element(
    "li",
    {},
    element("span", { class: "n" }, String(step.step + 1)),
    step.observation === undefined ? undefined : element("p", { class: "dim" }, step.observation),
    step.replanned === undefined ? undefined : element("p", { class: "warn" }, `△ planned anew: ${step.replanned}`),
    step.plan === undefined ? undefined : element("p", { class: "dim" }, `step ${step.plan.at + 1} of the plan ${step.plan.actions.join(", ")}`),
    element(
      "p",
      {},
      answer ?? plannedShares(step),
      "→ ",
      element("strong", {}, step.action),
      step.replaced === undefined ? undefined : element("span", { class: "warn" }, ` △ replaced: ${step.replaced}`),
      step.reward === 0 ? undefined : `, reward ${formatNumber(step.reward)}`,
    ),
    step.feedback === undefined ? undefined : element("p", { class: "dim" }, step.feedback),
    step.surprise === undefined ? undefined : element("p", { class: "warn" }, `△ surprise: ${step.surprise}`),
    step.explanation === undefined ? undefined : renderReason(step.explanation),
  );
}

/** The most probable actions of a plan by scores, the best first. */
function plannedShares({ shares }: AgentStep): Markup | undefined {
  if (shares === undefined) return undefined;
  const likely = shares.filter((share) => share.probability >= 0.005).toSorted((a, b) => b.probability - a.probability);
  const words = likely.slice(0, 4).map((share) => `${share.action} ${formatPercent(share.probability)}`);
  return element("span", { class: "dim" }, `planned ${words.join(", ")}${likely.length > 4 ? ", …" : ""} `);
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}
