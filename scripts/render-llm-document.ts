// docs/llm-prior.md: text of its own between sections that hold measured figures; a section is written anew between its marks, the rest is left alone.
import type { MeasuredDescribers, MeasuredKnowledge, Row } from "./measure-llm-knowledge.ts";
import type { MeasuredProviders } from "./measure-llm-providers.ts";

type Dated<T> = T & { readonly when: string };

export interface Measured {
  providers?: Dated<MeasuredProviders>;
  knowledge?: Dated<MeasuredKnowledge>;
  describers?: Dated<MeasuredDescribers>;
}

/** The document with its measured sections written anew. @throws Error where it lacks a section's marks. */
export function render(document: string, { providers, knowledge, describers }: Measured): string {
  let text = document;
  if (providers !== undefined) text = replaced(text, "providers", providersSection(providers));
  if (knowledge !== undefined) text = replaced(text, "knowledge", knowledgeSection(knowledge));
  if (describers !== undefined) text = replaced(text, "describers", describersSection(describers));
  return text;
}

function replaced(document: string, name: string, section: string): string {
  const [begin, end] = [`<!-- measured: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/llm-prior.md has no section ${begin} ... ${end}`);
  return `${document.slice(0, from + begin.length)}\n${section.trim()}\n${document.slice(to)}`;
}

function providersSection({ when, model, pairs, sampled }: NonNullable<Measured["providers"]>): string {
  const rows = pairs.map(({ first, second, questions, median, max, seconds: [a, b] }) => [
    first,
    second,
    String(questions),
    median.toFixed(4),
    max.toFixed(4),
    `${a < 0.05 ? "as above" : a.toFixed(1)} / ${b.toFixed(1)}`,
  ]);
  const drawn = sampled.map(({ way, samples, named, divergence }) => [way, String(samples), `${(100 * named).toFixed(0)}%`, divergence.toFixed(3)]);
  return `
Measured by \`scripts/measure-llm.ts providers\` on ${when}. Model: ${model}, one file behind both providers; differences of ln p of each action, in nats.

${table(["provider", "beside", "questions", "median difference", "largest", "seconds a question"], rows)}

Answers drawn instead of scores read, against exact scores of the same questions:

${table(["drawn", "answers", "name an action", "KL from the exact scores, nats"], drawn)}
`;
}

function knowledgeSection({ when, model, mazes, sides, mazeRows, lakes, lakeRows }: NonNullable<Measured["knowledge"]>): string {
  return `
Measured by \`scripts/measure-llm.ts knowledge\` on ${when}, from recordings of ${model} (\`bench/recordings\`, exact scores). Means over models.

${mazes} random mazes of ${sides}, none of which examples or calibration came from:

${comparisonTable(mazeRows)}

FrozenLake, ${lakes} maps (4x4 and 8x8, slippery), with the examples of mazes:

${comparisonTable(lakeRows)}
`;
}

function describersSection({ when, model, mazes, states, rows }: NonNullable<Measured["describers"]>): string {
  return `
Measured by \`scripts/measure-llm.ts describers\` on ${when}. Model: ${model}, exact scores; ${mazes} random mazes of 4x4, ${states} states; 8 examples
from a solved maze of 5x5 unless said otherwise, batch calibration where there are 8 prompts, blocked moves masked.

${table(
  ["described by", "prompts", "seconds a prompt", "coverage", ...MEASURES],
  rows.map((row) => [row.name, String(row.prompts), row.secondsPerPrompt.toFixed(1), `${(100 * row.coverage).toFixed(0)}%`, ...measuresOf(row)]),
)}
`;
}

const MEASURES = ["agreement", "mass on optimal", "mutual information", "log loss", "regret at the start / V*"];

function measuresOf(row: Row): string[] {
  return [
    `${(100 * row.agreement).toFixed(0)}%`,
    row.massOnOptimal.toFixed(3),
    row.mutualInformation.toFixed(3),
    row.logLoss.toFixed(3),
    row.regret.toFixed(3),
  ];
}

function comparisonTable(rows: readonly Row[]): string {
  return table(
    ["prior", ...MEASURES],
    rows.map((row) => [row.name, ...measuresOf(row)]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
