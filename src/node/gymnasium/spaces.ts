// Gymnasium's discrete spaces as labels: a number where there is one part, `(14,10,0)` where there are several.
import { OptionError, UnsupportedModelError } from "../../errors.ts";
import { type ChoiceIndex, type Label, LabelIndex } from "../../mdp/index.ts";
import type { Part } from "./protocol.ts";

/** Above this many labels or choices, tables over them are of no use. */
const MOST = 2 ** 24;

/**
 * The labels of a space, or the names given for them.
 *
 * @throws UnsupportedModelError for a space too large for a table; OptionError for names of another number.
 */
export function labelsOf(kind: "state" | "action", parts: readonly Part[], names?: readonly Label[]): LabelIndex<Label> {
  const size = parts.reduce((product, [n]) => product * n, 1);
  if (size > MOST) throw new UnsupportedModelError(`the environment has ${size} ${kind}s, expected at most ${MOST}: one number each.`);
  if (names !== undefined) {
    if (names.length !== size) throw new OptionError(`${kind}s`, names, `${size} names, one a ${kind}`);
    return LabelIndex.list<Label>(kind, names);
  }
  // A range's labels are numbers, which are labels.
  if (parts.length === 1 && parts[0]?.[1] === 0) return LabelIndex.range(kind, size) as LabelIndex<unknown> as LabelIndex<Label>;
  return LabelIndex.list<Label>(
    kind,
    Array.from({ length: size }, (_, i) => nameOf(i, parts)),
  );
}

function nameOf(index: number, parts: readonly Part[]): Label {
  const digits: number[] = [];
  let rest = index;
  for (const [size, start] of parts.toReversed()) {
    digits.unshift((rest % size) + start);
    rest = Math.floor(rest / size);
  }
  const [only] = digits;
  return digits.length === 1 && only !== undefined ? only : `(${digits.join(",")})`;
}

/** Every action in every state: what Gymnasium offers. @throws UnsupportedModelError */
export function everyChoice(states: number, actions: number): ChoiceIndex {
  if (states * actions > MOST)
    throw new UnsupportedModelError(`the environment has ${states} x ${actions} choices, expected at most ${MOST}: one number each.`);
  return {
    stateChoices: Int32Array.from({ length: states + 1 }, (_, s) => s * actions),
    choiceAction: Int32Array.from({ length: states * actions }, (_, c) => c % actions),
  };
}
