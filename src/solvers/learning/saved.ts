// Reading saved agent data back: every number checked, so that a state of another model or method is refused at once.
import { FormatError, ShapeError } from "../../errors.ts";
import type { AgentState } from "./agent.ts";

/** A table as plain numbers; -0 becomes 0, as it does in JSON. */
export function saveTable(table: ArrayLike<number>): number[] {
  return Array.from(table, (x) => (x === 0 ? 0 : x));
}

/** Fills `into` with a saved table. @throws FormatError, ShapeError */
export function loadTable(saved: AgentState, name: string, into: Float64Array): void {
  const numbers = loadList(saved, name);
  if (numbers.length !== into.length)
    throw new ShapeError(`resume.agent.${name} has ${numbers.length} entries, expected ${into.length}.`, {
      hint: "resume with the environment the state was learned in.",
    });
  into.set(numbers);
}

/** A saved list of numbers. @throws FormatError */
export function loadList(saved: AgentState, name: string): readonly number[] {
  const numbers = saved[name];
  if (!Array.isArray(numbers) || !numbers.every((x) => typeof x === "number")) {
    throw new FormatError(`resume.agent.${name} is missing or not a list of numbers, expected what this method saved.`, {
      hint: "resume with the method that made the state.",
    });
  }
  return numbers;
}

/** A saved number. @throws FormatError */
export function loadNumber(saved: AgentState, name: string): number {
  const number = saved[name];
  if (typeof number !== "number")
    throw new FormatError(`resume.agent.${name} is missing or not a number, expected what this method saved.`, {
      hint: "resume with the method that made the state.",
    });
  return number;
}
