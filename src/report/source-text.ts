// Where a prior's answers come from, in words: a recording is called a recording wherever it shows.
import type { PriorSource } from "./report-data.ts";

/**
 * One phrase for a source.
 *
 * @example
 * sourceText({ name: "llm", kind: "recording", model: "SmolLM2", date: "2025-01-31" }); // "recording of SmolLM2 made 2025-01-31"
 */
export function sourceText(source: PriorSource): string {
  const model = source.model ?? source.name;
  switch (source.kind) {
    case "recording":
      return `recording of ${model} made ${source.date ?? "on an unknown date"}`;
    case "server":
      return `${model}, asked live${source.date === undefined ? "" : ` on ${source.date}`}`;
    case "synthetic":
      return `synthetic: ${model}`;
    case "rule":
      return `rule: ${model}`;
  }
}
