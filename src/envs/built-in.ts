// What a built-in problem is: a model with its published discount, a picture where it has one, and words for its states.
import type { Label, Mdp } from "../mdp/index.ts";
import type { GridLayout } from "./grid-layout.ts";
import type { SpecArgs } from "./spec-args.ts";

/** A problem that comes with mdpkit. */
export interface BuiltIn {
  readonly name: string;
  /** The specification that makes this very problem again, every argument spelled out. */
  readonly spec: string;
  /** What there is to do, in one or two sentences, as a prompt can say it. */
  readonly task: string;
  readonly mdp: Mdp<Label, Label>;
  /** Cells, where the states are the cells of a grid. */
  readonly grid?: GridLayout | undefined;
  /** The step limit its source gives its episodes, if any. */
  readonly maxSteps?: number | undefined;
  /** One line of features of a state index: where the goal is, which ways are open. */
  describe(state: number): string;
  /** A state index as text: the map of a grid, one line elsewhere. */
  render(state: number): string;
}

/** How a built-in is asked for on the command line. */
export interface BuiltInEntry {
  readonly name: string;
  /** Name and arguments: `frozen-lake[:4x4|8x8|ROWS][,slippery=BOOL]`. */
  readonly usage: string;
  /** One line: what it is, its source, its defaults. */
  readonly help: string;
  /** Takes its arguments; the model is made when the answer is called, after it is known that no argument is left over. */
  read(args: SpecArgs): () => BuiltIn;
}
