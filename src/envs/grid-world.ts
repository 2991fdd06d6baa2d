// What mazes and grids share: four moves, walls and goals terminal, blocked moves that stay, slipping to the sides.
import { buildMdp, type Label, type Mdp, startAt } from "../mdp/index.ts";
import type { GridLayout } from "./grid-layout.ts";
import { DOWN, FOUR_MOVES, LEFT, type Move, moved, RIGHT, UP } from "./grid-moves.ts";

export interface GridWorldOptions {
  readonly discount: number;
  /** The reward of a step, and of a step that enters a goal. */
  readonly stepReward: number;
  readonly goalReward: number;
  /** Probability that a move goes to one of its two sides instead, half of it to each. Default 0. */
  readonly slip?: number | undefined;
}

/** The model of a layout: S = rows x columns states, numbered row by row, actions up, down, left, right. Episodes start in the start cell, if there is one. */
export function gridWorldMdp(layout: GridLayout, options: GridWorldOptions): Mdp<Label, Label> {
  const { discount, stepReward, goalReward, slip = 0 } = options;
  const { cells } = layout;
  const start = cells.indexOf("start");
  const actions = FOUR_MOVES.map((move) => move.name);
  return buildMdp<Label, Label>({ states: cells.length, actions, discount, ...(start < 0 ? {} : { initial: startAt(start) }) }, (s, model) => {
    if (cells[s] === "wall" || cells[s] === "goal") {
      model.terminal();
      return;
    }
    for (const [a, move] of FOUR_MOVES.entries()) {
      model.choice(a);
      emit(move, 1 - slip);
      if (slip > 0) for (const side of sidesOf(move)) emit(side, slip / 2);
    }
    function emit(move: Move, probability: number): void {
      const next = moved(layout, s, move);
      model.branch(next, probability, cells[next] === "goal" ? goalReward : stepReward);
    }
  });
}

function sidesOf(move: Move): readonly Move[] {
  return move.down === 0 ? [UP, DOWN] : [LEFT, RIGHT];
}
