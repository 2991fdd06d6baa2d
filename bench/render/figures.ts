// Figures and tables as the pages show them.
import type { Machine } from "../machine.ts";

export function seconds(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(value >= 0.001 ? 3 : 2);
}

export function mb(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? "" : value.toFixed(0);
}

export function small(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? "" : value.toExponential(1);
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** The machines of some measurements, with the first and last date. */
export function machineLine(machines: readonly Machine[]): string {
  const kinds = [...new Set(machines.map((m) => `${m.cpu}, ${m.cores} cores, ${m.memoryGib} GiB, Node ${m.node}`))];
  const dates = machines.map((m) => m.date).sort();
  const span = dates[0] === dates.at(-1) ? dates[0] : `${dates[0]} to ${dates.at(-1)}`;
  return `Measured on ${kinds.join("; ")}; ${span} UTC.`;
}
