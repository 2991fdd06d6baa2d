// Grids for the terminal: values beside the policy's arrows, where they fit.
import { type BuiltIn, renderPolicyText, renderValuesText } from "../envs/index.ts";
import type { Label } from "../mdp/index.ts";
import type { Policy } from "../policies/index.ts";

/** Values are shown up to this many columns, arrows up to this many; a terminal is 80 wide. */
const VALUE_COLUMNS = 10;
const ARROW_COLUMNS = 78;
const ROWS = 60;

/** Values and arrows of a grid side by side, or the arrows alone; undefined where it is no grid, or too large a one. */
export function gridView(builtIn: BuiltIn | undefined, values: Float64Array, policy: Policy<Label, Label>): string | undefined {
  const grid = builtIn?.grid;
  if (grid === undefined || grid.cells.length !== values.length || grid.rows > ROWS) return undefined;
  const arrows = renderPolicyText(grid, policy.toActions());
  if (grid.columns <= VALUE_COLUMNS) return sideBySide([renderValuesText(grid, values, { digits: digitsFor(values) }), arrows]);
  return grid.columns * 2 <= ARROW_COLUMNS ? arrows : undefined;
}

/** Fewer decimals for larger numbers. */
function digitsFor(values: Float64Array): number {
  const largest = values.reduce((most, v) => (Number.isFinite(v) && Math.abs(v) > most ? Math.abs(v) : most), 0);
  return largest >= 1000 ? 0 : largest >= 100 ? 1 : largest >= 10 ? 2 : 3;
}

/** Blocks of text next to each other. */
export function sideBySide(blocks: readonly string[], gap = "     "): string {
  const columns = blocks.map((block) => block.split("\n"));
  const widths = columns.map((lines) => Math.max(...lines.map((line) => [...line].length)));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    columns
      .map((lines, i) => {
        const line = lines[row] ?? "";
        return line + " ".repeat((widths[i] ?? 0) - [...line].length);
      })
      .join(gap)
      .trimEnd(),
  ).join("\n");
}

/** Each line led by spaces. */
export function indented(text: string, by = "  "): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? line : by + line))
    .join("\n");
}
