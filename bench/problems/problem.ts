// What a problem of the suite is: a name, a family, and how to make its model.
import type { Label, Mdp } from "../../src/mdp/index.ts";

export interface Problem {
  readonly name: string;
  readonly family: string;
  /** One line for the tables: sizes and what is particular. */
  readonly about: string;
  /** Minutes to solve or gigabytes to hold: only with --large. */
  readonly large?: true;
  /** The model with its discount; the same numbers every time. */
  make(): Mdp<Label, Label>;
}
