// What makes a small language model's answers about grids worth having: examples, calibration, mask.
import { gridExamples } from "./grid-examples.ts";
import type { PromptExample } from "./prompt.ts";

const SIDEWAYS = ["left", "right"];
const UPRIGHT = ["up", "down"];

/**
 * Cells with every way open, one for each direction a goal can lie in: by symmetry they favour no move as a whole, so what a model's
 * answers to them have in common is its leaning.
 */
export const gridCalibration: readonly string[] = [
  ...[...UPRIGHT, ...SIDEWAYS],
  ...UPRIGHT.flatMap((vertical) => SIDEWAYS.flatMap((horizontal) => [`${vertical}, ${horizontal}`, `${horizontal}, ${vertical}`])),
].map((goal) => `open: up, down, left, right; goal: ${goal}`);

/**
 * Options of `elicitPrior` for grids whose actions are up, down, left and right, described as the built-in grids describe themselves.
 *
 * @example
 * await elicitPrior(maze.mdp, { scorer, describe: maze.describe, task: maze.task, ...gridPrompts });
 */
export const gridPrompts: { readonly examples: readonly PromptExample[]; readonly calibrate: readonly string[]; readonly mask: "blocked" } = {
  examples: gridExamples,
  calibrate: gridCalibration,
  mask: "blocked",
};
