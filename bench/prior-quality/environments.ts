// What priors are measured on: random mazes with walls and slipping moves, some to tune on and others to report, and FrozenLake.
import { type BuiltIn, frozenLake, grid, maze } from "../../src/envs/index.ts";
import { optimalChoices } from "../../src/llm-prior/index.ts";
import type { Label } from "../../src/mdp/index.ts";
import { assertConverged, rewardRange, type Solution, solve } from "../../src/solvers/index.ts";

/** One environment, solved. */
export interface Problem {
  readonly name: string;
  readonly family: "maze" | "frozen-lake";
  readonly builtIn: BuiltIn;
  /** Episodes are cut off after so many steps. */
  readonly maxSteps: number;
  readonly exact: Solution<Label, Label>;
  /** C flags: which choices are optimal. */
  readonly optimal: Uint8Array;
  /** The start state's index and its V*. */
  readonly start: number;
  readonly best: number;
  /** V0: what the rewards alone say an episode can be worth. */
  readonly ceiling: number;
}

const SMALLEST = 6;
const SIZES = 5;
const WALLS = 0.25;
const SLIPS = [0.1, 0.2] as const;
/** Steps an episode may take, for each cell of a maze. */
const STEPS_PER_CELL = 4;

/** So many mazes are reported, from seed 1 on, and so many are tuned on, from seed 101 on. */
export const REPORTED = 30;
export const TUNED = 10;
const FIRST_TUNED = 101;

/** The mazes that results are reported on. */
export function reportedMazes(count: number = REPORTED): Promise<Problem[]> {
  return Promise.all(Array.from({ length: count }, (_, k) => slipperyMaze(1 + k)));
}

/** The mazes that schedules and weights are tuned on: none of them is reported. */
export function tuningMazes(count: number = TUNED): Promise<Problem[]> {
  return Promise.all(Array.from({ length: count }, (_, k) => slipperyMaze(FIRST_TUNED + k)));
}

/** Gymnasium's 4x4 map with its slippery ice. */
export function lake(): Promise<Problem> {
  const builtIn = frozenLake();
  return solved("frozen-lake", builtIn, builtIn.maxSteps ?? 100);
}

/** 6x6 to 10x10 cells, a quarter of them walls, moves that slip to the sides one time in ten or five; reward 1 at the goal, discount 0.99. */
function slipperyMaze(seed: number): Promise<Problem> {
  const size = SMALLEST + (seed % SIZES);
  const layout = grid({ rows: size, columns: size, walls: WALLS, seed }).grid;
  if (layout === undefined) throw new Error("a grid has a layout");
  const marks = layout.cells.map((cell) => (cell === "wall" ? "1" : cell === "start" ? "S" : cell === "goal" ? "G" : "0"));
  const rows = Array.from({ length: size }, (_, r) => marks.slice(r * size, (r + 1) * size).join("")).join("/");
  return solved("maze", maze(rows, { slip: SLIPS[seed % SLIPS.length] }), STEPS_PER_CELL * size * size);
}

async function solved(family: Problem["family"], builtIn: BuiltIn, maxSteps: number): Promise<Problem> {
  const { mdp } = builtIn;
  const exact = await solve(mdp, { epsilon: 1e-9 });
  assertConverged(exact);
  const start = mdp.initial?.state[0] ?? 0;
  return {
    name: builtIn.spec,
    family,
    builtIn,
    maxSteps,
    exact,
    optimal: optimalChoices(exact),
    start,
    best: exact.value.array[start] ?? Number.NaN,
    ceiling: rewardRange(mdp, exact.discount, exact.objective).ceiling,
  };
}
