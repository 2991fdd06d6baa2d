// Terminal states given by index, checked.
import { InvalidModelError } from "../errors.ts";

/**
 * One flag a state, 1 where terminal.
 *
 * @throws InvalidModelError naming every index that is no state.
 */
export function terminalFlags(states: number, terminal: Iterable<number> | undefined): Uint8Array {
  const flags = new Uint8Array(states);
  const unknown: number[] = [];
  for (const s of terminal ?? []) {
    if (Number.isInteger(s) && s >= 0 && s < states) flags[s] = 1;
    else unknown.push(s);
  }
  if (unknown.length > 0) {
    throw new InvalidModelError(unknown.map((s) => ({ where: "terminal", got: `has the state ${s}`, expected: `an integer from 0 to ${states - 1}` })));
  }
  return flags;
}
