// Why an action was taken: the sentence, and behind it a table of every action with the planner's share, its optimal Q and what it costs.
import { boundsText, plainNumber } from "./bounds-text.ts";
import { formatPercent, sameDecimals } from "./format.ts";
import type { StepReason } from "./report-data.ts";
import { element, fragment, type Markup } from "./svg.ts";
import { details, table } from "./table.ts";

/**
 * Renders the reason under a step.
 *
 * @example
 * renderReason(explainStep(best, moment));
 */
export function renderReason({ sentence, taken, actions }: StepReason): Markup {
  const shares = actions.some(({ prior }) => prior !== undefined);
  const refusals = actions.filter(({ refused }) => refused !== undefined);
  const costs = sameDecimals(actions.map(({ regret }) => plainNumber(regret.value)));
  const columns = [
    { label: "action" },
    ...(shares ? [{ label: "planner", numeric: true }] : []),
    { label: "optimal Q", numeric: true },
    { label: "costs", numeric: true },
    ...(refusals.length > 0 ? [{ label: "shield" }] : []),
  ];
  const rows = actions.map(({ action, prior, q, regret, refused }) => [
    action === taken ? `${action} (taken)` : action,
    ...(shares ? [prior === undefined ? "" : formatPercent(prior)] : []),
    boundsText(q),
    costs(plainNumber(regret.value)),
    ...(refusals.length > 0 ? [refused === undefined ? "allowed" : element("span", { class: "warn" }, "△ refused")] : []),
  ]);
  return fragment(
    element("p", { class: "why" }, sentence),
    details(
      "Every action here",
      table("Q is the expected return of the action if all that follows is optimal; costs is what that lacks of the best action's", columns, rows, "compact"),
      ...refusals.map(({ action, refused }) => element("p", { class: "dim" }, `${action}: ${refused}.`)),
    ),
  );
}
