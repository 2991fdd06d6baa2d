// Strict parsing: text from a model can only ever pick one of the listed actions, or nothing.

/** `{"action": "..."}` or `{"action": 3}` and nothing else: one key, once. */
const ACTION_OBJECT = /^\{\s*"action"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?))\s*\}$/;
/** One fence around the whole answer, as chat models put around JSON. */
const FENCE = /^```(?:json|text)?\s*\n([^`]*)\n\s*```$/;
/** Quotes, brackets and emphasis around a word; punctuation after it. */
const BEFORE = /^[\s"'`*_([{<“”‘’«]+/u;
const AFTER = /[\s"'`*_)\]}>“”‘’».,;:!?]+$/u;

/**
 * The index of the action that `text` names, or undefined where it names none, several, or is not just a name.
 *
 * Taken are, in this order: a label as it stands; a label but for upper and lower case; a label with quotes, brackets, emphasis or
 * closing punctuation around it; a JSON object `{"action": label}`. A label inside a sentence is not taken: most free answers of a
 * model name several actions, and text from outside must not choose by containing a word.
 *
 * @param actions Labels as text, in action order.
 * @example
 * parseAction(' "Left". ', ["left", "right"]);            // 0
 * parseAction('{"action": "right"}', ["left", "right"]);  // 1
 * parseAction("left or right", ["left", "right"]);        // undefined
 */
export function parseAction(text: string, actions: readonly string[]): number | undefined {
  const whole = text.trim();
  const body = FENCE.exec(whole)?.[1]?.trim() ?? whole;
  const json = ACTION_OBJECT.exec(body);
  if (json !== null && !actions.includes(body)) return matchLabel(json[2] ?? unescapeJson(json[1]), actions);
  return matchLabel(body, actions) ?? matchLabel(body.replace(BEFORE, "").replace(AFTER, ""), actions);
}

/** The one label equal to `word`, or the one label equal to it in lower case. */
function matchLabel(word: string | undefined, actions: readonly string[]): number | undefined {
  if (word === undefined || word === "") return undefined;
  return only(actions, (label) => label === word) ?? only(actions, (label) => label.toLowerCase() === word.toLowerCase());
}

function only(actions: readonly string[], holds: (label: string) => boolean): number | undefined {
  const first = actions.findIndex(holds);
  return first >= 0 && actions.findLastIndex(holds) === first ? first : undefined;
}

function unescapeJson(inside: string | undefined): string | undefined {
  try {
    return JSON.parse(`"${inside ?? ""}"`) as string;
  } catch {
    return undefined;
  }
}
