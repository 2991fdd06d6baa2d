// Which answers a text can still become, or has become: how tokens are counted for actions. Never by containing a word.

/**
 * Indices of the answers that a text begins, or that it begins with followed by something that is no letter or digit; leading space, quotes and
 * case do not matter. Where one answer begins another (`move`, `move left`), a text that has come as far as the longer one is the longer one.
 *
 * @example
 * answersBegunBy(" Le", ["left", "right"]);      // [0]
 * answersBegunBy("move", ["move", "move left"]); // [0, 1]: more text is needed
 */
export function answersBegunBy(text: string, answers: readonly string[]): number[] {
  const word = bareText(text).toLowerCase();
  if (word === "") return [];
  const fits: number[] = [];
  let longest = 0;
  for (const [i, given] of answers.entries()) {
    const answer = given.toLowerCase();
    if (!answer.startsWith(word) && !isComplete(word, answer)) continue;
    fits.push(i);
    // A whole answer shadows the shorter ones that it begins with, but not those that are longer still.
    if (word.length > answer.length || word === answer) longest = Math.max(longest, answer.length);
  }
  return fits.filter((i) => (answers[i] ?? "").length >= longest);
}

/** The answer that a text is, with nothing but blanks, quotes and closing signs around it; undefined for none. */
export function answerThatIs(text: string, answers: readonly string[]): number | undefined {
  const word = bareText(text).toLowerCase();
  const at = answers.findIndex((answer) => answer.toLowerCase() === word);
  return at < 0 ? undefined : at;
}

/** A text without the blanks (also as byte-pair and sentence-piece vocabularies print them) and quotes before it, and blanks after it. */
export function bareText(text: string): string {
  return text.replace(/^[\s"'`*ĠĊ▁]+/u, "").trimEnd();
}

function isComplete(word: string, answer: string): boolean {
  return word.startsWith(answer) && !/[\p{L}\p{N}]/u.test(word.charAt(answer.length));
}
