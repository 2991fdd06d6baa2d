// Examples for prompts about mazes: solved cells of random mazes, two of each move. Written by scripts/record-prior.ts.
import type { PromptExample } from "./prompt.ts";

/** Eight balanced examples in the words of the grids' `describe`; none describes a cell of the seed maze. */
export const gridExamples: readonly PromptExample[] = [
  { features: "open: left, right; goal: right", action: "right" },
  { features: "open: left, right; goal: down, left", action: "left" },
  { features: "open: up, right; goal: up", action: "up" },
  { features: "open: down, left, right; goal: down, left", action: "down" },
  { features: "open: up, down, left; goal: right, down", action: "down" },
  { features: "open: up, left; goal: right, up", action: "up" },
  { features: "open: down, left, right; goal: up, right", action: "left" },
  { features: "open: up, left, right; goal: right, down", action: "right" },
];
