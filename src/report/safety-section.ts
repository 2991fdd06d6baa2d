// The section of safety: what the shield promises, the worst that any agent could do behind it, and what agents earn with and without it.
import { boundsText, plainNumber } from "./bounds-text.ts";
import { formatNumber } from "./format.ts";
import type { SafetySection } from "./report-data.ts";
import { note, section } from "./section.ts";
import type { Markup } from "./svg.ts";
import { element } from "./svg.ts";
import { facts, table } from "./table.ts";

/** Renders the section. */
export function renderSafety({ promise, limit, least, worst, agents, note: remark }: SafetySection): Markup {
  const over = (harm: number) => harm > limit;
  const [regrets, harms] = [agents.some(({ regret }) => regret !== undefined), agents.some(({ harm }) => harm !== undefined)];
  return section(
    "safety",
    "The shield and what it costs",
    [
      `The promise: ${promise}.`,
      "Regret is what an agent earns less than the optimum that knows no shield. Every number is exact for the model, computed, not sampled; ± says how far it is proven.",
    ],
    facts([
      ["limit", formatNumber(limit)],
      ["least possible harm", formatNumber(plainNumber(least.upper), 3)],
      ["worst agent behind the shield", element("span", { class: "ok" }, `✓ at most ${formatNumber(plainNumber(worst.upper), 6)}`)],
    ]),
    table(
      "Return and probability of harm from the start",
      [
        { label: "agent" },
        { label: "return", numeric: true },
        ...(regrets ? [{ label: "regret", numeric: true }] : []),
        ...(harms ? [{ label: "harm", numeric: true }] : []),
      ],
      agents.map(({ name, value, regret, harm }) => [
        name,
        boundsText(value),
        ...(regrets ? [regret === undefined ? "" : boundsText(regret)] : []),
        ...(harms
          ? [harm === undefined ? "" : over(plainNumber(harm.lower)) ? element("span", { class: "warn" }, "△ ", boundsText(harm)) : boundsText(harm)]
          : []),
      ]),
    ),
    note(remark),
  );
}
