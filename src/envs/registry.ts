// The built-in problems by name: what the command line calls MODEL when it is no file.
import { OptionError } from "../errors.ts";
import { nearest } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { chainEntry } from "./chain.ts";
import { cliffWalkingEntry } from "./cliff-walking.ts";
import { forestEntry } from "./forest.ts";
import { frozenLakeEntry } from "./frozen-lake.ts";
import { gamblerEntry } from "./gambler.ts";
import { garnetEntry } from "./garnet.ts";
import { gridEntry } from "./grid.ts";
import { gridworldEntry } from "./gridworld.ts";
import { inventoryEntry } from "./inventory.ts";
import { jacksCarRentalEntry } from "./jacks-car-rental.ts";
import { mazeEntry } from "./maze.ts";
import { randomWalkEntry } from "./random-walk.ts";
import { recyclingRobotEntry } from "./recycling-robot.ts";
import { SpecArgs, splitSpec } from "./spec-args.ts";
import { taxiEntry } from "./taxi.ts";
import { windyGridworldEntry } from "./windy-gridworld.ts";

/** Every built-in, with how it is asked for and what it is. */
export const builtIns: readonly BuiltInEntry[] = [
  mazeEntry,
  gridEntry,
  gridworldEntry,
  windyGridworldEntry,
  cliffWalkingEntry,
  frozenLakeEntry,
  taxiEntry,
  recyclingRobotEntry,
  gamblerEntry,
  jacksCarRentalEntry,
  forestEntry,
  inventoryEntry,
  randomWalkEntry,
  chainEntry,
  garnetEntry,
];

/** Whether a specification begins with the name of a built-in; its arguments are not looked at. */
export function isBuiltIn(spec: string): boolean {
  const { name } = splitSpec(spec);
  return builtIns.some((entry) => entry.name === name);
}

/**
 * Makes a built-in from `name` or `name:first,key=value,...`.
 *
 * @throws OptionError for an unknown name or argument (naming the nearest) and for values out of range, before anything is allocated.
 * @example
 * makeBuiltIn("maze").mdp.stateCount;                                // 16
 * makeBuiltIn("grid:30x30,slip=0.2,walls=0.2,seed=1").grid?.columns; // 30
 */
export function makeBuiltIn(spec: string): BuiltIn {
  const { name, text } = splitSpec(spec);
  const entry = builtIns.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const names = builtIns.map((candidate) => candidate.name);
    const near = nearest(name, names);
    throw new OptionError("built-in", name, `one of ${names.join(", ")}`, near === undefined ? undefined : `did you mean ${near}?`);
  }
  const args = new SpecArgs(name, entry.usage, text);
  const make = entry.read(args);
  args.finish();
  return make();
}

/** The built-ins as lines of a help text: usage, then what it is. */
export function builtInHelp(): string {
  return builtIns.map((entry) => `${entry.usage}\n    ${entry.help}`).join("\n");
}
