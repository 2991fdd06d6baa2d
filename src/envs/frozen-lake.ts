// FrozenLake of Gymnasium (v1): slippery ice with holes, its table entry by entry.
import { OptionError } from "../errors.ts";
import { buildMdp, type Label, startAt } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { describeCell } from "./describe-grid.ts";
import { type Cell, layoutFromRows } from "./grid-layout.ts";
import { DOWN, LEFT, moved, RIGHT, UP } from "./grid-moves.ts";
import { renderGridText } from "./render-text.ts";

/** Gymnasium's two maps, and after how many steps it truncates episodes on them. */
const MAPS: ReadonlyMap<string, { readonly rows: string; readonly maxSteps: number }> = new Map([
  ["4x4", { rows: "SFFF/FHFH/FFFH/HFFG", maxSteps: 100 }],
  ["8x8", { rows: "SFFFFFFF/FFFFFFFF/FFFHFFFF/FFFFFHFF/FFFHFFFF/FHHFFFHF/FHFFHFHF/FFFHFFFG", maxSteps: 200 }],
]);

const MARKS: Readonly<Record<string, Cell>> = { S: "start", F: "open", H: "hole", G: "goal" };

/** Gymnasium's action numbers; a slip goes to the move before or after. */
const MOVES = [LEFT, DOWN, RIGHT, UP] as const;

/** Gymnasium's default success_rate, and (1 - success_rate) / 2: in float64 not the same number. */
const SUCCESS = 1 / 3;
const SLIP = (1 - SUCCESS) / 2;

export interface FrozenLakeOptions {
  /** `4x4` (default), `8x8`, or rows of S, F, H, G separated by `/`. */
  readonly map?: string | undefined;
  /** Whether moves slip: each of the wished direction and its two sides a third. Default true. */
  readonly slippery?: boolean | undefined;
}

/**
 * Cross the ice to the goal without falling into a hole: reward 1 at the goal, else 0, discount 0.99.
 *
 * @remarks States, actions (left, down, right, up) and table are Gymnasium's: branches into a hole or the goal are terminated, and
 *   those states have four choices of their own, each staying, paying 0 and terminated.
 * @throws OptionError
 * @example
 * frozenLake({ map: "8x8" }).mdp.stateCount; // 64
 */
export function frozenLake(options: FrozenLakeOptions = {}): BuiltIn {
  const map = options.map ?? "4x4";
  const slippery = options.slippery ?? true;
  const known = MAPS.get(map);
  const layout = layoutFromRows("frozen-lake", (known?.rows ?? map).split("/"), MARKS);
  const { cells } = layout;
  const starts = layout.statesOf("start").length;
  if (starts !== 1) throw new OptionError("the number of S in frozen-lake", starts, "1", "maps are 4x4, 8x8 or rows such as SFFF/FHFH/FFFH/HFFG.");
  const ends = (s: number): boolean => cells[s] === "hole" || cells[s] === "goal";
  const actions = MOVES.map((move) => move.name);
  const mdp = buildMdp<Label, Label>({ states: cells.length, actions, discount: 0.99, initial: startAt(cells.indexOf("start")) }, (s, model) => {
    for (let a = 0; a < 4; a++) {
      model.choice(a);
      if (ends(s)) {
        model.branch(s, 1, 0, true);
        continue;
      }
      for (const turn of slippery ? [3, 0, 1] : [0]) {
        const next = moved(layout, s, MOVES[(a + turn) % 4] ?? LEFT);
        model.branch(next, slippery ? (turn === 0 ? SUCCESS : SLIP) : 1, cells[next] === "goal" ? 1 : 0, ends(next));
      }
    }
  });
  return {
    name: "frozen-lake",
    spec: `frozen-lake:${map},slippery=${slippery}`,
    task: `You walk over a frozen lake, one cell left, down, right or up a move; a move off the edge stays.${slippery ? " The ice is slippery: two times in three the move goes to one of the sides of the direction you chose." : ""} Reach the goal without falling into a hole.`,
    mdp,
    grid: layout,
    maxSteps: known?.maxSteps,
    describe: (state) => describeCell(layout, state, MOVES),
    render: (state) => renderGridText(layout, { agent: state }),
  };
}

export const frozenLakeEntry: BuiltInEntry = {
  name: "frozen-lake",
  usage: "frozen-lake[:4x4|8x8|ROWS][,slippery=BOOL]",
  help: "FrozenLake-v1 of Gymnasium, rows of S, F, H, G separated by / for a map of your own; default 4x4,slippery=true, discount 0.99.",
  read: (args) => {
    const options = { map: args.first(), slippery: args.boolean("slippery") };
    return () => frozenLake(options);
  },
};
