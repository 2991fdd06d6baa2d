// CliffWalking of Gymnasium (v1): Sutton & Barto, example 6.6, its table entry by entry.
import { buildMdp, type Label, startAt } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { describeCell } from "./describe-grid.ts";
import { layoutFromRows } from "./grid-layout.ts";
import { DOWN, LEFT, moved, RIGHT, UP } from "./grid-moves.ts";
import { renderGridText } from "./render-text.ts";

const ROWS = ["............", "............", "............", "SCCCCCCCCCCG"];

/** Gymnasium's action numbers: clockwise from up. */
const MOVES = [UP, RIGHT, DOWN, LEFT] as const;

/**
 * Walk from the bottom left to the bottom right corner along a cliff: -1 a step, -100 and back to the start for a step off it; discount 1.
 *
 * @remarks States, actions (up, right, down, left) and table are Gymnasium's: 48 states, also those of the cliff and the goal, with four
 *   choices each; the branches into the goal are terminated.
 * @param options.slippery moves go to each side a third of the time (Gymnasium's is_slippery). Default false.
 * @example
 * cliffWalking().mdp.stateCount; // 48
 */
export function cliffWalking(options: { readonly slippery?: boolean | undefined } = {}): BuiltIn {
  const slippery = options.slippery ?? false;
  const layout = layoutFromRows("cliff-walking", ROWS, { ".": "open", S: "start", C: "cliff", G: "goal" });
  const start = layout.cells.indexOf("start");
  const actions = MOVES.map((move) => move.name);
  const mdp = buildMdp<Label, Label>({ states: layout.cells.length, actions, discount: 1, initial: startAt(start) }, (s, model) => {
    for (let a = 0; a < 4; a++) {
      model.choice(a);
      for (const turn of slippery ? [3, 0, 1] : [0]) {
        const next = moved(layout, s, MOVES[(a + turn) % 4] ?? UP);
        const probability = slippery ? 1 / 3 : 1;
        if (layout.cells[next] === "cliff") model.branch(start, probability, -100);
        else model.branch(next, probability, -1, layout.cells[next] === "goal");
      }
    }
  });
  return {
    name: "cliff-walking",
    spec: `cliff-walking:slippery=${slippery}`,
    task: `You walk on a grid beside a cliff, one cell up, right, down or left a move; a move off the edge stays.${slippery ? " Two times in three the move goes to one of the sides of the direction you chose." : ""} Every step costs 1; a step into the cliff costs 100 and leads back to the start. Reach the goal at the least cost.`,
    mdp,
    grid: layout,
    describe: (state) => describeCell(layout, state, MOVES),
    render: (state) => renderGridText(layout, { agent: state }),
  };
}

export const cliffWalkingEntry: BuiltInEntry = {
  name: "cliff-walking",
  usage: "cliff-walking[:slippery=BOOL]",
  help: "CliffWalking-v1 of Gymnasium (Sutton & Barto, example 6.6); default slippery=false, discount 1.",
  read: (args) => {
    const options = { slippery: args.boolean("slippery") };
    return () => cliffWalking(options);
  },
};
