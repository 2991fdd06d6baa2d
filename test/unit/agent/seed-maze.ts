// The 4x4 maze that the agent's tests run in: start (0,0), goal (3,3), reward 1 on arrival, walls block.
import { type Env, toEnv } from "../../../src/envs/index.ts";
import { buildMdp, type Mdp, startAt } from "../../../src/mdp/index.ts";

const ROWS = ["0000", "1101", "0000", "1010"];
const MOVES = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] } as const;
export type Move = keyof typeof MOVES;
const NAMES = Object.keys(MOVES) as Move[];

/** A shortest way from the start to the goal. */
export const SHORTEST: readonly Move[] = ["right", "right", "down", "down", "right", "down"];

const isWall = (row: number, column: number): boolean => ROWS[row]?.charAt(column) !== "0";

export function seedMaze(discount = 0.9): Mdp<number, Move> {
  return buildMdp<number, Move>({ states: 16, actions: NAMES, discount, initial: startAt(0) }, (state, model) => {
    const [row, column] = [Math.floor(state / 4), state % 4];
    if (isWall(row, column) || state === 15) {
      model.terminal();
      return;
    }
    for (const [a, name] of NAMES.entries()) {
      const [r, c] = [row + MOVES[name][0], column + MOVES[name][1]];
      const next = isWall(r, c) ? state : r * 4 + c;
      model.choice(a, next === 15 ? 1 : 0);
      model.branch(next, 1);
    }
  });
}

export function mazeEnv(maxSteps?: number): Env<number, Move> {
  return toEnv(seedMaze(), { maxSteps });
}
