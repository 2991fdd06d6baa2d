// Describers: ways to put a state into one line of text. Which one a model can use is measured in docs/llm-prior.md; `describe` also takes any function.
import type { GridLayout } from "../envs/index.ts";
import { type Mdp, rowOf } from "../mdp/index.ts";

/** A state's line of text, from its index and label: what `elicitPrior` takes as `describe`. */
export type Describe<S> = (state: number, label: S) => string;

/** What a feature can be: a word or number, several of them, or nothing to tell. */
export type FeatureValue = string | number | boolean | readonly (string | number)[] | undefined;

/**
 * Features by name: `open: left, right; goal: down`. What small models read best. An empty list is `none`; undefined is left out.
 *
 * @example
 * const describe = describeFeatures((s: number) => ({ stock: s, room: 10 - s }));
 * describe(3, 3); // "stock: 3; room: 7"
 */
export function describeFeatures<S>(features: (state: number, label: S) => Readonly<Record<string, FeatureValue>>): Describe<S> {
  return (state, label) =>
    Object.entries(features(state, label))
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") || "none" : String(value)}`)
      .join("; ");
}

/**
 * What each action leads to, read from the model: `left: stays; right: s2 (0.8) or s0 (0.2), reward 1`. At most three successors an action.
 *
 * @example
 * describeNeighbours(robot)(0, "high"); // "state high; search: high (0.8) or low (0.2), reward 5; wait: stays, reward 1"
 */
export function describeNeighbours<S, A>(mdp: Mdp<S, A>): Describe<S> {
  const { storage, states, actions } = mdp;
  const number = (x: number) => String(Number(x.toPrecision(3)));
  return (state) => {
    const parts = [`state ${states.name(state)}`];
    for (let c = storage.stateChoices[state]!; c < storage.stateChoices[state + 1]!; c++) {
      const row = rowOf(storage, c);
      const next: { readonly target: number; readonly p: number }[] = [];
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) next.push({ target: storage.target[b]!, p: storage.probability[b]! });
      next.sort((x, y) => y.p - x.p);
      const [only] = next;
      const nameOf = (target: number) => (target < mdp.stateCount ? (target === state ? "stays" : states.name(target)) : "the end");
      const shown = next.slice(0, 3).map(({ target, p }) => `${nameOf(target)} (${number(p)})`);
      const words = only === undefined ? "nowhere" : next.length === 1 ? nameOf(only.target) : `${shown.join(" or ")}${next.length > 3 ? " or others" : ""}`;
      const reward = storage.reward[c]!;
      parts.push(`${actions.name(storage.choiceAction[c]!)}: ${words}${reward === 0 ? "" : `, reward ${number(reward)}`}`);
    }
    return parts.join("; ");
  };
}

/**
 * A cell's place and the goals': `row 1, column 2; goal: row 4, column 4`. Rows and columns count from 1.
 *
 * @example
 * describeCoordinates(maze.grid)(0); // "row 1, column 1; goal: row 4, column 4"
 */
export function describeCoordinates(layout: GridLayout): (state: number) => string {
  const place = (s: number) => `row ${layout.rowOf(s) + 1}, column ${layout.columnOf(s) + 1}`;
  const goals = layout.statesOf("goal").map(place).join(" or ");
  return (state) => `${place(state)}${goals === "" ? "" : `; goal: ${goals}`}`;
}

/** One sign a kind of cell. */
const SIGNS: Readonly<Record<string, string>> = { wall: "#", goal: "G", hole: "O", cliff: "O" };

/**
 * The whole grid with the cell marked `A`: `A.../##.#/..../#.#G`, row after row. The costliest way, and one that small models cannot read.
 *
 * @example
 * describeMap(maze.grid)(0); // "map: A.../##.#/..../#.#G"
 */
export function describeMap(layout: GridLayout): (state: number) => string {
  return (state) => {
    const rows: string[] = [];
    for (const [s, cell] of layout.cells.entries()) {
      if (layout.columnOf(s) === 0) rows.push("");
      rows[rows.length - 1] += s === state ? "A" : (SIGNS[cell] ?? ".");
    }
    return `map: ${rows.join("/")}`;
  };
}
